import { describe, expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const lines = (...documents: object[]): string => documents.map((one) => `${JSON.stringify(one)}\n`).join('')
const advisory = (path: string, more: object = {}): object => ({
  type: 'auditAdvisory',
  data: {
    resolution: { id: 1, path },
    advisory: {
      id: 1,
      module_name: 'minimist',
      severity: 'moderate',
      title: 'Prototype Pollution',
      vulnerable_versions: '<1.2.6',
      patched_versions: '>=1.2.6',
      url: 'https://github.com/advisories/GHSA-xvch-5gv4-984h',
      ...more,
    },
  },
})
const summary = (moderate: number): object => ({
  type: 'auditSummary',
  data: { vulnerabilities: { low: 0, moderate } },
})
const leaf = (more: object = {}): object => ({
  value: 'minimist',
  children: {
    ID: 1,
    Issue: 'Prototype Pollution',
    URL: 'https://github.com/advisories/GHSA-xvch-5gv4-984h',
    Severity: 'critical',
    'Vulnerable Versions': '<1.2.6',
    ...more,
  },
})

describe('Yarn 1', () => {
  test('an advisory counts once, however many paths lead to its package', async () => {
    const { findings } = await readFindings(lines(advisory('minimist'), advisory('mkdirp>minimist'), summary(2)))
    expect(findings).toMatchObject([
      {
        rule: 'GHSA-xvch-5gv4-984h',
        severity: 'medium',
        message: 'minimist: Prototype Pollution (<1.2.6) (fixed in >=1.2.6)',
        package: 'minimist',
      },
    ])
  })

  test('a summary of nothing is none', async () => {
    expect((await readFindings(lines({ type: 'info', data: 'x' }, summary(0)))).findings).toEqual([])
  })

  test.each([
    ['without a summary', lines(advisory('x')), 'has no `auditSummary`: the audit failed or is cut short'],
    ['a summary of what is not listed', lines(summary(2)), 'states vulnerabilities and lists none'],
    [
      'an error',
      lines({ type: 'error', data: 'Error: 503\n  at x' }, { type: 'info', data: 'Visit' }),
      'says: Error: 503',
    ],
  ])('%s is an error', async (_, text, message) => {
    expect(messages(await read(text))).toEqual([message])
  })
})

describe('Yarn 4', () => {
  test('a document an advisory', async () => {
    const { findings } = await readFindings(
      lines(leaf(), leaf({ ID: 'x (deprecation)', URL: undefined, Severity: 'moderate' })),
    )
    expect(findings).toMatchObject([
      { rule: 'GHSA-xvch-5gv4-984h', severity: 'critical', package: 'minimist' },
      { rule: 'x (deprecation)', severity: 'medium' },
    ])
  })

  test('nothing is none only where Yarn ended well or says so', async () => {
    expect((await readFindings('', { format: 'yarn-audit', silentMeansNone: true })).findings).toEqual([])
    expect((await read('', { format: 'yarn-audit' })).evidence).toBeNull()
    const none = { type: 'info', name: 1, displayName: 'YN0001', data: 'No audit suggestions' }
    expect((await readFindings(lines(none))).findings).toEqual([])
  })
})

test('the one document of Yarn 2 and 3 is read by this name too', async () => {
  const whole = {
    advisories: { '1': { module_name: 'x', severity: 'high' } },
    metadata: { vulnerabilities: { high: 1 } },
  }
  const evidence = await readFindings(lines(whole), { format: 'yarn-audit' })
  expect(evidence.findings).toMatchObject([{ severity: 'high', package: 'x' }])
})
