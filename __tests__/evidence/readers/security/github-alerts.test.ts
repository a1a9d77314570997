import { describe, expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const json = JSON.stringify
const scanning = (more: object = {}, rule: object = {}): object => ({
  number: 1,
  state: 'open',
  rule: {
    id: 'js/xss',
    severity: 'error',
    security_severity_level: 'medium',
    description: 'XSS',
    tags: ['security'],
    ...rule,
  },
  tool: { name: 'CodeQL' },
  most_recent_instance: { message: { text: 'here' }, location: { path: 'src/a.js', start_line: 3, end_line: 4 } },
  html_url: 'https://github.com/o/r/security/code-scanning/1',
  ...more,
})
const dependency = (more: object = {}): object => ({
  number: 2,
  state: 'open',
  dependency: { package: { ecosystem: 'npm', name: 'lodash' }, manifest_path: 'web/package-lock.json' },
  security_advisory: { ghsa_id: 'GHSA-1', severity: 'high', summary: 'Command Injection' },
  security_vulnerability: { severity: 'critical', vulnerable_version_range: '< 4.17.21' },
  ...more,
})
const secret = (more: object = {}): object => ({
  number: 3,
  state: 'open',
  secret_type: 'github_personal_access_token',
  secret_type_display_name: 'GitHub Personal Access Token',
  secret: 'canary',
  resolution_comment: 'canary',
  ...more,
})

describe("GitHub's alerts", () => {
  test('of code scanning', async () => {
    const list = [scanning(), scanning({}, { security_severity_level: null, tags: [], severity: 'warning' })]
    expect((await readFindings(json(list))).findings).toMatchObject([
      { category: 'vulnerabilities', rule: 'js/xss', severity: 'medium', tool: 'CodeQL', file: 'src/a.js', line: 3 },
      { category: 'lint', severity: 'warning' },
    ])
  })

  test('of Dependabot', async () => {
    expect((await readFindings(json([dependency()]))).findings).toMatchObject([
      {
        category: 'vulnerabilities',
        rule: 'GHSA-1',
        severity: 'critical',
        message: 'lodash (< 4.17.21): Command Injection',
        file: 'web/package-lock.json',
        package: 'lodash',
      },
    ])
  })

  test('of secret scanning, without the secret', async () => {
    const evidence = await readFindings(json([secret(), secret({ validity: 'active' })]))
    expect([evidence.categories, evidence.by_severity]).toEqual([['secrets'], { high: 1, critical: 1 }])
    expect(json(evidence)).not.toContain('canary')
  })

  test.each(['dismissed', 'fixed', 'auto_dismissed', 'resolved'])('%s ones are suppressed', async (state) => {
    const evidence = await readFindings(json([scanning(), dependency({ state })]))
    expect([evidence.findings.length, evidence.suppressed]).toEqual([1, 1])
  })

  test('a state that is not known counts as open', async () => {
    expect((await readFindings(json([scanning({ state: 'reopened' })]))).findings.length).toBe(1)
  })

  test('pages of several answers, and none', async () => {
    expect((await readFindings(json([[scanning()], [dependency()]]))).findings.length).toBe(2)
    expect((await readFindings('[[]]')).findings).toEqual([])
    expect((await readFindings('[]', { path: 'alerts.json' })).categories).toEqual(['vulnerabilities'])
    expect((await readFindings('[]', { path: 'secret-alerts.json' })).categories).toEqual(['secrets'])
  })

  test('what GitHub answers instead, and an entry that is no alert, are errors', async () => {
    const refusal = { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' }
    expect(messages(await read(json(refusal)))).toEqual(['says that GitHub refused: Not Found'])
    expect(messages(await read(json([scanning(), { x: 1 }])))).toEqual(['holds an entry that is no alert'])
  })
})
