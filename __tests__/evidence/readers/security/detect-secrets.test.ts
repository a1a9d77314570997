import { expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const report = (results: object): string => JSON.stringify({ version: '1.5.0', plugins_used: [], results })
const secret = (more: object = {}): object => ({
  type: 'AWS Access Key',
  hashed_secret: 'canary',
  line_number: 3,
  ...more,
})

test('detect-secrets: what was audited as no secret is suppressed; verified is worse; no hash', async () => {
  const list = [secret(), secret({ is_secret: true }), secret({ is_secret: false }), secret({ is_verified: true })]
  const evidence = await readFindings(report({ 'src\\a.py': list }))
  expect(evidence.findings[0]).toMatchObject({
    category: 'secrets',
    rule: 'AWS Access Key',
    message: 'a secret of the kind AWS Access Key',
    file: 'src/a.py',
    line: 3,
  })
  expect([evidence.by_severity, evidence.suppressed]).toEqual([{ high: 2, critical: 1 }, 1])
  expect(JSON.stringify(evidence)).not.toContain('canary')
})

test('detect-secrets: no result is none, one that is no list is an error', async () => {
  expect(await readFindings(report({}))).toMatchObject({ categories: ['secrets'], findings: [] })
  expect(messages(await read(report({ 'a.py': 'x' })))).toEqual(['holds no list for a.py'])
})
