import type { Entry } from './entry.js'

/** Seconds by file of tests, by stage: by these files are split among shards. */
export type Timings = Readonly<Record<string, Readonly<Record<string, number>>>>

/** So many files of a stage are kept, of more the longest. */
export const maxFiles = 5000
/** The mean of so many of the newest times of a file counts. */
const newest = 5

/** The name under which stands what a file takes that is not named: no file has this one. */
export const others = ''

/** The times of a stage as they are kept: to 10 milliseconds, sorted by file; those left out are told by their median, for `others`. */
export function keptSeconds(seconds: ReadonlyMap<string, number>, most = maxFiles): Record<string, number> {
  const all = [...seconds].filter(([file]) => file !== '__proto__' && file !== others)
  const longest = all.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  const [kept, left] = [longest.slice(0, most), longest.slice(most)]
  const usual = seconds.get(others) ?? left[left.length >> 1]?.[1]
  const sorted = kept.sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(
    [...sorted, ...(usual === undefined ? [] : [[others, usual] as const])].map(([file, time]) => [
      file,
      rounded(time),
    ]),
  )
}

const rounded = (time: number): number => Math.round(time * 100) / 100

/**
 * What earlier runs tell of these stages, the newest entry first: of each file the mean of its newest times. Stages of which nothing is
 * known are left out. All machines of one run must split by the same answer, so one of them asks and hands it on.
 */
export function shardTimings(earlier: readonly Entry[], stages: Iterable<string>): Timings {
  const timings = new Map<string, Record<string, number>>()
  for (const stage of stages) {
    const times = new Map<string, number[]>()
    for (const { stages: told } of earlier) {
      const seconds = Object.hasOwn(told, stage) ? told[stage]?.file_seconds : undefined
      for (const [file, time] of Object.entries(seconds ?? {})) {
        const all = times.get(file)
        if (!all) times.set(file, [time])
        else if (all.length < newest) all.push(time)
      }
    }
    if (times.size) timings.set(stage, keptSeconds(new Map([...times].map(([file, all]) => [file, meanOf(all)]))))
  }
  return Object.fromEntries(timings)
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
