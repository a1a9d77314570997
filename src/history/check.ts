import { categories } from '../evidence/evidence.js'
import type { BenchmarkEntry, BreakerState, CoverageEntry, Counted, Entry, StageEntry, TestsEntry } from './entry.js'
import { maxFiles } from './timings.js'
import type { Timings } from './timings.js'

/**
 * One line of a history as an entry; nothing for anything else. Whoever may write to a history may write what they like, so only what
 * has the shape of an entry is taken over, member by member; maps have no prototype.
 */
export function readEntry(line: string): Entry | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  return entryIn(value)
}

type Members = Readonly<Record<string, unknown>>
type Read<T> = (value: unknown) => T | undefined

function entryIn(value: unknown): Entry | undefined {
  if (!isMap(value) || value['version'] !== 1 || !isMap(value['workflow'])) return undefined
  const { commit, at, target, verdict } = texts(value, ['commit', 'at', 'target', 'verdict']) ?? {}
  const workflow = texts(value['workflow'], ['name', 'path'])
  const stages = mapOf(value['stages'], stageIn)
  const duration_ms = amount(value['duration_ms'])
  if (commit === undefined || at === undefined || target === undefined || verdict === undefined) return undefined
  if (!workflow || !stages || duration_ms === undefined) return undefined
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) || Number.isNaN(Date.parse(at))) return undefined
  const breakers = value['breakers'] === undefined ? undefined : mapOf(value['breakers'], breakerIn)
  if (value['breakers'] !== undefined && !breakers) return undefined
  const unaffected = value['unaffected'] === undefined ? [] : listOf(value['unaffected'], text)
  if (!unaffected) return undefined
  const idle = unaffected.length ? { unaffected } : {}
  const whole: Entry = { version: 1, commit, at, workflow, target, verdict, duration_ms, stages, ...idle }
  return breakers ? { ...whole, breakers } : whole
}

function breakerIn(value: unknown): BreakerState | undefined {
  if (!isMap(value)) return undefined
  const failures = amount(value['failures'])
  const since = value['since'] === undefined ? undefined : amount(value['since'])
  if (failures === undefined || (value['since'] !== undefined && since === undefined)) return undefined
  return { failures, ...(since === undefined ? {} : { since }) }
}

function stageIn(value: unknown): StageEntry | undefined {
  if (!isMap(value)) return undefined
  const duration_ms = amount(value['duration_ms'])
  if (duration_ms === undefined) return undefined
  const entry: StageEntry = { duration_ms }
  const isWhole = (
    [
      ['tests', testsIn],
      ['coverage', coverageIn],
      ['findings', findingsIn],
      ['benchmarks', (one) => mapOf(one, benchmarkIn)],
      ['file_seconds', secondsIn],
    ] satisfies [keyof StageEntry, Read<unknown>][]
  ).every(([key, read]) => {
    if (value[key] === undefined) return true
    const read_ = read(value[key])
    Object.assign(entry, { [key]: read_ })
    return read_ !== undefined
  })
  return isWhole ? entry : undefined
}

function testsIn(value: unknown): TestsEntry | undefined {
  if (!isMap(value)) return undefined
  const counts = amounts(value, ['tests', 'passed', 'failed', 'skipped', 'duration_s'])
  const [flaky, skipped_keys] = [listOf(value['flaky'], text), listOf(value['skipped_keys'], text)]
  const slowest = listOf(value['slowest'], timeIn)
  const keys = value['keys'] === undefined ? [] : listOf(value['keys'], text)
  if (!counts || !flaky || !skipped_keys || !slowest || !keys) return undefined
  return { ...counts, ...(value['keys'] === undefined ? {} : { keys }), flaky, skipped_keys, slowest }
}

function timeIn(value: unknown): [key: string, seconds: number] | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [key, seconds] = [text(value[0]), amount(value[1])]
  return key === undefined || seconds === undefined ? undefined : [key, seconds]
}

function coverageIn(value: unknown): CoverageEntry | undefined {
  if (!isMap(value)) return undefined
  const [lines, branches] = [countedIn(value['lines']), countedIn(value['branches'])]
  const functions = value['functions'] === undefined ? none : countedIn(value['functions'])
  const files = mapOf(value['files'], countedIn)
  if (!lines || !branches || !functions || !files) return undefined
  return { lines, branches, ...(functions === none ? {} : { functions }), files }
}

const none: Counted = [0, 0]

function countedIn(value: unknown): Counted | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [covered, valid] = [amount(value[0]), amount(value[1])]
  return covered === undefined || valid === undefined || covered > valid ? undefined : [covered, valid]
}

function findingsIn(value: unknown): StageEntry['findings'] | undefined {
  const all = mapOf(value, (list) => listOf(list, text))
  return all && Object.keys(all).every((key) => (categories as readonly string[]).includes(key)) ? all : undefined
}

function benchmarkIn(value: unknown): BenchmarkEntry | undefined {
  if (!isMap(value)) return undefined
  const { value: measured, unit, better } = value
  if (typeof measured !== 'number' || !Number.isFinite(measured) || typeof unit !== 'string') return undefined
  if (better !== undefined && better !== 'smaller' && better !== 'bigger') return undefined
  return { value: measured, unit, ...(better === undefined ? {} : { better }) }
}

const secondsIn: Read<Record<string, number>> = (value) =>
  isMap(value) && Object.keys(value).length <= maxFiles + 1 ? mapOf(value, amount) : undefined

/** Times that one machine hands to another; nothing for anything else. */
export const readTimings: Read<Timings> = (value) => mapOf(value, secondsIn)

const isMap = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

const text: Read<string> = (value) => (typeof value === 'string' ? value : undefined)
const amount: Read<number> = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined

/** All of these members, where each is what `read` takes. */
function members<K extends string, T>(value: Members, keys: readonly K[], read: Read<T>): Record<K, T> | undefined {
  const found = keys.map((key) => [key, read(value[key])] as const)
  return found.every(([, one]) => one !== undefined) ? (Object.fromEntries(found) as Record<K, T>) : undefined
}

const texts = <K extends string>(value: Members, keys: readonly K[]) => members(value, keys, text)
const amounts = <K extends string>(value: Members, keys: readonly K[]) => members(value, keys, amount)

function listOf<T>(value: unknown, read: Read<T>): T[] | undefined {
  if (!Array.isArray(value)) return undefined
  const list = value.map(read)
  return list.every((one) => one !== undefined) ? list : undefined
}

function mapOf<T>(value: unknown, read: Read<T>): Record<string, T> | undefined {
  if (!isMap(value)) return undefined
  const map = Object.create(null) as Record<string, T>
  for (const [key, one] of Object.entries(value)) {
    const member = key === '__proto__' ? undefined : read(one)
    if (member === undefined) return undefined
    map[key] = member
  }
  return map
}
