import { describe, expect, test } from '@jest/globals'
import { gate } from '../../src/cli/gate.js'
import { MemoryFiles } from '../support/files.js'
import { ScriptedGit } from '../support/git.js'
import { fakePorts } from '../support/ports.js'
import { eslint, junit, lcov } from '../support/samples.js'

const workflow = `version: 1
name: shop
on: { pull_request: review }
waivers: [{ rule: no-eval, path: 'old/**', until: 9999-12-31, reason: old }]
stages:
  test:
    steps:
      - { run: npm test, reports: ["reports/*.xml", { path: ./e2e.xml, suite: e2e }, cover.info] }
    gates:
      coverage: { lines: { default: 50%, live: 90% }, patch: 80% }
      tests: { suites: { e2e: { pass-rate: 50% } } }
  lint: { steps: [{ run: x, reports: lint.json }], gates: { lint: {} } }
  more: { steps: [{ run: x, reports: more.json }], gates: { lint: { issues: 5 } } }
  review: { needs: [test, lint, more], gates: { expression: coverage.lines >= 60 && tests.failed == 1 } }
  live: { needs: review }
`
const files = {
  '/repo/.github/wf.yml': workflow,
  '/repo/reports/unit.xml': junit({ a: 'passed' }),
  '/repo/e2e.xml': junit({ b: 'passed', c: 'failed' }),
  '/repo/cover.info': lcov(6),
  '/repo/lint.json': eslint(2),
  '/repo/old.json': eslint(2, 'old/a.js'),
  '/repo/broken.xml': '<testsuite><testcase',
}

async function call(...args: string[]) {
  const ports = fakePorts({
    files: new MemoryFiles(files),
    git: new ScriptedGit().on('ls-files -z', {
      stdout: Object.keys(files)
        .map((f) => `${f.slice(6)}\0`)
        .join(''),
    }),
  })
  const code = await gate.run(args, { ports, cwd: '/repo' })
  return { code, out: ports.terminal.outText, err: ports.terminal.errText }
}

describe('wf gate', () => {
  test('judges one gate over the reports that its stage declares', async () => {
    const { code, out } = await call('coverage')
    expect(code).toBe(0)
    expect(out).toBe(
      [
        'cover.info (lcov)',
        'coverage: pass: lines 60%; patch not judged: `wf gate` compares with no base',
        '  lines 60% (≥ 50%)',
        '  not enough for live: lines 60% < 90% (6 of 10)',
        '',
      ].join('\n'),
    )
  })

  test('by the thresholds of a target, and exit 1 where they are not met', async () => {
    const { code, out } = await call('coverage', 'cover.info', '--target', 'live')
    expect(code).toBe(1)
    expect(out).toContain('coverage: fail: lines 60% < 90% (6 of 10)')
    expect(out).toContain('  next: test what is not covered yet')
  })

  test('reads a report as the step that declares it', async () => {
    const { code, out } = await call('tests', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      target: 'review',
      reports: [{ path: 'reports/unit.xml', format: 'junit' }, { path: 'e2e.xml' }],
      verdicts: [{ gate: 'tests', status: 'pass', reason: '1 of 3 tests failed, within the limit' }],
    })
    expect((await call('tests', 'reports/unit.xml', '/repo/e2e.xml')).code).toBe(0)
  })

  test('of a milestone sees all that it needs, and waivers hold', async () => {
    expect((await call('expression')).code).toBe(0)
    expect((await call('lint', 'old.json', '--stage', 'lint')).code).toBe(0)
    expect((await call('lint', 'lint.json', '--stage', 'lint')).code).toBe(1)
  })

  test('takes the defaults where no stage writes the gate, and says so', async () => {
    const { code, out } = await call('types')
    expect(code).toBe(1)
    expect(out).toContain('no stage writes the gate `types`: its defaults judge')
    expect(out).toContain('types: no-data: no step left a type checker’s report')
  })

  test('never passes over a report that is broken or not there', async () => {
    expect((await call('tests', 'reports/unit.xml', 'broken.xml')).code).toBe(1)
    const { code, out } = await call('tests', 'reports/unit.xml', 'gone.xml')
    expect(code).toBe(1)
    expect(out).toContain('  error: is not there')
  })

  test.each<[string[], RegExp]>([
    [[], /name a gate/],
    [['covrage'], /there is no gate `covrage`.*\n?.*did you mean `coverage`/],
    [['duration'], /`duration` is judged while a run walks/],
    [['conventions', 'a.xml'], /`conventions` reads no report/],
    [['coverage', '--base', 'main'], /`coverage` alone is compared with no base/],
    [['lint'], /several stages write the gate `lint`.*\n?.*--stage lint or --stage more/],
    [['coverage', '--stage', 'tset'], /there is no stage `tset`.*\n?.*did you mean `test`/],
    [['coverage', '--target', 'production'], /there is no stage `production`/],
    [['coverage', '--file', 'none.yml'], /there is no workflow file/],
    [['coverage', '--stages', 'x'], /unknown option/],
  ])('exit 2 for %j', async (args, message) => {
    const { code, err } = await call(...args)
    expect([code, err]).toEqual([2, expect.stringMatching(message)])
  })
})

describe('wf gate, of what wf itself finds', () => {
  const sha = 'a'.repeat(40)
  const base = 'b'.repeat(40)
  const token = ['ghp', 'J7kQ2mZx9RtVb4LsWc8YpN3hFd6GaTe1UoKi'].join('_')
  const own = {
    '/repo/.github/wf.yml': `version: 1
name: shop
waivers: [{ rule: commit-message, gate: conventions, until: 9999-12-31, reason: old }]
stages:
  test: { steps: [{ run: x, reports: out.xml }], gates: { conventions: { commits: true, env-files: true }, dependencies: { new: review } } }
`,
    '/repo/.env': 'A=1\n',
    '/repo/package.json': JSON.stringify({ dependencies: { a: '1' } }),
    '/repo/package-lock.json': JSON.stringify({
      lockfileVersion: 3,
      packages: { '': { dependencies: { a: '1' } }, 'node_modules/a': { version: '1.0.0' } },
    }),
    '/repo/a.js': `const t = '${token}'\n`,
  }
  const names = Object.keys(own).map((path) => path.slice(6))

  async function find(...args: string[]) {
    const git = new ScriptedGit()
      .on('ls-files -z', { stdout: names.map((name) => `${name}\0`).join('') })
      .on(/^status/, { stdout: `# branch.oid ${sha}\0# branch.head x\0` })
      .on(/^rev-parse --is-shallow-repository/, { stdout: `false\n\n${sha}\n` })
      .on(/^rev-parse --verify --quiet --end-of-options main/, { stdout: `${base}\n` })
      .on(/^cat-file -e/, {})
      .on(/^merge-base --all|^merge-base a/, { stdout: `${base}\n` })
      .on(/^log --no-merges/, { stdout: 'abc0001\nAdded y\n' })
      .on(/^config|^diff|^rev-parse --revs-only|^ls-files --others/, { stdout: '' })
      .on(/^remote get-url|^rev-parse --verify --quiet --end-of-options gone/, { code: 2 })
      .on(/^ls-tree -r -z --name-only/, { stdout: 'package-lock.json\0' })
      .on(/^cat-file blob/, { stdout: JSON.stringify({ lockfileVersion: 3, packages: {} }) })
    const ports = fakePorts({ files: new MemoryFiles(own), git })
    const code = await gate.run(args, { ports, cwd: '/repo' })
    return { code, out: ports.terminal.outText, err: ports.terminal.errText }
  }

  test('looks through commits and files for conventions, and waivers hold', async () => {
    const { code, out } = await find('conventions', '--base', 'main')
    expect(code).toBe(1)
    expect(out).toContain('error env-tracked  .env:1')
    expect(out).not.toContain('Added y')
    expect(out).toContain('conventions: fail: 1 error, 0 allowed')
    expect(out).toContain('commit-message, until 9999-12-31: old')
  })

  test('tells which dependencies the change brings since the base that is named', async () => {
    const { code, out } = await find('dependencies', '--base', 'main', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      notes: [],
      collected: [{ kind: 'findings', findings: [{ rule: 'new-dependency', file: 'package-lock.json' }] }],
      verdicts: [{ gate: 'dependencies', status: 'pass', reason: '1 remark, within the limit' }],
    })
  })

  test('refuses a base that git does not know', async () => {
    const { code, err } = await find('dependencies', '--base', 'gone')
    expect([code, err]).toEqual([2, expect.stringContaining('git knows no commit `gone`')])
  })

  test('looks for secrets in all files where no base is known, says so, and never shows one', async () => {
    const { code, out } = await find('secrets')
    expect(code).toBe(1)
    expect(out).toContain('no base is known: `--base REV` says where the change begins')
    expect(out).toContain('github-token  a.js:1')
    expect(out).not.toContain(token)
  })
})
