import fc from 'fast-check'
import type { Script } from './processes.js'
import { eslint } from './samples.js'

/** A workflow by chance, and what its processes do. */
export interface RandomWorkflow {
  text: string
  /** By the text of the script: what each attempt does, the last of them again and again. */
  scripts: Record<string, Script[]>
  concurrency: number
  /** The stage to walk to; everything when there is none. */
  target?: string
}

const stepCondition = fc.option(
  fc.constantFrom('always()', 'failure()', 'success()', 'false', 'true', '!cancelled()'),
  {
    nil: undefined,
    freq: 3,
  },
)
const stageCondition = fc.option(fc.constantFrom('always()', 'failure()', 'success()', 'false', '!cancelled()'), {
  nil: undefined,
  freq: 4,
})

const step = fc.record({
  needs: fc.array(fc.nat(9), { maxLength: 3 }),
  if: stepCondition,
  retries: fc.option(fc.nat(2), { nil: undefined, freq: 3 }),
  tolerated: fc.option(fc.boolean(), { nil: undefined, freq: 5 }),
  pool: fc.option(fc.constantFrom('one', 'two'), { nil: undefined, freq: 4 }),
  finds: fc.option(fc.nat(3), { nil: undefined, freq: 2 }),
  attempts: fc.array(fc.record({ code: fc.constantFrom(0, 0, 0, 1), takes: fc.constantFrom(0, 10, 25, 100) }), {
    minLength: 1,
    maxLength: 3,
  }),
})

const stage = fc.record({
  timeout: fc.constantFrom(15, 40, 90),
  needs: fc.array(fc.nat(9), { maxLength: 3 }),
  if: stageCondition,
  matrix: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 3 }),
  failFast: fc.option(fc.boolean(), { nil: undefined }),
  allowed: fc.option(fc.nat(3), { nil: undefined, freq: 2 }),
  ordered: fc.boolean(),
  steps: fc.array(step, { maxLength: 5 }),
  last: fc.array(step, { maxLength: 2 }),
})
type Part<T> = T extends fc.Arbitrary<infer V> ? V : never

/** Small workflows of every shape: lists and graphs, matrices, conditions, retries, pools, milestones. */
export const randomWorkflow: fc.Arbitrary<RandomWorkflow> = workflows({})

/** The same with findings, and gates of stages and milestones over them. */
export const randomJudged: fc.Arbitrary<RandomWorkflow> = workflows({ judged: true })

/** The same with what may keep a run from its end: processes that hang and hear no signal, limits of time, breakers. */
export const randomHanging: fc.Arbitrary<RandomWorkflow> = workflows({ hanging: true })

interface Kind {
  hanging?: boolean
  judged?: boolean
}

function workflows({ hanging = false, judged = false }: Kind): fc.Arbitrary<RandomWorkflow> {
  const parts = fc.record({
    stages: fc.array(stage, { minLength: 1, maxLength: 6 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    target: fc.option(fc.nat(5), { nil: undefined }),
    timeout: fc.option(fc.constantFrom(50, 120), { nil: undefined }),
  })
  return parts.map(({ stages, concurrency, target, timeout }) => {
    const scripts: RandomWorkflow['scripts'] = {}
    const texts = stages.map((one, i) => stageText(one, i, { scripts, hanging, judged }))
    const limit = hanging && timeout !== undefined ? `timeout: ${timeout}ms\n` : ''
    const head = `version: 1\nname: walk\n${limit}stages:\n`
    const walked = target === undefined ? {} : { target: `s${target % stages.length}` }
    return { text: `${head}${texts.map((text) => `  ${text}\n`).join('')}`, scripts, concurrency, ...walked }
  })
}

interface Making {
  scripts: RandomWorkflow['scripts']
  hanging: boolean
  judged: boolean
}

/** Of some numbers those before `i`, as names. */
const before = (numbers: readonly number[], i: number, prefix: string): string[] =>
  i === 0 ? [] : [...new Set(numbers.map((n) => `${prefix}${n % i}`))]

function stageText(one: Part<typeof stage>, i: number, making: Making): string {
  const milestone = one.steps.length === 0
  // A milestone names what it needs; the first stage has nothing to name.
  const steps = milestone && i === 0 ? [{ ...plain }] : one.steps
  const needs = before(milestone && !one.needs.length ? [i - 1] : one.needs, i, 's')
  const own = steps.map((s, n) => stepText(s, `s${i}-${n}`, one.ordered ? [] : before(s.needs, n, 't'), making))
  const last = one.last.map((s, n) => stepText(s, `s${i}-last-${n}`, [], making))
  const withSteps = steps.length > 0
  const parts = [
    ...(needs.length ? [`needs: [${needs.join(', ')}]`] : []),
    ...(one.if === undefined ? [] : [`if: ${JSON.stringify(one.if)}`]),
    ...(withSteps && one.matrix !== undefined ? [`matrix: { n: [${[1, 2, 3].slice(0, one.matrix).join(', ')}] }`] : []),
    ...(withSteps && making.hanging && one.timeout < 90 ? [`timeout: ${one.timeout}ms`] : []),
    ...(withSteps && one.failFast !== undefined ? [`on-failure: ${one.failFast ? 'fail-fast' : 'continue'}`] : []),
    ...(withSteps
      ? [one.ordered ? `steps: [${own.join(', ')}]` : `steps: { ${own.map((s, n) => `t${n}: ${s}`).join(', ')} }`]
      : []),
    ...(withSteps && last.length ? [`finally: [${last.join(', ')}]`] : []),
    ...(making.judged && one.allowed !== undefined ? [`gates: { lint: { issues: ${one.allowed} } }`] : []),
  ]
  return `s${i}: { ${parts.join(', ')} }`
}

const plain: Part<typeof step> = {
  needs: [],
  if: undefined,
  retries: undefined,
  tolerated: undefined,
  pool: undefined,
  finds: undefined,
  attempts: [{ code: 0, takes: 0 }],
}

function stepText(one: Part<typeof step>, script: string, needs: string[], making: Making): string {
  const { scripts, hanging, judged } = making
  const finds = judged ? one.finds : undefined
  // What takes longest hangs, and what fails then hears no signal but the last.
  const hung = (attempt: (typeof one.attempts)[number]): Script =>
    attempt.takes < 100 ? attempt : { hangs: true, ...(attempt.code ? { ignores: ['SIGINT', 'SIGTERM'] } : {}) }
  const found = (attempt: (typeof one.attempts)[number]): Script =>
    finds === undefined ? attempt : { ...attempt, code: finds ? 1 : 0, stdout: eslint(finds) }
  scripts[script] = one.attempts.map(hanging ? hung : found)
  const parts = [
    `run: ${script}`,
    ...(needs.length ? [`needs: [${needs.join(', ')}]`] : []),
    ...(one.if === undefined ? [] : [`if: ${JSON.stringify(one.if)}`]),
    ...(one.retries === undefined ? [] : [`retry: { retries: ${one.retries}, delay: 20ms }`]),
    ...(one.tolerated === undefined ? [] : [`continue-on-error: ${one.tolerated}`]),
    ...(one.pool === undefined ? [] : [`pool: ${one.pool === 'two' ? '{ name: two, size: 2 }' : one.pool}`]),
    ...(finds === undefined ? [] : ['reports: { stdout: eslint-json }']),
    ...(hanging && one.tolerated === true ? ['breaker: { name: r, failures: 2, open: 30ms }'] : []),
  ]
  return `{ ${parts.join(', ')} }`
}
