import { describe, expect, test } from '@jest/globals'
import { planResume } from '../../src/engine/resume.js'
import type { ResumeRequest } from '../../src/engine/resume.js'
import type { StepFinished } from '../../src/journal/events.js'
import type { Status } from '../../src/journal/outcome.js'
import type { DoneStep, ReadyStep, RunState } from '../../src/journal/state.js'
import type { Plan, PlannedStage, PlannedStep } from '../../src/plan/plan.js'
import { randomOf } from '../support/random.js'

const finished = (step: string, status: Status, definition = 'same'): StepFinished => ({
  type: 'step.finished',
  step,
  status,
  conclusion: status,
  attempts: 1,
  outputs: {},
  definition,
  warnings: [],
  tail: [],
})
const done = (step: string, status: Status = 'success', more: Partial<DoneStep> = {}): DoneStep => ({
  finished: finished(step, status),
  whole: true,
  reports: [],
  ...more,
})

const stepOf = (stage: string, id: string, needs: string[] = []): PlannedStep => ({
  address: `${stage}/${id}`,
  id,
  kind: 'run',
  needs,
  reports: [],
  attempts: 1,
})
const stageOf = (id: string, needs: string[], steps: PlannedStep[], last: PlannedStep[] = []): PlannedStage => ({
  id,
  needs,
  milestone: steps.length === 0,
  instances: steps.length ? [{ address: id, matrix: {}, requires: [], steps, finally: last }] : [],
  gates: [],
})
const planOf = (...stages: PlannedStage[]): Plan => ({
  version: 1,
  workflow: { name: 'w', path: '.github/wf.yml' },
  target: 'all',
  stages,
})
const stepsIn = (plan: Plan): PlannedStep[] =>
  plan.stages.flatMap(({ instances }) => instances.flatMap((one) => [...one.steps, ...one.finally]))
const same = (plan: Plan): Map<string, string> => new Map(stepsIn(plan).map(({ address }) => [address, 'same']))
const stateOf = (steps: readonly DoneStep[], broken: readonly string[] = []): RunState => ({
  run: 'r',
  target: 'all',
  sha: null,
  until: 0,
  steps: new Map(steps.map((one) => [one.finished.step, one])),
  ready: new Map(),
  planned: new Map(),
  broken: new Set(broken),
})
const request: ResumeRequest = { fresh: false }

/** A step that goes on in the background. */
const serviceOf = (stage: string, id: string, needs: string[] = []): PlannedStep => ({
  ...stepOf(stage, id, needs),
  background: true,
})
const readyOf = (...addresses: string[]): Map<string, ReadyStep> =>
  new Map(addresses.map((address) => [address, { definition: 'same', outputs: { port: address }, whole: true }]))

/** build → test and lint → review → deploy */
const path = planOf(
  stageOf('build', [], [stepOf('build', 'a'), stepOf('build', 'b', ['a'])]),
  stageOf('test', ['build'], [stepOf('test', '1')]),
  stageOf('lint', [], [stepOf('lint', '1')]),
  stageOf('review', ['test', 'lint'], []),
  stageOf('deploy', ['review'], [stepOf('deploy', '1')], [stepOf('deploy', 'finally-1')]),
)
const all = (plan: Plan): DoneStep[] => stepsIn(plan).map(({ address }) => done(address))
const reusedOf = (plan: Plan, state: RunState, asked = request, definitions = same(plan)): string[] => [
  ...planResume(state, plan, definitions, asked).reuse.keys(),
]

describe('what is reused', () => {
  test('all that succeeded and is the same', () => {
    expect(reusedOf(path, stateOf(all(path)))).toEqual(stepsIn(path).map(({ address }) => address))
  })

  test('what failed runs again with all that comes after it, through milestones too', () => {
    const steps = all(path).map((one) => (one.finished.step === 'test/1' ? done('test/1', 'failure') : one))
    const { reuse, reset } = planResume(stateOf(steps, ['test']), path, same(path), request)
    expect([...reuse.keys()]).toEqual(['build/a', 'build/b', 'lint/1'])
    expect([...reset]).toEqual([
      ['test/1', 'it failed'],
      ['deploy/1', 'it needs review, in which steps run again'],
      ['deploy/finally-1', 'it needs review, in which steps run again'],
    ])
  })

  test('a definition that changed says so', () => {
    const definitions = new Map([...same(path), ['build/b', 'other']])
    const { reuse, reset } = planResume(stateOf(all(path)), path, definitions, request)
    expect([...reuse.keys()]).toEqual(['build/a', 'lint/1'])
    expect(reset.get('build/b')).toBe('its definition changed')
  })

  test('what was judged, told a secret, or was skipped where a step failed runs again; what its condition skipped does not', () => {
    const plan = planOf(
      stageOf(
        's',
        [],
        ['judged', 'secret', 'skipped'].map((id) => stepOf('s', id)),
      ),
      stageOf('t', [], [stepOf('t', 'skipped')]),
    )
    const steps = [
      done('s/judged', 'judged'),
      done('s/secret', 'success', { whole: false }),
      done('s/skipped', 'skipped'),
      done('t/skipped', 'skipped'),
    ]
    const { reuse, reset } = planResume(stateOf(steps, ['s']), plan, same(plan), request)
    expect([...reuse.keys()]).toEqual(['t/skipped'])
    expect([...reset.values()]).toEqual([
      'a gate judged what it found',
      'what it told holds a secret, which no journal keeps',
      'it was skipped in a stage that did not succeed',
    ])
  })

  test('from an address on, and a step of a stage', () => {
    const from = (address: string): string[] => reusedOf(path, stateOf(all(path)), { from: address, fresh: false })
    expect(from('deploy')).toEqual(['build/a', 'build/b', 'test/1', 'lint/1'])
    expect(from('build/b')).toEqual(['build/a', 'lint/1'])
    expect(from('lint')).toEqual(['build/a', 'build/b', 'test/1'])
  })

  test('only an address: what it needs has to be there, and nothing else runs', () => {
    const only = { only: 'test', fresh: false }
    const whole = planResume(stateOf(all(path)), path, same(path), only)
    expect([...whole.leave]).toEqual(['deploy/1', 'deploy/finally-1'])
    expect([...whole.reset.keys()]).toEqual(['test/1'])
    const half = stateOf([done('build/a')], ['build'])
    expect(planResume(half, path, same(path), only).missing).toBe('build/b')
  })

  test('in a new checkout only what nothing needs that runs, and that needs nothing that runs', () => {
    const steps = all(path).map((one) => (one.finished.step === 'test/1' ? done('test/1', 'failure') : one))
    const fresh = planResume(stateOf(steps, ['test']), path, same(path), { fresh: true })
    expect([...fresh.reuse.keys()]).toEqual([])
    expect(fresh.reset.get('build/a')).toBe('the files that it left are not here')
    const apart = planOf(...path.stages.filter(({ id }) => id !== 'deploy'))
    expect(reusedOf(apart, stateOf(steps, ['test']), { fresh: true })).toEqual(['lint/1'])
  })
})

describe('what goes on in the background', () => {
  /** install → server → test and check; lint apart. */
  const stage = planOf(
    stageOf(
      't',
      [],
      [
        stepOf('t', 'install'),
        serviceOf('t', 'server', ['install']),
        stepOf('t', 'test', ['server']),
        stepOf('t', 'check', ['test']),
        stepOf('t', 'lint'),
      ],
    ),
  )
  const state = (failed: string[], more: Partial<RunState> = {}): RunState => ({
    ...stateOf(
      all(stage).map((one) => (failed.includes(one.finished.step) ? done(one.finished.step, 'failure') : one)),
      ['t'],
    ),
    ready: readyOf('t/server'),
    ...more,
  })
  const planned = (...args: Parameters<typeof state>) => planResume(state(...args), stage, same(stage), request)

  test('is left out when all that need it are reused, and what it told is kept', () => {
    const { reuse, leave, idle, reset } = planned(['t/lint'])
    expect([...reuse.keys()]).toEqual(['t/install', 't/test', 't/check'])
    expect([...leave]).toEqual(['t/server'])
    expect(idle.get('t/server')).toEqual({ port: 't/server' })
    expect([...reset.keys()]).toEqual(['t/lint'])
  })

  test('is started again for a step that needs it, directly or not, and the others are reused', () => {
    const { reuse, leave, reset } = planned(['t/check'])
    expect([...reuse.keys()]).toEqual(['t/install', 't/test', 't/lint'])
    expect([...leave]).toEqual([])
    expect([...reset]).toEqual([
      ['t/check', 'it failed'],
      ['t/server', 'a step that needs it runs'],
    ])
  })

  test('that was ready when the run was cut off has done its part', () => {
    const cut = state([])
    cut.steps.delete('t/server')
    cut.steps.delete('t/check')
    const { reuse, reset } = planResume(cut, stage, same(stage), request)
    expect([...reuse.keys()]).toEqual(['t/install', 't/test', 't/lint'])
    expect([...reset]).toEqual([['t/server', 'a step that needs it runs']])
  })

  test.each([
    ['died', state(['t/server']), 'it failed'],
    ['was never ready', state([], { ready: new Map() }), 'it was not ready'],
    [
      'told a secret',
      state([], { ready: new Map([['t/server', { definition: 'same', outputs: {}, whole: false }]]) }),
      'what it told holds a secret, which no journal keeps',
    ],
    [
      'is another one now',
      state([], { ready: new Map([['t/server', { definition: 'other', outputs: {}, whole: true }]]) }),
      'its definition changed',
    ],
  ])('that %s runs again with all that needs it', (_, given, reason) => {
    const { reuse, reset } = planResume(given, stage, same(stage), request)
    expect([...reuse.keys()]).toEqual(['t/install', 't/lint'])
    expect(reset.get('t/server')).toBe(reason)
    expect(reset.get('t/test')).toBe('it needs `server`, which runs again')
  })

  test('comes after what runs again before it', () => {
    expect(planned(['t/install']).reset.get('t/server')).toBe('it needs `install`, which runs again')
  })

  test('starts what it needs itself, and for last steps too', () => {
    const two = planOf(
      stageOf(
        't',
        [],
        [serviceOf('t', 'db'), serviceOf('t', 'app', ['db']), stepOf('t', 'test', ['app']), stepOf('t', 'lint')],
        [stepOf('t', 'finally-1')],
      ),
    )
    const given: RunState = { ...stateOf(all(two)), ready: readyOf('t/db', 't/app') }
    const reset = (more: Partial<ResumeRequest>): string[] => [
      ...planResume(given, two, same(two), { ...request, ...more }).reset.keys(),
    ]
    expect(reset({}).sort()).toEqual([])
    expect(reset({ from: 't/test' }).sort()).toEqual(['t/app', 't/db', 't/finally-1', 't/test'])
    expect(reset({ from: 't/finally-1' }).sort()).toEqual(['t/app', 't/db', 't/finally-1'])
  })

  test('is started for the only step that was asked for, and for nobody else', () => {
    const only = (address: string) => planResume(state([]), stage, same(stage), { only: address, fresh: false })
    expect(only('t/test')).toMatchObject({
      leave: new Set(['t/check']),
      reset: new Map(
        Object.entries({
          't/test': 'it was asked for',
          't/server': 'a step that needs it runs',
        }),
      ),
    })
    expect(only('t/test').missing).toBeUndefined()
    expect([...only('t/lint').leave]).toEqual(['t/server'])
  })
})

describe('a stage whose matrix was known when it began', () => {
  const dynamic = (steps: PlannedStep[]): PlannedStage => ({
    ...stageOf('d', ['p'], steps),
    dynamic: { after: ['p'], like: { address: 'd[…]', matrix: {}, requires: [], steps, finally: [] } },
  })
  const [before, later] = [stageOf('p', [], [stepOf('p', '1')]), stageOf('l', ['d'], [stepOf('l', '1')])]

  test('is reused by its instances where they are known', () => {
    const plan = planOf(before, dynamic([stepOf('d', '1')]), later)
    const state = { ...stateOf(all(plan)), planned: new Map([['d', []]]) }
    expect(reusedOf(plan, state)).toEqual(['p/1', 'd/1', 'l/1'])
    expect(reusedOf(plan, { ...state, ...stateOf([done('p/1', 'failure')]), planned: state.planned })).toEqual([])
  })

  test('runs for the first time with all that comes after it where they are not', () => {
    const plan = planOf(before, { ...dynamic([]), milestone: false }, later)
    expect(reusedOf(plan, stateOf(all(plan)))).toEqual(['p/1'])
    expect(reusedOf(plan, stateOf(all(plan)), { fresh: true })).toEqual([])
    const only = planResume(stateOf(all(plan)), plan, same(plan), { only: 'l', fresh: false })
    expect([only.missing, [...only.leave]]).toEqual(['d', ['d']])
  })
})

/** Whether a step runs that needs this one, directly or not; the last steps need all. */
function runsAfter(
  steps: readonly PlannedStep[],
  last: readonly PlannedStep[],
  of: PlannedStep,
  runs: (step: PlannedStep) => boolean,
): boolean {
  const after = steps.filter(({ needs }) => needs.includes(of.id))
  return last.some(runs) || after.some((step) => runs(step) || runsAfter(steps, [], step, runs))
}

test('for random plans and states: nothing reused depends on anything that runs', () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  const random = randomOf(seed)
  const pick = <T>(items: readonly T[]): T => items.at(Math.floor(random() * items.length)) as T
  const some = <T>(items: readonly T[], share: number): T[] => items.filter(() => random() < share)
  for (let round = 0; round < 2000; round++) {
    const ids = Array.from({ length: 1 + Math.floor(random() * 6) }, (_, i) => `s${i}`)
    const plan = planOf(
      ...ids.map((id, i) => {
        const names = Array.from({ length: Math.floor(random() * 4) }, (_, k) => `k${k}`)
        const kindOf = (): typeof stepOf => (random() < 0.25 ? serviceOf : stepOf)
        const steps = names.map((name, k) => kindOf()(id, name, some(names.slice(0, k), 0.5)))
        const needs = some(ids.slice(0, i), 0.4)
        return stageOf(id, needs, steps, steps.length && random() < 0.3 ? [stepOf(id, 'finally-1')] : [])
      }),
    )
    const statuses = ['success', 'success', 'success', 'success', 'failure', 'skipped', 'judged', 'cancelled'] as const
    const states = some(stepsIn(plan), 0.9).map(({ address }) =>
      done(address, pick(statuses), { whole: random() < 0.95 }),
    )
    const definitions = new Map([...same(plan)].map(([address]) => [address, random() < 0.95 ? 'same' : 'other']))
    const asked: ResumeRequest = {
      fresh: random() < 0.3,
      ...(random() < 0.3 && stepsIn(plan).length ? { from: pick(stepsIn(plan)).address } : {}),
    }
    const services = stepsIn(plan).filter(({ background }) => background)
    const state = { ...stateOf(states, some(ids, 0.2)), ready: readyOf(...some(services, 0.8).map((s) => s.address)) }
    const { reuse, reset, leave, idle } = planResume(state, plan, definitions, asked)
    const wrong: string[] = []
    const startedOnly = (address: string): boolean =>
      idle.has(address) || reset.get(address) === 'a step that needs it runs'
    const still = (stage: PlannedStage): boolean =>
      stage.instances.every(({ steps, finally: last }) =>
        [...steps, ...last].every(({ address }) => reuse.has(address) || idle.has(address)),
      )
    const above = (stage: PlannedStage): PlannedStage[] =>
      stage.needs.flatMap((need) => plan.stages.filter(({ id }) => id === need)).flatMap((one) => [one, ...above(one)])
    for (const stage of plan.stages)
      for (const { steps, finally: last } of stage.instances)
        for (const step of [...steps, ...last]) {
          const known = reuse.get(step.address)
          if (step.background) {
            const needed = runsAfter(steps, last, step, (one) => !reuse.has(one.address) && !idle.has(one.address))
            if (known) wrong.push(`${step.address} is reused, and goes on in the background`)
            if (needed && idle.has(step.address)) wrong.push(`${step.address} is needed and left out`)
            if (idle.has(step.address) !== leave.has(step.address)) wrong.push(`${step.address} is left out by half`)
            continue
          }
          if (!known) {
            if (
              asked.fresh &&
              above(stage).some((one) => !one.milestone && [...reuse.keys()].some((a) => a.startsWith(`${one.id}/`)))
            )
              wrong.push(`${step.address} runs without the files of what it needs`)
            continue
          }
          if (reset.has(step.address)) wrong.push(`${step.address} is both`)
          if (step.address === asked.from) wrong.push(`${step.address} was asked for`)
          if (!['success', 'skipped'].includes(known.finished.status)) wrong.push(`${step.address} did not succeed`)
          if (definitions.get(step.address) !== 'same' || (!known.whole && known.finished.status === 'success'))
            wrong.push(`${step.address} is another one`)
          if (step.needs.some((need) => !reuse.has(`${stage.id}/${need}`) && !startedOnly(`${stage.id}/${need}`)))
            wrong.push(`${step.address} needs a step that runs`)
          if (above(stage).some((one) => !still(one))) wrong.push(`${step.address} needs a stage that runs`)
        }
    for (const address of reset.keys())
      if (!state.steps.has(address) && !state.ready.has(address)) wrong.push(`${address} never ran`)
    if (wrong.length) throw new Error(`seed ${seed}, round ${round}: ${wrong.join('; ')}`)
  }
})
