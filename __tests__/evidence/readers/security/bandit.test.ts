import { describe, expect, test } from '@jest/globals'
import { fixture, messages, read, readFindings } from '../../reading.js'

const result = (more: object = {}): object => ({
  test_id: 'B602',
  issue_severity: 'HIGH',
  issue_text: 'a shell',
  filename: './shop/cart.py',
  line_number: 5,
  line_range: [5, 6],
  col_offset: 0,
  more_info: 'https://bandit.example/b602',
  ...more,
})
const report = (results: object[], more: object = {}): string =>
  JSON.stringify({ errors: [], metrics: { _totals: { nosec: 1, skipped_tests: 2 } }, results, ...more })

describe('Bandit', () => {
  test('place, severity, address, and what was skipped by comments', async () => {
    const evidence = await readFindings(report([result(), result({ issue_severity: 'UNDEFINED' })]))
    expect(evidence.findings[0]).toMatchObject({
      category: 'vulnerabilities',
      rule: 'B602',
      severity: 'high',
      file: 'shop/cart.py',
      line: 5,
      column: 1,
      end_line: 6,
      url: 'https://bandit.example/b602',
    })
    expect([evidence.by_severity, evidence.suppressed]).toEqual([{ high: 1, unknown: 1 }, 3])
  })

  test.each(['B105', 'B106', 'B107'])('%s does not tell the password', async (test_id) => {
    const one = result({ test_id, issue_text: "Possible hardcoded password: 'canary'" })
    expect((await readFindings(report([one]))).findings[0]?.message).toBe('Possible hardcoded password')
  })

  test('a file that was not scanned is an error', async () => {
    const errors = [{ filename: 'a.py', reason: 'syntax error' }]
    expect(messages(await read(report([], { errors })))).toEqual(['says that a.py was not scanned: syntax error'])
  })
})

describe('the text of Bandit', () => {
  test('says the same as its JSON', async () => {
    const [text, json] = await Promise.all(
      ['bandit-1.9.txt', 'bandit-1.9.json'].map((name) => readFindings(fixture(name))),
    )
    const told = (evidence: typeof text) =>
      evidence?.findings.map(({ rule, severity, message, file, line, column, url }) =>
        JSON.stringify([rule, severity, message, file, line, column, url]),
      )
    expect(told(text)).toEqual(told(json))
    expect([text?.suppressed, text?.by_severity]).toEqual([json?.suppressed, json?.by_severity])
  })

  test('on a screen has colours and a log', async () => {
    const lines = fixture('bandit-1.9.txt')
      .toString()
      .replaceAll(/^(>> Issue|Run)/gm, '\u001B[94m$1')
    const { findings } = await readFindings(`[main]\tINFO\tprofile include tests: None\n${lines}`)
    expect(findings.length).toBe(6)
  })

  test('cut short is an error', async () => {
    const text = fixture('bandit-1.9.txt').toString()
    for (const end of ['>> Issue: [B307', 'Code scanned:', 'Run metrics:'])
      expect(messages(await read(text.slice(0, text.indexOf(end)))).length).toBeGreaterThan(0)
  })

  test('issues below the level that was asked for are not shown, and Bandit says so', async () => {
    const totals = 'Run metrics:\n\tTotal issues (by severity):\n\t\tLow: 5\nFiles skipped (0):\n'
    const text = (said: string): string => `Run started:2026\n\nTest results:\n${said}\n${totals}`
    expect(messages(await read(text('\tNo issues identified.')))).toEqual([])
    expect(messages(await read(text('')))).toEqual(['states 5 issues and shows none'])
  })

  test('of the formatter custom: lines, messages over several, nothing only where the tool ended well', async () => {
    const text =
      "a.py:1: B608[bandit]: MEDIUM: one\nmore\nb.py:2: B105[bandit]: LOW: Possible hardcoded password: 'canary\n'\n"
    expect((await readFindings(text)).findings).toMatchObject([
      { rule: 'B608', severity: 'medium', message: 'one\nmore', file: 'a.py', line: 1 },
      { rule: 'B105', message: 'Possible hardcoded password' },
    ])
    expect((await readFindings('', { format: 'bandit-text', silentMeansNone: true })).findings).toEqual([])
    expect((await read('', { format: 'bandit-text' })).evidence).toBeNull()
    expect((await read('hello\n', { format: 'bandit-text', silentMeansNone: true })).evidence).toBeNull()
  })
})
