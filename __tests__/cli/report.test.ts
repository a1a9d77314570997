import { describe, expect, test } from '@jest/globals'
import { report } from '../../src/cli/report.js'
import { fixture } from '../evidence/reading.js'
import { MemoryFiles } from '../support/files.js'
import { ScriptedGit } from '../support/git.js'
import { CaptureTerminal, fakePorts } from '../support/ports.js'

const cwd = '/home/runner/work/shop/shop'
const diff = '--- /dev/null\n+++ b/js/node/cart.mjs\n@@ -0,0 +1,2 @@\n+a\n+b\n'

function ready(tracked: string | undefined = 'js/node/cart.test.mjs\0py/test_cart.py\0') {
  const files = new MemoryFiles({
    [`${cwd}/reports/broken.xml`]: '<testsuite><testcase',
    [`${cwd}/reports/odd.xml`]: '<testsuite name="s" tests="9"><testcase name="a"/></testsuite>',
    [`${cwd}/reports/evil.xml`]:
      '<testsuite><testcase name="&#x9b;31m a\u202Eb"><failure message="::error::x&#10;y ##[error]z"/></testcase></testsuite>',
    [`${cwd}/change.diff`]: diff,
    [`${cwd}/cart.info`]: 'SF:js/node/cart.mjs\nDA:1,1\nDA:2,0\nend_of_record\n',
  })
  for (const name of [
    'node-20.20-junit.xml',
    'node-20.20.tap',
    'pytest-9.2-xunit2.xml',
    'ruff-0.17.json',
    'gcovr-8.8.lcov',
    'istanbul-jest-30.5-summary.json',
  ])
    files.write(`${cwd}/${name}`, fixture(name))
  const git = new ScriptedGit().on('ls-files -z', tracked === undefined ? { code: 128 } : { stdout: tracked })
  const terminal = new CaptureTerminal()
  const ports = fakePorts({ files, git, terminal })
  return {
    terminal,
    run: (...args: string[]): Promise<number> => report.run(args, { ports, cwd }),
    json: () => JSON.parse(terminal.outText) as Record<string, never>,
  }
}

describe('wf report --json', () => {
  test('is the published shape, with repository paths', async () => {
    const { run, json } = ready()
    expect(await run('--json', 'node-20.20-junit.xml', 'ruff-0.17.json')).toBe(0)
    expect(json()).toMatchObject({
      version: 1,
      files: [
        {
          path: 'node-20.20-junit.xml',
          format: 'junit',
          kind: 'tests',
          problems: [],
          evidence: {
            tests: 9,
            passed: 4,
            failed: 2,
            errors: 0,
            skipped: 3,
            suites: 3,
            duration_s: expect.any(Number),
            cases: expect.arrayContaining([
              expect.objectContaining({
                name: 'is never negative',
                classname: 'test',
                file: 'js/node/cart.test.mjs',
                line: 7,
                status: 'failed',
                message: '0 == 1',
              }),
            ]),
          },
        },
        { format: 'ruff-json', kind: 'findings', evidence: { by_severity: { error: 6 } } },
      ],
    })
    expect(Object.keys(json())).toEqual(['version', 'files'])
  })

  test('--merge joins, one entry a kind', async () => {
    const { run, json } = ready()
    expect(await run('--json', '--merge', 'node-20.20-junit.xml', 'pytest-9.2-xunit2.xml', 'gcovr-8.8.lcov')).toBe(0)
    expect(json()).toMatchObject({
      merged: [
        { kind: 'tests', evidence: { tests: 17, failed: 4 }, problems: [] },
        { kind: 'coverage', evidence: { lines_valid: 8 }, problems: [] },
      ],
    })
  })

  test('--diff adds the coverage of the patch', async () => {
    const { run, json } = ready()
    expect(await run('--json', '--diff', 'change.diff', 'cart.info')).toBe(0)
    expect(json()).toMatchObject({
      patch: { lines_valid: 2, lines_covered: 1, files: [{ path: 'js/node/cart.mjs', missed_lines: [2] }] },
    })
  })

  test('a problem of level error is exit 1, a warning is not', async () => {
    const broken = ready()
    expect(await broken.run('--json', 'reports/broken.xml')).toBe(1)
    expect(broken.json()).toMatchObject({
      files: [{ path: 'reports/broken.xml', evidence: null, problems: [{ level: 'error', line: 1 }] }],
    })
    const odd = ready()
    expect(await odd.run('--json', 'reports/odd.xml')).toBe(0)
    expect(odd.json()).toMatchObject({ files: [{ evidence: { tests: 1 }, problems: [{ level: 'warning' }] }] })
  })

  test('files that are missing or no files are problems, the others are read', async () => {
    const { run, json } = ready()
    expect(await run('--json', 'gone.xml', 'reports', `${cwd}/cart.info`)).toBe(1)
    expect(json()).toMatchObject({
      files: [
        { path: 'gone.xml', format: null, kind: null, evidence: null, problems: [{ message: 'is not there' }] },
        { problems: [{ message: 'is a folder, no file' }] },
        { format: 'lcov', problems: [] },
      ],
    })
  })

  test('outside of a repository paths stay', async () => {
    const { run, json } = ready(undefined)
    expect(await run('--json', 'gcovr-8.8.lcov')).toBe(0)
    expect(json()).toMatchObject({ files: [{ evidence: { files: [{ path: 'c/cart.c' }] } }] })
  })

  test('--format reads as one format', async () => {
    const { run, json } = ready()
    expect(await run('--json', '--format', 'tap', 'node-20.20-junit.xml', 'node-20.20.tap')).toBe(1)
    expect(json()).toMatchObject({
      files: [
        { format: 'tap', evidence: null },
        { format: 'tap', evidence: { tests: 9 } },
      ],
    })
  })
})

describe('wf report for people', () => {
  test('functions stand beside lines and branches where a report knows them', async () => {
    const { run, terminal } = ready()
    expect(await run('istanbul-jest-30.5-summary.json')).toBe(0)
    expect(terminal.outText).toContain(
      '  lines 80% (8 of 10), branches 11.11% (1 of 9), functions 33.33% (1 of 3) in 2 files\n',
    )
  })

  test('totals first, then what failed with its place and why', async () => {
    const { run, terminal } = ready()
    expect(await run('--merge', '--diff', 'change.diff', 'node-20.20-junit.xml', 'ruff-0.17.json', 'cart.info')).toBe(0)
    const text = terminal.outText
    expect(text).toContain('  9 tests in 3 suites: 4 passed, 2 failed, 3 skipped (')
    expect(text).toContain('    failed: discounts > is never negative  js/node/cart.test.mjs:7\n      0 == 1\n')
    expect(text).toContain(
      '  6 findings of lint: 6 error\n    error D100  py/cart.py:1: Missing docstring in public module\n',
    )
    expect(text).toContain('  lines 50% (1 of 2) in 1 file\n')
    expect(text).toContain('merged tests\n')
    expect(text).toContain('patch coverage\n  lines 50% (1 of 2) in 1 file\n    js/node/cart.mjs: not covered 2\n')
  })

  test('problems stand with their file', async () => {
    const { run, terminal } = ready()
    expect(await run('reports/broken.xml', 'reports/odd.xml')).toBe(1)
    expect(terminal.outText).toContain('reports/broken.xml  (junit)\n  error: line 1: is not well-formed XML')
    expect(terminal.outText).toContain('  warning: suite "s" states 9 tests, but lists 1')
  })

  test('text of reports brings no control characters and no line of its own', async () => {
    const { run, terminal } = ready()
    await run('reports/evil.xml')
    expect(terminal.outText).not.toMatch(/[\u001B\u009B\u202E]/)
    expect(terminal.outText).toContain('      : :error::x y # #[error]z\n')
  })

  test('nor does JSON, which reads the same', async () => {
    const { run, terminal, json } = ready()
    await run('--json', 'reports/evil.xml')
    expect(terminal.outText).not.toMatch(/##\[|[\u001B\u009B\u202E]/)
    expect(json()).toMatchObject({
      files: [{ evidence: { cases: [{ name: '\u009b31m a\u202Eb', message: '::error::x\ny ##[error]z' }] } }],
    })
  })
})

describe('arguments', () => {
  test('--help says what there is', async () => {
    const { run, terminal } = ready()
    expect(await run('--help')).toBe(0)
    for (const word of ['--json', '--format', '--merge', '--diff', 'npm-audit', 'Exit codes'])
      expect(terminal.outText).toContain(word)
  })

  test.each([
    [[], 'name at least one report file'],
    [['--jsom', 'x.xml'], "Unknown option '--jsom'"],
    [['--format', 'junitt', 'x.xml'], 'there is no format "junitt"'],
    [['--diff', 'gone.diff', 'cart.info'], 'there is no diff gone.diff'],
    [['cart.info', '--diff'], "'--diff <value>' argument missing"],
  ])('%j is exit 2', async (args, message) => {
    const { run, terminal } = ready()
    expect(await run(...args)).toBe(2)
    expect(terminal.errText).toContain(message)
    expect(terminal.outText).toBe('')
  })

  test('a diff without coverage to compare with is exit 1', async () => {
    const { run, terminal } = ready()
    expect(await run('--diff', 'change.diff', 'ruff-0.17.json')).toBe(1)
    expect(terminal.errText).toContain('no coverage')
  })

  test('a report without lines says that it tells nothing of a diff', async () => {
    const { run, terminal, json } = ready()
    expect(await run('--json', '--diff', 'change.diff', 'istanbul-jest-30.5-summary.json')).toBe(1)
    const message = expect.stringContaining('no lines in this format')
    expect(json()).toMatchObject({ files: [{ problems: [{ level: 'warning', message }] }] })
    expect(json()).not.toHaveProperty('patch')
    expect(terminal.errText).toContain('none of the files holds lines')
  })

  test('beside a report with lines the diff is judged by that one', async () => {
    const { run, json } = ready()
    expect(await run('--json', '--diff', 'change.diff', 'istanbul-jest-30.5-summary.json', 'cart.info')).toBe(0)
    expect(json()).toMatchObject({ patch: { lines_valid: 2, lines_covered: 1 } })
  })
})
