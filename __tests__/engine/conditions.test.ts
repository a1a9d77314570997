import { describe, expect, test } from '@jest/globals'
import { walk } from '../support/walk.js'

const statuses = async (text: string, options: Parameters<typeof walk>[1] = {}): Promise<Record<string, string>> => {
  const { status } = await walk(text, options)
  return status
}
const failing = { scripts: { bad: { code: 1 } } }

describe('`if` in a list', () => {
  test('a skipped step does not stop the next one', async () => {
    expect(await statuses(`t: { steps: [{ if: 'false', run: a }, { run: b }] }`)).toEqual({
      t: 'success',
      't/1': 'skipped',
      't/2': 'success',
    })
  })

  test('after a failure only those run that ask for it', async () => {
    const done = await walk(
      `t:
  steps:
    - { id: bad, run: bad }
    - { id: plain, run: a }
    - { id: own, if: "1 == 1", run: b }
    - { id: ok, if: success(), run: c }
    - { id: sad, if: failure(), run: d }
    - { id: any, if: always(), run: e }
    - { id: cut, if: cancelled(), run: f }
    - { id: mixed, if: "failure() && steps.bad.outcome == 'failure'", run: g }`,
      failing,
    )
    expect(done.status).toEqual({
      t: 'failure',
      't/bad': 'failure',
      't/plain': 'skipped',
      't/own': 'skipped',
      't/ok': 'skipped',
      't/sad': 'success',
      't/any': 'success',
      't/cut': 'skipped',
      't/mixed': 'success',
    })
    expect(done.step('t/plain').reason).toBe('`bad` failed before')
    expect(done.step('t/ok').reason).toBe('`if: success()` does not hold')
    expect(done.exit).toBe(1)
  })

  test('one that cannot be evaluated fails its step with the reason', async () => {
    const done = await walk(`t: { steps: [{ id: a, if: "fromJSON(github.event.nothing).x", run: a }, { run: b }] }`)
    expect(done.step('t/a')).toMatchObject({
      status: 'failure',
      attempts: 0,
      reason: '${{ fromJSON(github.event.nothing).x }}: fromJSON: the text is empty',
    })
    expect(done.status['t/2']).toBe('skipped')
    expect(done.exit).toBe(1)
  })
})

describe('`if` in a map', () => {
  test('what needs a skipped step is skipped, and so on down the chain, as jobs of GitHub are', async () => {
    const done = await walk(`t:
  steps:
    a: { if: 'false', run: a }
    b: { needs: a, run: b }
    c: { needs: b, if: always(), run: c }
    d: { needs: c, run: d }
    e: { run: e }`)
    expect(done.status).toMatchObject({
      't/a': 'skipped',
      't/b': 'skipped',
      't/c': 'success',
      't/d': 'skipped',
      't/e': 'success',
      t: 'success',
    })
    expect(done.step('t/b').reason).toBe('it needs `a`, which was skipped')
    expect(done.step('t/d').reason).toBe('it needs `c`, and not all that `c` needs succeeded')
  })

  test('failure() asks for what the step needs, directly or not', async () => {
    const done = await walk(
      `t:
  on-failure: continue
  steps:
    bad: { run: bad }
    near: { needs: bad, if: failure(), run: a }
    far: { needs: near, if: failure(), run: b }
    apart: { if: failure(), run: c }
    ok: { run: d }`,
      failing,
    )
    expect(done.status).toMatchObject({
      't/near': 'success',
      't/far': 'success',
      't/apart': 'skipped',
      't/ok': 'success',
      t: 'failure',
    })
  })
})

describe('`if` of stages', () => {
  const chain = `bad: { steps: [{ run: bad }] }
plain: { needs: bad, steps: [{ run: a }] }
sad: { needs: bad, if: failure(), steps: [{ run: b }] }
deep: { needs: sad, steps: [{ run: c }] }
told: { needs: [bad, plain], if: "always() && needs.bad.result == 'failure' && needs.plain.result == 'skipped'", steps: [{ run: d }] }
calm: { needs: bad, if: "!cancelled()", steps: [{ run: e }] }
ok: { steps: [{ run: f }] }`

  test('a failure goes down the whole chain, unless a stage asks for the status', async () => {
    const done = await walk(chain, failing)
    expect(done.status).toMatchObject({
      bad: 'failure',
      plain: 'skipped',
      sad: 'success',
      deep: 'skipped',
      told: 'success',
      calm: 'success',
      ok: 'success',
    })
    const reasons = Object.fromEntries(done.outcome.stages.map((s) => [s.id, s.reason]))
    expect(reasons['plain']).toBe('it needs `bad`, which failed')
    expect(reasons['deep']).toBe('it needs `sad`, and not all that `sad` needs succeeded')
    expect(done.step('plain/1').status).toBe('skipped')
  })

  test('a skipped stage skips what needs it, and fails nothing, and that is not good', async () => {
    const done = await walk(`a: { if: "github.ref_name == 'main'", steps: [{ run: a }] }
b: { needs: a, steps: [{ run: b }] }
c: { needs: b }`)
    expect(done.status).toMatchObject({ a: 'skipped', b: 'skipped', c: 'skipped' })
    expect(done.outcome).toMatchObject({ verdict: 'no-data', reason: 'every stage was skipped' })
  })

  test('a target that was skipped is not good', async () => {
    const done = await walk(
      `a: { if: "github.ref_name == 'main'", steps: [{ run: a }] }
b: { steps: [{ run: b }] }
c: { needs: [a, b] }`,
      { target: 'c' },
    )
    expect(done.outcome).toMatchObject({ verdict: 'no-data', reason: 'c was skipped: it needs `a`, which was skipped' })
    expect(done.exit).toBe(1)
  })

  test('one that cannot be evaluated fails its stage', async () => {
    const done = await walk(`a: { if: "fromJSON(github.event.x)", steps: [{ run: a }] }`)
    expect(done.status).toEqual({ a: 'failure', 'a/1': 'skipped' })
    expect(done.outcome.reason).toBe('failed: a')
    expect(done.exit).toBe(1)
  })
})

describe('the last steps', () => {
  const text = `t:
  steps: [{ id: work, run: work }]
  finally:
    - { id: plain, run: a }
    - { id: sad, if: failure(), run: b }
    - { id: glad, if: success(), run: c }
    - { id: bad-too, run: bad }
    - { id: after, run: d }`

  test('run whatever happened, each by its own condition, and one that fails stops no other', async () => {
    expect(await statuses(text, { scripts: { work: { code: 1 }, bad: { code: 1 } } })).toEqual({
      t: 'failure',
      't/work': 'failure',
      't/plain': 'success',
      't/sad': 'success',
      't/glad': 'skipped',
      't/bad-too': 'failure',
      't/after': 'success',
    })
    expect(await statuses(text)).toMatchObject({ t: 'success', 't/sad': 'skipped', 't/glad': 'success' })
  })

  test('one that fails fails its stage', async () => {
    expect(await statuses(text, failing)).toMatchObject({ 't/work': 'success', 't/bad-too': 'failure', t: 'failure' })
  })
})

describe('continue-on-error', () => {
  test('keeps a failure from counting, and it is seen', async () => {
    const done = await walk(
      `t: { steps: [{ id: bad, run: bad, continue-on-error: true }, { id: next, assert: "steps.bad.outcome == 'failure' && steps.bad.conclusion == 'success'" }] }`,
      failing,
    )
    expect(done.status).toEqual({ t: 'success', 't/bad': 'failure', 't/next': 'success' })
    expect(done.step('t/bad').conclusion).toBe('success')
    expect(done.outcome.verdict).toBe('warn')
    expect(done.exit).toBe(0)
  })

  test('may be an expression', async () => {
    const text = (value: string): string =>
      `t: { matrix: { mode: [${value}] }, steps: [{ id: bad, run: bad, continue-on-error: "\${{ matrix.mode == 'soft' }}" }] }`
    expect((await walk(text('soft'), failing)).exit).toBe(0)
    expect((await walk(text('hard'), failing)).exit).toBe(1)
  })

  test('that cannot be evaluated tolerates nothing, and says so', async () => {
    const done = await walk(
      `t: { steps: [{ id: bad, run: bad, continue-on-error: "\${{ fromJSON(github.event.x) }}" }] }`,
      failing,
    )
    expect(done.step('t/bad')).toMatchObject({
      conclusion: 'failure',
      attempts: 1,
      reason: 'exit 1; ${{ fromJSON(github.event.x) }}: fromJSON: the text is empty',
    })
  })
})

describe('on-failure', () => {
  const text = (mode: string): string => `t:
  on-failure: ${mode}
  steps:
    bad: { run: bad }
    slow: { run: slow }
    later: { needs: slow, run: later }
    dependent: { needs: bad, run: x }
    sad: { needs: bad, if: failure(), run: sad }
    any: { needs: bad, if: always(), run: any }
    watcher: { if: always(), run: watcher }
  finally: [{ id: end, run: end }]`
  const scripts = {
    bad: { code: 1, takes: 10 },
    slow: { takes: 1000 },
    sad: { takes: 100 },
    any: { takes: 100 },
    watcher: { takes: 500 },
  }

  test('fail-fast stops what runs, starts nothing but what asks for the status, and runs the last steps', async () => {
    const done = await walk(text('fail-fast'), { scripts })
    expect(done.status).toEqual({
      t: 'failure',
      't/bad': 'failure',
      't/slow': 'cancelled',
      't/later': 'skipped',
      't/dependent': 'skipped',
      't/sad': 'success',
      't/any': 'success',
      't/watcher': 'success',
      't/end': 'success',
    })
    expect(done.started.find(({ script }) => script === 'slow')).toMatchObject({ to: 10, signals: ['SIGINT'] })
    expect(done.started.find(({ script }) => script === 'sad')?.signals).toEqual([])
    expect(done.started.find(({ script }) => script === 'watcher')).toMatchObject({ to: 500, signals: [] })
    expect(done.step('t/slow').reason).toBe('stopped while it ran, since `bad` failed')
    expect(done.step('t/later').reason).toBe('it needs `slow`, which was cancelled')
    expect(done.outcome.reason).toBe('failed: t/bad')
  })

  test('continue goes on with all that does not need what failed', async () => {
    const done = await walk(text('continue'), { scripts })
    expect(done.status).toMatchObject({
      t: 'failure',
      't/slow': 'success',
      't/later': 'success',
      't/dependent': 'skipped',
      't/end': 'success',
    })
    expect(done.step('t/dependent').reason).toBe('it needs `bad`, which failed')
  })

  test('says whether the instances of a matrix go on after one failed', async () => {
    const matrix = (mode: string): string =>
      `t: { on-failure: ${mode}, matrix: { n: [bad, good] }, steps: [{ run: "\${{ matrix.n }}" }] }`
    const fast = await walk(matrix('fail-fast'), failing)
    expect(fast.status).toEqual({
      t: 'failure',
      't[n=bad]': 'failure',
      't[n=bad]/1': 'failure',
      't[n=good]': 'skipped',
      't[n=good]/1': 'skipped',
    })
    expect(fast.outcome.stages[0]?.instances[1]?.reason).toBe('another instance failed')
    expect((await walk(matrix('continue'), failing)).status['t[n=good]/1']).toBe('success')
  })
})
