import { describe, expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const result = (extra: object = {}, more: object = {}): object => ({
  check_id: 'python.lang.eval',
  path: 'a.py',
  start: { line: 3, col: 5 },
  end: { line: 4, col: 2 },
  extra: { message: 'eval', severity: 'ERROR', metadata: { category: 'security' }, lines: 'canary', ...extra },
  ...more,
})
const report = (results: object[], errors: object[] = []): string => JSON.stringify({ version: '1', results, errors })

describe('Semgrep', () => {
  test('place and message, not the lines', async () => {
    const evidence = await readFindings(report([result()]))
    expect(evidence.findings).toMatchObject([
      { category: 'vulnerabilities', severity: 'high', file: 'a.py', line: 3, column: 5, end_line: 4, end_column: 2 },
    ])
    expect(JSON.stringify(evidence)).not.toContain('canary')
  })

  test.each([
    ['ERROR', 'high'],
    ['WARNING', 'medium'],
    ['INFO', 'low'],
    ['CRITICAL', 'critical'],
    ['LOW', 'low'],
    ['EXPERIMENT', 'unknown'],
  ])('severity %s is %s', async (severity, expected) => {
    expect((await readFindings(report([result({ severity })]))).findings[0]?.severity).toBe(expected)
  })

  test.each([
    [{ metadata: { category: 'maintainability' } }, {}, 'lint'],
    [{ metadata: { category: 'correctness' } }, {}, 'vulnerabilities'],
    [{}, { check_id: 'generic.secrets.security.detected-key' }, 'secrets'],
    [{ metadata: { technology: ['secrets'] } }, {}, 'secrets'],
  ])('%j %j is of %s', async (extra, more, category) => {
    expect((await readFindings(report([result(extra, more)]))).findings[0]?.category).toBe(category)
  })

  test('the message about a secret, which may quote it, is not shown', async () => {
    const list = [
      result({ message: 'found canary' }, { check_id: 'secrets.key' }),
      result({ message: 'password canary', metadata: { cwe: ['CWE-798: Use of Hard-coded Credentials'] } }),
    ]
    const { findings } = await readFindings(report(list))
    expect(findings.map(({ message }) => message)).toEqual([
      'a secret in the code, found by the rule key',
      'a secret in the code, found by the rule eval',
    ])
  })

  test('ignored results are suppressed', async () => {
    const evidence = await readFindings(report([result({ is_ignored: true })]))
    expect([evidence.findings.length, evidence.suppressed]).toEqual([0, 1])
  })

  test('errors are errors, warnings are said', async () => {
    const answer = await read(
      report(
        [],
        [
          { level: 'error', message: 'rule is broken' },
          { level: 'warn', message: 'parsed in parts\nsee', path: 'a.py' },
          { type: 'new' },
        ],
      ),
    )
    expect([messages(answer), messages(answer, 'warning')]).toEqual([
      ['says: rule is broken', 'says: an error'],
      ['says: parsed in parts (a.py)'],
    ])
  })
})
