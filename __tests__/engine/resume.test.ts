import { describe, expect, test } from '@jest/globals'
import { planResume } from '../../src/engine/resume.js'
import type { ResumeRequest } from '../../src/engine/resume.js'
import type { StepFinished } from '../../src/journal/events.js'
import type { Status } from '../../src/journal/outcome.js'
import type { DoneStep, RunState } from '../../src/journal/state.js'
import type { Plan, PlannedStage, PlannedStep } from '../../src/plan/plan.js'

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

/** A small generator of random numbers with a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
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
        const steps = names.map((name, k) => stepOf(id, name, some(names.slice(0, k), 0.5)))
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
    const state = stateOf(states, some(ids, 0.2))
    const { reuse, reset } = planResume(state, plan, definitions, asked)
    const wrong: string[] = []
    const idle = (stage: PlannedStage): boolean =>
      stage.instances.every(({ steps, finally: last }) =>
        [...steps, ...last].every(({ address }) => reuse.has(address)),
      )
    const above = (stage: PlannedStage): PlannedStage[] =>
      stage.needs.flatMap((need) => plan.stages.filter(({ id }) => id === need)).flatMap((one) => [one, ...above(one)])
    for (const stage of plan.stages)
      for (const { steps, finally: last } of stage.instances)
        for (const step of [...steps, ...last]) {
          const known = reuse.get(step.address)
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
          if (step.needs.some((need) => !reuse.has(`${stage.id}/${need}`)))
            wrong.push(`${step.address} needs a step that runs`)
          if (above(stage).some((one) => !idle(one))) wrong.push(`${step.address} needs a stage that runs`)
        }
    for (const address of reset.keys()) if (!state.steps.has(address)) wrong.push(`${address} never ran`)
    if (wrong.length) throw new Error(`seed ${seed}, round ${round}: ${wrong.join('; ')}`)
  }
})
