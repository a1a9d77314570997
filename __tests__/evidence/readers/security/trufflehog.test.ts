import { describe, expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const found = (more: object = {}, source = 'Git'): string =>
  JSON.stringify({
    SourceMetadata: { Data: { [source]: { file: 'src/a.py', line: 3, email: 'canary@example.com', commit: 'c' } } },
    SourceName: 'trufflehog',
    DetectorName: 'AWS',
    Verified: false,
    Raw: 'canary',
    Redacted: 'canary',
    ExtraData: { account: 'canary' },
    ...more,
  })
const log = (more: object): string => JSON.stringify({ level: 'info-0', logger: 'trufflehog', msg: 'm', ...more })

describe('TruffleHog', () => {
  test('detector, place, verified; nothing of the secret', async () => {
    const evidence = await readFindings(`${found()}\n${found({ Verified: true }, 'Filesystem')}\n`)
    expect(evidence.findings).toMatchObject([
      { category: 'secrets', rule: 'AWS', severity: 'high', file: 'src/a.py', line: 3 },
      { severity: 'critical', message: 'a secret of the kind AWS, verified as valid' },
    ])
    expect(JSON.stringify(evidence)).not.toContain('canary')
  })

  test('its log may stand among the documents: errors are errors, totals are held against the list', async () => {
    const totals = log({ msg: 'finished scanning', verified_secrets: 1, unverified_secrets: 1 })
    const text = [log({}), found(), log({ level: 'error', msg: 'no access' }), totals].join('\n')
    expect(messages(await read(text))).toEqual(['says: no access', 'states 2 secrets and lists 1'])
    const none = log({ msg: 'finished scanning', verified_secrets: 0, unverified_secrets: 0 })
    expect((await readFindings(none)).findings).toEqual([])
  })

  test('nothing is none only where the tool ended well', async () => {
    expect((await readFindings('', { format: 'trufflehog', silentMeansNone: true })).findings).toEqual([])
    expect((await read('', { format: 'trufflehog' })).evidence).toBeNull()
    expect((await read(log({}), { format: 'trufflehog' })).evidence).toBeNull()
  })

  test('another document is an error', async () => {
    expect(messages(await read(`${found()}\n{"x":1}\n`))).toEqual(['holds a document that is none of TruffleHog'])
  })
})
