// What a run costs in one job and in many, by the steps that `wf sync` gives a job.
import { billedMinutes, schedule } from './schedule.mjs'

/** By name: the value, its unit, and whether it was measured or is assumed. */
export const costs = {
  queue: [10, 's', 'assumed: until a hosted runner is there, 5 to 20 s'],
  frame: [3, 's', 'assumed: GitHub gets the actions, and tidies up'],
  checkout: [3, 's', 'assumed: one commit of a repository of usual size'],
  setup: [8, 's', 'assumed: a language from the cache of tools, packages restored'],
  wf: [0.45, 's', 'measured here: a whole `wf run` of one step that does nothing'],
  step: [0.004, 's', 'measured here: a further step (npm run bench:scale)'],
  up: [1.5, 's', 'assumed: a small artifact up'],
  list: [0.5, 's', 'assumed: to find out which artifacts there are'],
  down: [0.3, 's', 'assumed: a small artifact down; five at once'],
  fold: [0.005, 's', 'as a step of the engine: to read and judge what a job handed over'],
  files: [10, 'MB', 'assumed: what every tenth stage hands on'],
  send: [20, 'MB/s', 'assumed: up'],
  fetch: [50, 'MB/s', 'assumed: down'],
  all: [0, '', 'as `wf sync` writes it: a job fetches the journals of what it needs; 1: of all that has ended'],
  cores: [4, '', 'GitHub: of a standard runner; a stage keeps one busy (private repositories: 2)'],
}

/** The values alone. */
export const defaults = Object.fromEntries(Object.entries(costs).map(([name, [value]]) => [name, value]))

/** By name, the stages that each of so many needs, by number. */
export const shapes = {
  /** One after another. */
  chain: (count) => Array.from({ length: count }, (_, i) => (i ? [i - 1] : [])),
  /** Ten layers; each stage needs three of the layer before. */
  layers(count) {
    const width = Math.max(1, Math.ceil(count / 10))
    return Array.from({ length: count }, (_, i) => {
      const first = Math.floor(i / width) * width - width
      return first < 0 ? [] : [...new Set([0, 1, 2].map((n) => first + ((i + n) % width)))]
    })
  },
  /** None needs another. */
  wide: (count) => Array.from({ length: count }, () => []),
}

const known = new WeakMap()
/** The same of stages that were asked for before. */
function neededBy(stages) {
  if (!known.has(stages)) known.set(stages, countNeeds(stages))
  return known.get(stages)
}

/** Of each stage, how many it needs, directly or not, and how many of these hand files on: every tenth does. */
function countNeeds(stages) {
  const words = Math.ceil(stages.length / 32)
  const behind = []
  return stages.map((needs, at) => {
    const own = new Uint32Array(words)
    for (const need of needs) {
      own[need >> 5] |= 1 << (need & 31)
      for (let i = 0; i < words; i++) own[i] |= behind[need][i]
    }
    behind[at] = own
    const count = { all: 0, files: 0 }
    for (let one = 0; one < at; one++)
      if (own[one >> 5] & (1 << (one & 31))) {
        count.all++
        if (one % 10 === 0) count.files++
      }
    return count
  })
}

/** All stages in one job: as many at once as it has cores. */
export function oneJob(stages, seconds, cost) {
  const { wall } = schedule(
    stages.map((needs) => ({ needs, work: seconds + cost.step })),
    cost.cores,
  )
  const from = cost.queue
  const until = from + cost.frame + cost.checkout + cost.setup + cost.wf + wall
  return { wall: until, minutes: billedMinutes([{ from, until }]) }
}

/**
 * A job that plans, one job a stage, one that judges. A job that needs others fetches their journals, as `wf sync` writes it; with `all`
 * those of all that has ended by then.
 */
export function manyJobs(stages, seconds, runners, cost) {
  const { queue: wait, frame, checkout, setup, wf, up, list, down } = cost
  const base = frame + checkout + wf
  const journals = (count) => list + Math.ceil(count / 5) * down
  const before = neededBy(stages)
  const work = (at) => (ended) => {
    const { all, files } = before[at]
    // The plan leaves none.
    const fetched = all > 0 ? journals(cost.all ? ended - 1 : all) : 0
    const placed = files > 0 ? journals(files) + (files * cost.files) / cost.fetch : 0
    const left = up + (at % 10 === 0 ? up + cost.files / cost.send : 0)
    return base + setup + fetched + placed + seconds + left
  }
  const jobs = [
    { needs: [], wait, work: base },
    ...stages.map((needs, at) => ({ needs: [0, ...needs.map((need) => need + 1)], wait, work: work(at) })),
    {
      needs: stages.map((_, at) => at + 1),
      wait,
      work: base + journals(stages.length) + stages.length * cost.fold,
    },
  ]
  const { spans, wall } = schedule(jobs, runners)
  return { wall, minutes: billedMinutes(spans) }
}

/** Of graphs of stages, ever larger ones, from how many stages on many jobs end before one; nothing where they do not. */
export function pointFrom(graphs, seconds, runners, cost) {
  let from
  for (const stages of graphs)
    if (manyJobs(stages, seconds, runners, cost).wall < oneJob(stages, seconds, cost).wall) from ??= stages.length
    else from = undefined
  return from
}
