import { describe, expect, test } from '@jest/globals'
import type { TestsEvidence } from '../../src/evidence/evidence.js'
import { eslint, gitleaks, junit, lcov } from '../support/samples.js'
import { walk } from '../support/walk.js'
import type { Walk, Walked } from '../support/walk.js'

const good = junit({ a: 'passed', b: 'passed' })
const bad = junit({ a: 'passed', b: 'failed' })

/** One step `a` with a report `r.xml`, which it writes or not. */
const reporting = (content: string | Uint8Array | undefined, code = 0, more: Walk & { report?: string } = {}) =>
  walk(`t: { steps: [{ id: a, run: a, reports: ${more.report ?? 'r.xml'} }] }`, {
    scripts: (files) => ({
      a: { code, does: () => (content === undefined ? undefined : files.write('r.xml', content)) },
    }),
    tracked: ['README.md'],
    ...more,
  })

const gateOf = ({ outcome }: Walked, gate = 'tests') => outcome.verdicts.find((v) => v.gate === gate)

describe('exit codes and reports', () => {
  test('exit 1 with failures in the report: the gate decides, and nothing is cancelled', async () => {
    const done = await walk(
      't: { steps: { a: { run: a, reports: r.xml }, slow: { run: slow }, next: { needs: a, run: next } } }',
      {
        scripts: (files) => ({ a: { code: 1, does: () => files.write('r.xml', bad) }, slow: { takes: 500 } }),
        tracked: ['README.md'],
      },
    )
    expect(done.status).toEqual({ t: 'failure', 't/a': 'judged', 't/slow': 'success', 't/next': 'success' })
    expect(done.step('t/a').reason).toBe('exit 1: 1 of 2 tests failed')
    expect(gateOf(done)).toMatchObject({ status: 'fail', implied: true })
    expect(done.outcome.reason).toBe('gate not met: tests of t')
    expect(done.exit).toBe(1)
  })

  test('exit 1 with findings that the gate allows is no failure', async () => {
    const done = await walk(
      't: { steps: [{ id: a, run: a, reports: { stdout: eslint-json } }], gates: { lint: { issues: 5 } } }',
      { scripts: { a: { code: 1, stdout: eslint(3) } } },
    )
    expect(done.status).toEqual({ t: 'success', 't/a': 'judged' })
    expect(done.exit).toBe(0)
  })

  test('exit 1 with findings that no gate judges fails', async () => {
    const done = await walk('t: { steps: [{ id: a, run: a, reports: { stdout: eslint-json } }] }', {
      scripts: { a: { code: 1, stdout: eslint(3) } },
    })
    expect(done.step('t/a')).toMatchObject({ status: 'failure', reason: 'exit 1, and no report explains it' })
    expect(done.outcome.not_judged).toEqual([{ stage: 't', what: ['lint'] }])
  })

  test('exit 1 with a clean report fails, and says that no report explains it', async () => {
    const done = await reporting(good, 1)
    expect(done.step('t/a')).toMatchObject({ status: 'failure', reason: 'exit 1, and no report explains it' })
    expect(gateOf(done)).toMatchObject({ status: 'pass' })
    expect(done.exit).toBe(1)
  })

  test('exit 0 with failures in the report: the gate fails', async () => {
    const done = await reporting(bad)
    expect(done.status).toEqual({ t: 'failure', 't/a': 'success' })
    expect(gateOf(done)).toMatchObject({ status: 'fail' })
    expect(done.exit).toBe(1)
  })

  test('a stored report explains no exit code: it was not written by this attempt', async () => {
    const done = await walk('t: { steps: [{ id: a, run: a, reports: { path: s.json, stored: true } }] }', {
      files: { 's.json': gitleaks(2) },
      tracked: ['s.json'],
      scripts: { a: { code: 3 } },
    })
    expect(done.step('t/a')).toMatchObject({ status: 'failure', reason: 'exit 3, and no report explains it' })
    expect(gateOf(done, 'secrets')).toMatchObject({ status: 'fail' })
  })

  test('a signal and a timeout are failures, whatever the report says', async () => {
    const killed = await walk('t: { steps: [{ id: a, run: a, reports: r.xml }] }', {
      scripts: (files) => ({ a: { killedBy: 'SIGKILL', does: () => files.write('r.xml', bad) } }),
    })
    expect(killed.step('t/a')).toMatchObject({ status: 'failure', reason: 'killed by SIGKILL' })
    const late = await walk('t: { steps: [{ id: a, run: a, timeout: 5s, reports: r.xml }] }', {
      scripts: (files) => ({ a: { hangs: true, does: () => files.write('r.xml', bad) } }),
    })
    expect(late.step('t/a')).toMatchObject({ status: 'failure', reason: 'took longer than 5s' })
    expect(gateOf(late)).toMatchObject({ status: 'fail' })
  })

  test('a broken report fails the step, also beside a good one', async () => {
    const done = await walk('t: { steps: [{ id: a, run: a, reports: [r.xml, l.info] }] }', {
      scripts: (files) => ({
        a: { code: 1, does: () => (files.write('r.xml', bad), files.write('l.info', 'no such format')) },
      }),
    })
    expect(done.step('t/a')).toMatchObject({
      status: 'failure',
      reason: 'exit 1; report l.info: is of no known format',
    })
  })
})

describe('reports are fresh', () => {
  test('an untracked one is removed before each attempt, and must be written anew', async () => {
    const done = await reporting(undefined, 0, { files: { 'r.xml': good } })
    expect(done.read('r.xml')).toBeUndefined()
    expect(done.step('t/a')).toMatchObject({ status: 'failure', reason: 'report r.xml: the step did not write it' })
    const retried = await walk('t: { steps: [{ id: a, run: a, reports: r.xml, retry: { retries: 1 } }] }', {
      tracked: ['README.md'],
      scripts: (files) => ({
        a: [
          { code: 1, does: () => files.write('r.xml', bad) },
          { code: 0, does: () => expect(files.read('r.xml')).toBeUndefined() },
        ],
      }),
    })
    expect(retried.step('t/a').reason).toBe('report r.xml: the step did not write it')
  })

  test('a tracked one that was not written is stale, and left alone', async () => {
    const done = await reporting(undefined, 0, { files: { 'r.xml': good }, tracked: ['r.xml'] })
    expect(done.read('r.xml')).toBe(good)
    expect(done.step('t/a').reason).toBe(
      'report r.xml: it is stale: the step did not write it, it was there before; if it is committed on purpose, say `stored: true`',
    )
    expect(gateOf(done)).toBeUndefined()
    const written = await reporting(good, 0, { files: { 'r.xml': good }, tracked: ['r.xml'] })
    expect(written.exit).toBe(0)
  })

  test('where git tracks nothing, nothing is removed, and an old one is stale all the same', async () => {
    const done = await walk("t: { steps: [{ id: a, run: a, reports: '*.xml' }] }", {
      files: { 'r.xml': good, 'x.xml': 'mine' },
    })
    expect(done.read('x.xml')).toBe('mine')
    expect(done.step('t/a').reason).toContain('report r.xml: it is stale')
  })

  test('`stored: true` is judged as it lies, and never removed', async () => {
    const done = await reporting(undefined, 0, {
      files: { 'r.xml': bad },
      tracked: ['r.xml'],
      report: '{ path: r.xml, stored: true }',
    })
    expect(done.step('t/a').status).toBe('success')
    expect(gateOf(done)).toMatchObject({ status: 'fail' })
    const untracked = await reporting(undefined, 0, {
      files: { 'r.xml': good },
      report: '{ path: r.xml, stored: true }',
    })
    expect(untracked.read('r.xml')).toBe(good)
    const missing = await reporting(undefined, 0, { report: '{ path: r.xml, stored: true }' })
    expect(missing.step('t/a').reason).toBe('report r.xml: there is no such file')
  })

  test('`required: false` may be missing, but not broken', async () => {
    const report = '{ path: r.xml, required: false }'
    expect((await reporting(undefined, 0, { report })).exit).toBe(0)
    expect((await reporting('<testsuites><testsuite', 0, { report })).exit).toBe(1)
  })

  test('nothing outside of the workspace is removed, whatever links say', async () => {
    const done = await walk("t: { steps: [{ id: a, run: a, reports: ['out/*.xml', out/r.xml] }] }", {
      tracked: ['README.md'],
      with: ({ files }) => {
        files.write('/home/someone/r.xml', good)
        files.link('/repo/out', '/home/someone')
      },
    })
    expect(done.ports.files.readText('/home/someone/r.xml')).toBe(good)
    expect(done.step('t/a').reason).toContain('it is a link that leads out of the repository')
  })
})

describe('a report that', () => {
  const reasonOf = async (content: string | Uint8Array, more: Walk = {}): Promise<string | undefined> => {
    const done = await reporting(content, 0, more)
    expect(done.exit).toBe(1)
    expect(gateOf(done)?.status).not.toBe('pass')
    return done.step('t/a').reason
  }

  test('is empty, white space, truncated, binary or of no known format fails its step', async () => {
    expect(await reasonOf('')).toBe('report r.xml: is empty (0 bytes)')
    expect(await reasonOf(' \n ')).toBe('report r.xml: holds only white space')
    expect(await reasonOf(good.slice(0, -20))).toMatch(/^report r\.xml: /)
    expect(await reasonOf(Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]))).toMatch(/^report r\.xml: /)
    expect(await reasonOf('hello\n')).toBe('report r.xml: is of no known format')
  })

  test('is a folder, or a link out of the workspace', async () => {
    const folder = await walk('t: { steps: [{ id: a, run: a, reports: r.xml }] }', {
      scripts: (files) => ({ a: { does: () => files.memory.makeFolder('/repo/r.xml') } }),
    })
    expect(folder.step('t/a').reason).toBe('report r.xml: it is a folder')
    const link = await walk('t: { steps: [{ id: a, run: a, reports: r.xml }] }', {
      scripts: (files) => ({
        a: { does: () => (files.memory.write('/etc/r.xml', good), files.memory.link('/repo/r.xml', '/etc/r.xml')) },
      }),
    })
    expect(link.step('t/a').reason).toBe('report r.xml: it is a link that leads out of the repository')
    expect(gateOf(link)).toBeUndefined()
  })

  test('a link inside the workspace is read', async () => {
    const done = await walk('t: { steps: [{ id: a, run: a, reports: r.xml }] }', {
      scripts: (files) => ({
        a: { does: () => (files.write('out/r.xml', good), files.memory.link('/repo/r.xml', 'out/r.xml')) },
      }),
    })
    expect(done.exit).toBe(0)
  })

  test('has a path that leads out is refused', async () => {
    for (const report of ['../r.xml', '/etc/r.xml'])
      expect((await walk(`t: { steps: [{ id: a, run: a, reports: ${report} }] }`)).step('t/a').reason).toBe(
        `report ${report}: a report lies inside the repository; this path leads out of it`,
      )
  })
})

describe('several reports', () => {
  test('of one glob may be of several formats', async () => {
    const done = await walk("t: { steps: [{ id: a, run: a, reports: 'out/**/*' }], gates: { coverage: {} } }", {
      scripts: (files) => ({
        a: { does: () => (files.write('out/x/junit.xml', good), files.write('out/lcov.info', lcov(9))) },
      }),
    })
    expect(done.step('t/a').reports.map(({ path, format }) => [path, format])).toEqual([
      ['out/lcov.info', 'lcov'],
      ['out/x/junit.xml', 'junit'],
    ])
    expect(done.outcome.verdicts.map(({ gate, status }) => [gate, status])).toEqual([
      ['tests', 'pass'],
      ['coverage', 'pass'],
    ])
  })

  test('that match one file count it once, by the first', async () => {
    const done = await walk(
      "t: { steps: [{ id: a, run: a, reports: [{ path: r.xml, suite: mine }, '*.xml', './r.xml'] }] }",
      {
        scripts: (files) => ({ a: { does: () => files.write('r.xml', good) } }),
      },
    )
    const [tests] = done.outcome.evidence[0]?.evidence ?? []
    expect(tests).toMatchObject({ kind: 'tests', tests: 2 })
    expect(done.step('t/a').reports).toHaveLength(1)
  })

  test('of a path with expressions', async () => {
    const done = await walk('t: { matrix: { n: [1, 2] }, steps: [{ run: a, reports: "out/${{ matrix.n }}.xml" }] }', {
      scripts: (files) => ({
        a: ({ env }) => ({ does: () => files.write(`out/${/n=(\d)/.exec(env['WF_INSTANCE'] ?? '')?.[1]}.xml`, good) }),
      }),
    })
    expect(done.exit).toBe(0)
  })
})

describe('a report on stdout', () => {
  const lint = 't: { steps: [{ id: a, run: a, reports: { stdout: eslint-json } }], gates: { lint: {} } }'

  test('is read, and not shown while the step runs', async () => {
    const done = await walk(lint, {
      scripts: { a: { stdout: [eslint(1).slice(0, 9), eslint(1).slice(9)], stderr: 'hm\n' } },
    })
    expect(gateOf(done, 'lint')).toMatchObject({ status: 'fail' })
    expect(done.live.get('t/a')).toBe('hm\n')
    expect(done.ports.files.all()[`/repo/.wf/runs/${done.outcome.run.id}/logs/t/t/a.1.log`]).toContain('no-eval')
  })

  test('of a text format from a silent tool that ended well has no findings', async () => {
    const types = 't: { steps: [{ id: a, run: a, reports: { stdout: tsc } }], gates: { types: {} } }'
    const done = await walk(types)
    expect([done.exit, gateOf(done, 'types')?.status]).toEqual([0, 'pass'])
    const failed = await walk(types, { scripts: { a: { code: 2 } } })
    expect(failed.step('t/a').reason).toBe('exit 2; report stdout: is empty (0 bytes)')
    const silent = await walk(lint)
    expect(silent.step('t/a').reason).toBe('report stdout: is empty (0 bytes)')
  })

  test('leaves no copy behind', async () => {
    const done = await walk(lint, { scripts: { a: { stdout: eslint(0) } } })
    const run = `/repo/.wf/runs/${done.outcome.run.id}`
    const names = Object.keys(done.ports.files.all()).filter((name) => name.startsWith(run))
    expect(names.map((name) => name.slice(run.length + 1))).toEqual([
      'badges/verdict.json',
      'badges/verdict.svg',
      'comment.md',
      'journal.jsonl',
      'logs/t/t/a.1.log',
      'outcome.json',
      'report.sarif',
      'summary.md',
    ])
  })
})

describe('attempts together', () => {
  const retried = (...attempts: string[]) =>
    walk('t: { steps: [{ id: a, run: a, reports: r.xml, retry: { retries: 5, delay: 1ms } }] }', {
      tracked: ['README.md'],
      scripts: (files) => ({
        a: attempts.map((content) => ({
          code: content.includes('<failure') ? 1 : 0,
          does: () => files.write('r.xml', content),
        })),
      }),
    })
  const testsOf = ({ outcome }: Walked) => outcome.evidence[0]?.evidence[0] as TestsEvidence

  test('a test that passed at the second one is flaky, and counted once', async () => {
    const done = await retried(bad, good)
    expect(done.step('t/a')).toMatchObject({ status: 'success', attempts: 2 })
    expect(testsOf(done)).toMatchObject({ tests: 2, passed: 2, failed: 0, flaky: 1 })
    expect(testsOf(done).cases).toContainEqual(expect.objectContaining({ name: 'b', status: 'passed', flaky: true }))
    expect(gateOf(done)?.status).not.toBe('fail')
  })

  test('one that ran only the failed tests again keeps the others', async () => {
    const done = await retried(junit({ a: 'passed', b: 'failed', c: 'skipped' }), junit({ b: 'passed' }))
    expect(testsOf(done)).toMatchObject({ tests: 3, passed: 2, failed: 0, skipped: 1, flaky: 1 })
  })

  test('tests of one name are joined in their order', async () => {
    const twice = (first: string, second: string): string =>
      `<testsuites><testsuite name="s"><testcase classname="c" name="p" file="a">${first}</testcase><testcase classname="c" name="p" file="b">${second}</testcase></testsuite></testsuites>`
    const done = await retried(twice('', '<failure/>'), twice('', ''))
    expect(testsOf(done)).toMatchObject({ failed: 0 })
    expect(done.exit).toBe(0)
  })

  test('a test that fails to the last fails its gate', async () => {
    const done = await retried(bad, bad, bad, bad, bad, bad)
    expect(done.step('t/a')).toMatchObject({ status: 'judged', attempts: 6 })
    expect(testsOf(done)).toMatchObject({ tests: 2, failed: 1, flaky: 0 })
  })
})
