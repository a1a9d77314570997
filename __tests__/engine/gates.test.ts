import { describe, expect, test } from '@jest/globals'
import { eslint, gitleaks, junit, lcov } from '../support/samples.js'
import { walk } from '../support/walk.js'
import type { Walk, Walked } from '../support/walk.js'

/** Scripts `make FILE`, each of which writes one report, and exits with 1 when there are failed tests in it. */
const writes = (reports: Readonly<Record<string, string>>): Pick<Walk, 'scripts' | 'tracked'> => ({
  tracked: ['README.md'],
  scripts: (files) =>
    Object.fromEntries(
      Object.entries(reports).map(([path, text]) => [
        `make ${path}`,
        { code: text.includes('<failure') ? 1 : 0, does: () => files.write(path, text) },
      ]),
    ),
})
const verdicts = ({ outcome }: Walked) => outcome.verdicts.map(({ gate, address, status }) => [gate, address, status])
const bad = junit({ a: 'passed', b: 'failed' })

describe('gates of a stage', () => {
  test('fail it, and what needs it is skipped', async () => {
    const done = await walk(
      `t: { steps: [{ run: make r.xml, reports: r.xml }] }
u: { needs: t, steps: [{ run: never }] }`,
      writes({ 'r.xml': bad }),
    )
    expect(done.outcome.stages[0]).toMatchObject({ status: 'failure', reason: 'gate not met: tests' })
    expect(done.status['u']).toBe('skipped')
  })

  test('that are written and have nothing to judge are no data, and not green', async () => {
    const done = await walk('t: { steps: [{ run: a }], gates: { coverage: {} } }')
    expect(verdicts(done)).toEqual([['coverage', 't', 'no-data']])
    expect(done.outcome.verdict).toBe('no-data')
    expect(done.exit).toBe(1)
  })

  test('are not blamed for what a failed step did not measure', async () => {
    const done = await walk('t: { steps: [{ id: a, run: a, reports: l.info }], gates: { coverage: {} } }', {
      scripts: { a: { code: 2 } },
    })
    expect(verdicts(done)).toEqual([])
    expect(done.outcome.reason).toBe('failed: t/a')
  })

  test('see all instances merged, or each apart', async () => {
    const text = (perInstance: boolean): string =>
      `t: { matrix: { n: [1, 2] }, steps: [{ run: "make out\${{ matrix.n }}.info", reports: "out\${{ matrix.n }}.info" }], gates: { coverage: { lines: 60%, per-instance: ${perInstance} } } }`
    const reports = writes({ 'out1.info': lcov(4, 'a.js'), 'out2.info': lcov(9, 'b.js') })
    expect(verdicts(await walk(text(false), reports))).toEqual([['coverage', 't', 'pass']])
    expect(verdicts(await walk(text(true), reports))).toEqual([
      ['coverage', 't[n=1]', 'fail'],
      ['coverage', 't[n=2]', 'pass'],
    ])
  })

  test('of the target count; what would fail later is said', async () => {
    const done = await walk(
      `t: { steps: [{ run: make l.info, reports: l.info }], gates: { coverage: { lines: { default: 50%, live: 80% } } } }
live: { needs: t }`,
      { ...writes({ 'l.info': lcov(6) }), target: 't' },
    )
    expect(done.exit).toBe(0)
    expect(done.outcome.verdicts[0]?.later.map(({ target }) => target)).toEqual(['live'])
    const live = await walk(
      `t: { steps: [{ run: make l.info, reports: l.info }], gates: { coverage: { lines: { default: 50%, live: 80% } } } }
live: { needs: t }`,
      { ...writes({ 'l.info': lcov(6) }), target: 'live' },
    )
    expect(live.exit).toBe(1)
  })

  test('that nobody wrote are said to be missing', async () => {
    const done = await walk('t: { steps: [{ run: make l.info, reports: l.info }] }', writes({ 'l.info': lcov(1) }))
    expect(done.outcome.not_judged).toEqual([{ stage: 't', what: ['coverage'] }])
    expect(done.exit).toBe(0)
  })
})

test('what a gate would compare with a base is said where none is known, and not failed', async () => {
  const gates = '{ coverage: { patch: 80%, drop: 1%, files-under: 70% } }'
  const done = await walk(`t: { steps: [{ run: make l.info, reports: l.info }], gates: ${gates} }`, {
    ...writes({ 'l.info': lcov(6) }),
  })
  expect(done.exit).toBe(0)
  const [verdict] = done.outcome.verdicts
  expect(verdict?.reason).toMatch(/^lines 60%; patch not judged: .*; drop not judged: /)
  expect(verdict?.lists).toEqual([{ name: 'files under 70%', items: ['src/a.js 60% (6 of 10)'], more: 0 }])
})

test('a test in quarantine may fail until its day is over, and what takes long or is missing is told', async () => {
  const until = (
    day: string,
  ): string => `t: { steps: [{ run: make r.xml, reports: { path: r.xml, suite: unit } }], gates: { tests: {
    flaky: quarantine, quarantine: [{ test: 'c › b', until: ${day}, reason: it hangs, owner: somebody }],
    slow: 50ms, duration: 1m, required: [unit] } } }`
  const held = await walk(until('9999-12-31'), writes({ 'r.xml': bad }))
  expect([held.exit, held.outcome.verdicts[0]?.reason]).toEqual([0, '1 test passed; 1 test in quarantine'])
  expect(held.outcome.verdicts[0]?.lists).toEqual([
    { name: 'tests in quarantine', items: ['c › b'], more: 0 },
    { name: 'tests slower than 50ms', items: ['c › a 100ms', 'c › b 100ms'], more: 0 },
  ])
  const over = await walk(until('2001-01-01'), writes({ 'r.xml': bad }))
  expect(over.exit).toBe(1)
  expect(over.outcome.verdicts[0]?.reason).toBe('the quarantine of c › b expired on 2001-01-01; 1 of 2 tests failed')
})

test('what the tests of a suite reach is judged besides all that is reached', async () => {
  const done = await walk(
    `t: { steps: [{ run: make a.info, reports: { path: a.info, suite: unit } }, { run: make b.info, reports: { path: b.info, suite: integration } }],
  gates: { coverage: { suites: { integration: { lines: { default: 40%, live: 80% } } } } } }
live: { needs: t }`,
    { ...writes({ 'a.info': lcov(9, 'a.js'), 'b.info': lcov(5, 'b.js') }), target: 'live' },
  )
  expect(done.outcome.verdicts[0]).toMatchObject({
    status: 'fail',
    reason: 'integration lines 50% < 80% (5 of 10)',
    figures: expect.arrayContaining([{ name: 'lines', value: '70%', threshold: '≥ 50%', met: true }]),
  })
})

describe('the time of a stage', () => {
  const stages = `a: { steps: [{ run: slow }] }
b: { needs: a, steps: [{ run: slow }], gates: { duration: 2s } }
m: { needs: [a, b], gates: { duration: { default: 2s, m: 2999ms } } }`

  test('is judged without any report; a milestone’s is that of all that it needs', async () => {
    const done = await walk(stages, { scripts: { slow: { takes: 1500 } }, target: 'm' })
    expect(done.outcome.verdicts.map(({ address, status, reason }) => [address, status, reason])).toEqual([
      ['b', 'pass', 'it took 1.5s'],
      ['m', 'fail', 'it took 3.0s, 2999ms allowed'],
    ])
    expect(done.outcome.verdicts[1]?.mend).toBe(
      'look which of its steps take longest; the bar is `gates.duration.m` of stage `m`',
    )
  })
})

test('benchmarks without enough earlier runs are not judged, and that is said', async () => {
  const json = JSON.stringify([{ name: 'parse', value: 3, unit: 'ms' }])
  const step = '{ run: make b.json, reports: { path: b.json, format: benchmark-custom } }'
  const gates = '{ benchmarks: { slower: 5%, minimum-samples: 3 } }'
  const done = await walk(`t: { steps: [${step}], gates: ${gates} }`, writes({ 'b.json': json }))
  expect(done.exit).toBe(0)
  expect(done.outcome.verdicts[0]).toMatchObject({
    gate: 'benchmarks',
    reason: 'no benchmark was judged; 1 benchmark not judged: fewer than 3 earlier runs are known',
  })
})

describe('an expression over all evidence', () => {
  const file = (expression: string): string =>
    `t: { steps: [{ run: make l.info, reports: l.info }, { run: make e.json, reports: e.json }] }
m: { needs: t, gates: { expression: "${expression}" } }`
  const reports = writes({ 'l.info': lcov(6), 'e.json': eslint(1) })
  const judged = async (expression: string) => (await walk(file(expression), reports)).outcome.verdicts[0]

  test('holds, does not hold, or has no data', async () => {
    expect(await judged('coverage.lines >= 60 && findings.lint < 2')).toMatchObject({
      status: 'pass',
      reason: 'coverage.lines 60, findings.lint 1',
    })
    expect(await judged('coverage.lines > 60')).toMatchObject({
      status: 'fail',
      reason: '`coverage.lines > 60` does not hold: coverage.lines 60',
    })
    expect(await judged('tests.failed == 0')).toMatchObject({
      status: 'no-data',
      reason: '`tests.failed` is not known: no step left a test report',
    })
  })
})

describe('waivers', () => {
  const file = (waiver: string): string => `version: 1
name: walk
waivers: [{ rule: no-eval, ${waiver}, reason: old code, owner: somebody }]
stages:
  t: { steps: [{ run: make e.json, reports: e.json }], gates: { lint: {} } }
`

  test('let findings off, which are shown as such', async () => {
    const done = await walk(file('path: "src/**", gate: lint, until: 9999-12-31'), writes({ 'e.json': eslint(2) }))
    expect(done.exit).toBe(0)
    expect(done.outcome.verdicts[0]).toMatchObject({ status: 'pass', reason: 'no issues' })
    expect(done.outcome.verdicts[0]?.figures).toContainEqual({ name: 'waived', value: '2', met: true })
    const [evidence] = done.outcome.evidence[0]?.evidence ?? []
    expect(evidence).toMatchObject({
      findings: [
        { rule: 'no-eval', waived: { reason: 'old code', until: '9999-12-31', owner: 'somebody' } },
        { rule: 'no-eval', waived: { reason: 'old code' } },
      ],
    })
    expect(done.outcome.notes).toEqual([])
  })

  test('that nothing matches are told', async () => {
    const done = await walk(file('path: "lib/**", until: 9999-12-31'), writes({ 'e.json': eslint(1) }))
    expect(done.exit).toBe(1)
    expect(done.outcome.notes).toEqual(['the waiver of no-eval in lib/** matches nothing: take it out of `waivers`'])
  })

  test('that are over fail their gate', async () => {
    const done = await walk(file('until: 2001-01-01'), writes({ 'e.json': eslint(1) }))
    expect(done.outcome.verdicts[0]).toMatchObject({
      status: 'fail',
      reason: 'the waiver of no-eval expired on 2001-01-01; 1 issue, 0 allowed',
      mend: 'mend what it let off (somebody) and take it out of `waivers`; one that is renewed counts after the merge',
    })
  })
})

describe('gates of a milestone', () => {
  const stages = `a: { steps: [{ run: make a.xml, reports: a.xml }] }
b: { steps: [{ run: make b.xml, reports: b.xml }] }`

  test('see all that it needs, and relieve the gate that is always there', async () => {
    const text = `${stages}\nm: { needs: [a, b], gates: { tests: { pass-rate: 50% } } }`
    const done = await walk(text, writes({ 'a.xml': bad, 'b.xml': junit({ c: 'passed', d: 'passed' }, 'two') }))
    expect(verdicts(done)).toEqual([['tests', 'm', 'pass']])
    expect(done.outcome.verdicts[0]?.figures[0]).toMatchObject({ value: '75%' })
    expect(done.status).toMatchObject({ 'a/1': 'judged', a: 'success', m: 'success' })
  })

  test('fail it alone', async () => {
    const text = `${stages}\nm: { needs: [a, b], gates: { tests: {} } }\nafter: { needs: m, steps: [{ run: never }] }`
    const done = await walk(text, writes({ 'a.xml': bad, 'b.xml': junit({ c: 'passed' }, 'two') }))
    expect(done.status).toMatchObject({ a: 'success', b: 'success', m: 'failure', after: 'skipped' })
    expect(done.outcome.stages.find(({ id }) => id === 'm')?.reason).toBe('gate not met: tests')
    expect(done.exit).toBe(1)
  })

  test('set tests in quarantine aside, and mark them where they ran unless a gate there judges them', async () => {
    const quarantine = "quarantine: [{ test: 'c › b', until: 9999-12-31, reason: it hangs }]"
    const marked = async (own: string) => {
      const a = `a: { steps: [{ run: make a.xml, reports: a.xml }]${own} }`
      const m = `m: { needs: a, gates: { tests: { flaky: quarantine, ${quarantine} } } }`
      const { outcome, exit } = await walk(`${a}\n${m}`, writes({ 'a.xml': bad }))
      const cases = outcome.evidence.flatMap(({ evidence }) =>
        evidence.flatMap((e) => (e.kind === 'tests' ? e.cases : [])),
      )
      return { exit, marks: cases.flatMap(({ quarantined }) => quarantined ?? []) }
    }
    const held = { reason: 'it hangs', until: '9999-12-31' }
    expect(await marked('')).toEqual({ exit: 0, marks: [held] })
    expect(await marked(', gates: { tests: off }')).toEqual({ exit: 0, marks: [held] })
    expect(await marked(', gates: { tests: {} }')).toEqual({ exit: 1, marks: [] })
  })

  test('can judge each instance apart; stages without such evidence are left out', async () => {
    const text = `${stages}\nlint: { steps: [{ run: make lint.json, reports: lint.json }], gates: { lint: {} } }
m: { needs: [a, b, lint], gates: { tests: { per-instance: true } } }`
    const reports = { 'a.xml': bad, 'b.xml': junit({ c: 'passed' }, 'two'), 'lint.json': eslint(0) }
    const done = await walk(text, writes(reports))
    expect(verdicts(done)).toEqual([
      ['lint', 'lint', 'pass'],
      ['tests', 'a', 'fail'],
      ['tests', 'b', 'pass'],
    ])
  })

  test('do not judge for a run that does not reach it', async () => {
    const text = `${stages}\nm: { needs: [a, b], gates: { tests: { pass-rate: 0% } } }`
    const done = await walk(text, { ...writes({ 'a.xml': bad }), target: 'a' })
    expect(verdicts(done)).toEqual([['tests', 'a', 'fail']])
  })

  test('without a gate of its own judge nothing', async () => {
    const done = await walk(`${stages}\nm: { needs: [a, b] }`, writes({ 'a.xml': bad, 'b.xml': bad }))
    expect(verdicts(done)).toEqual([
      ['tests', 'a', 'fail'],
      ['tests', 'b', 'fail'],
    ])
    expect(done.status['m']).toBe('skipped')
  })
})

describe('--fix', () => {
  const lint = (files: {
    read: (path: string) => string | undefined
    write: (path: string, text: string) => void
  }) => ({
    lint: () => ({
      code: files.read('src/a.js') === 'good' ? 0 : 1,
      does: () => files.write('lint.json', eslint(files.read('src/a.js') === 'good' ? 0 : 2)),
    }),
    mend: { does: () => files.write('src/a.js', 'good') },
  })
  const text = `t: { steps: [{ id: lint, run: lint, fix: mend, reports: lint.json, retry: { retries: 1, delay: 1ms } }, { run: other }], gates: { lint: {} } }`
  const start: Walk = { fix: true, files: { 'src/a.js': 'bad' }, tracked: ['src/a.js'], scripts: lint }

  const withGit = (options: Walk): Walk => ({
    ...options,
    with: ({ git, files }) =>
      git.on(/^status --porcelain --no-renames/, () => ({
        stdout: files.readText('/repo/src/a.js') === 'good' ? ' M src/a.js\0' : '',
      })),
  })

  test('runs the command, judges again, and lists what changed', async () => {
    const done = await walk(text, withGit(start))
    expect(done.started.map(({ script }) => script)).toEqual(['lint', 'lint', 'other', 'mend', 'lint'])
    expect(done.outcome.fixed).toEqual([{ step: 't/lint', files: ['src/a.js'] }])
    expect(done.status).toEqual({ t: 'success', 't/lint': 'success', 't/2': 'success' })
    expect(verdicts(done)).toEqual([['lint', 't', 'pass']])
    expect(done.step('t/lint').attempts).toBe(3)
    expect(done.outcome.evidence[0]?.evidence[0]).toMatchObject({ kind: 'findings', findings: [] })
    expect(done.exit).toBe(0)
  })

  test('is not asked for: nothing is mended', async () => {
    const done = await walk(text, withGit({ ...start, fix: false }))
    expect(done.started.map(({ script }) => script)).not.toContain('mend')
    expect(done.exit).toBe(1)
  })

  test('leaves alone what no gate objects to', async () => {
    const allowed = await walk(text.replace('lint: {}', 'lint: { issues: 9 }'), withGit(start))
    expect(allowed.started.map(({ script }) => script)).not.toContain('mend')
    const other = await walk(
      `t: { steps: [{ run: lint, fix: mend, reports: lint.json }, { run: leak, reports: l.json }], gates: { lint: off } }`.replace(
        'run: lint,',
        'run: lint, continue-on-error: true,',
      ),
      withGit({
        ...start,
        scripts: (files) => ({ ...lint(files), leak: { does: () => files.write('l.json', gitleaks(1)) } }),
      }),
    )
    expect(verdicts(other)).toEqual([['secrets', 't', 'fail']])
    expect(other.started.map(({ script }) => script)).not.toContain('mend')
  })

  test('that does not succeed is said; the verdict is what is judged afterwards', async () => {
    const done = await walk(text, withGit({ ...start, scripts: (files) => ({ ...lint(files), mend: { code: 7 } }) }))
    expect(done.outcome.notes).toEqual(['the `fix` of t/lint did not succeed: exit 7'])
    expect(verdicts(done)).toEqual([['lint', 't', 'fail']])
    expect(done.exit).toBe(1)
  })

  test('whose step then fails for another reason fails the stage', async () => {
    const done = await walk(
      text,
      withGit({
        ...start,
        scripts: (files) => ({
          ...lint(files),
          lint: [
            { code: 1, does: () => files.write('lint.json', eslint(1)) },
            { code: 1, does: () => files.write('lint.json', eslint(1)) },
            { code: 2, does: () => files.write('lint.json', eslint(0)) },
          ],
        }),
      }),
    )
    expect(done.status).toMatchObject({ t: 'failure', 't/lint': 'failure' })
    expect(done.exit).toBe(1)
  })

  test('makes a test that failed before no flaky one', async () => {
    const done = await walk(
      't: { steps: [{ id: s, run: snapshot, fix: update, reports: r.xml }] }',
      withGit({
        fix: true,
        tracked: ['src/a.js'],
        files: { 'src/a.js': 'bad' },
        scripts: (files) => ({
          snapshot: [
            { code: 1, does: () => files.write('r.xml', bad) },
            { code: 0, does: () => files.write('r.xml', junit({ a: 'passed', b: 'passed' })) },
          ],
          update: {},
        }),
      }),
    )
    expect(done.outcome.evidence[0]?.evidence[0]).toMatchObject({ tests: 2, passed: 2, flaky: 0 })
    expect(done.outcome.verdict).toBe('pass')
  })
})
