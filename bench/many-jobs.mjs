// One job or many on GitHub: wall time, paid minutes and requests, for 10 to 2,000 stages on 1 to 500 runners. A pure simulation, so it takes
// seconds: node bench/many-jobs.mjs [cost=value…], such as `queue=20 cores=2 files=0`; the costs and where they are from stand at its top.
import { grid, row, table } from './figures.mjs'
import { costs, defaults, manyJobs, oneJob, pointFrom, shapes } from './many-jobs/model.mjs'

const cost = { ...defaults }
for (const given of process.argv.slice(2)) {
  const [name, value] = given.split('=')
  if (!Object.hasOwn(costs, name) || !(Number(value) >= 0))
    throw new Error(`\`${given}\` is none of: ${Object.keys(costs).join(', ')}, each with =NUMBER`)
  cost[name] = Number(value)
}

const time = (seconds) => {
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')}`
  return minutes > 0 ? `${minutes}:${String(whole % 60).padStart(2, '0')} min` : `${whole} s`
}
const number = (value) => value.toLocaleString('en')
const names = Object.keys(shapes)

table(
  'What is reckoned with',
  Object.entries(costs).map(([name, [, unit, source]]) => row(name, `${cost[name]} ${unit}`.trim(), source)),
)

const runners = [1, 5, 20, 60, 500]
const sizes = [10, 50, 200, 500, 2000]
for (const seconds of [10, 60, 300])
  grid(
    `Stages of ${time(seconds)}: until the verdict, and minutes paid`,
    ['', 'one job', ...runners.map((n) => `${n} ${n === 1 ? 'runner' : 'runners'}`), 'paid: one', 'many'],
    names.flatMap((shape) =>
      sizes.map((size) => {
        const stages = shapes[shape](size)
        const one = oneJob(stages, seconds, cost)
        const many = runners.map((n) => manyJobs(stages, seconds, n, cost))
        const best = many.map(({ wall }) => (wall < one.wall ? `${time(wall)} *` : `${time(wall)}  `))
        return [`${shape} of ${number(size)}`, time(one.wall), ...best, number(one.minutes), number(many[2].minutes)]
      }),
    ),
  )
console.log('  * sooner than one job; paid minutes of many jobs on 20 runners\n')

const few = Array.from({ length: 40 }, (_, i) => i + 1)
const counts = [...few, 45, 50, 60, 70, 80, 100, 150, 200, 300, 500, 1000, 2000]
const durations = [5, 15, 30, 60, 120, 300, 600]
grid(
  'From how many stages on, up to 2,000, many jobs end sooner than one',
  ['', ...durations.map((seconds) => `each ${time(seconds)}`)],
  names.flatMap((shape) => {
    const graphs = counts.map((count) => shapes[shape](count))
    return runners.slice(1).map((n) => [
      `${shape}, ${n} runners`,
      ...durations.map((seconds) => {
        const from = pointFrom(graphs, seconds, n, cost)
        return from === undefined ? 'never' : number(from)
      }),
    ])
  }),
)

// As src/publish/send.ts does it: the check is made and completed, with 50 annotations in a request, and there is one comment.
const writes = (annotations) => 2 + Math.max(0, Math.ceil(annotations / 50) - 1) + 1
/** The tip of the base and its workflow file, which the job that plans asks for where git cannot have them; the verdict looks for its comment. */
const [rules, looks] = [2, 1]
/** What a job asks that judges what its stage found, where git cannot fetch: the base, where the change left it, and the history. */
const compared = 4
grid(
  'What one run of a pull request asks of GitHub’s API; 1,000 requests an hour and repository are allowed',
  [
    'stages',
    'writes, no annotation',
    'writes, 500 of them',
    'requests where git can fetch',
    'where it cannot',
    'and every stage has gates',
  ],
  sizes.map((size) => [
    number(size),
    writes(0),
    writes(500),
    looks + writes(0),
    number(rules + looks + compared + writes(0)),
    number(rules + looks + compared * (size + 1) + writes(0)),
  ]),
)
const [most, least] = [writes(500), writes(0)]
console.log(`  Only the verdict writes: the check twice, once more for each 50 annotations, and the comment. The job that plans reads whose rules
  judge and hands them on: by git where that may fetch without credentials (public repositories), else by two requests. A job that judges
  asks what it compares with. Artifacts, checkout and the cache are not of this API. A run in one job also tells the check how far it is, at most every 20 s. 80 writes a minute and 500 an hour are
  ${Math.floor(500 / least)} such runs an hour, or ${Math.floor(500 / most)} with 500 annotations each. A matrix has at most 256 jobs: 2,000 instances of a stage are ${Math.ceil(2000 / 256)} matrices.
`)
