import type { Evidence } from '../evidence/evidence.js'
import { mergeEvidence } from '../evidence/merge.js'
import { fileSeconds } from '../history/file-seconds.js'
import type { JournalLine, ShardAssigned } from './events.js'

/** What the instances of sharded stages were given to run, by address. */
export function assignedIn(lines: readonly JournalLine[]): Map<string, ShardAssigned> {
  const all = new Map<string, ShardAssigned>()
  for (const { event } of lines) if (event.type === 'shard.assigned') all.set(event.instance, event)
  return all
}

/**
 * Why the instances of a stage did not share its tests: two of them split the files differently, so some ran twice or nowhere. Nothing
 * where they agree.
 */
export function splitApart(lines: readonly JournalLine[], stage: string): string | undefined {
  const [first, ...others] = [...assignedIn(lines).values()].filter((one) => one.stage === stage)
  const other = first && others.find(({ split }) => split !== first.split)
  if (!first || !other) return undefined
  return `${first.instance} and ${other.instance} split the test files differently, so that some may have run nowhere: run all of \`${stage}\` again (on GitHub: re-run all jobs)`
}

/** How a stage's files were split, where its instances agree and the lists of all shards are known. */
export function splitIn(
  lines: readonly JournalLine[],
  { stage, shards }: { stage: string; shards: number },
): string[][] | undefined {
  if (splitApart(lines, stage) !== undefined) return undefined
  const own = [...assignedIn(lines).values()].filter((one) => one.stage === stage && one.shards === shards)
  const lists = new Map(own.map(({ shard, files }) => [shard, files]))
  const all = Array.from({ length: shards }, (_, i) => lists.get(i + 1))
  return all.every((list) => list !== undefined) ? all : undefined
}

/** By sharded stage, the seconds that each of its files took in an instance, as the reports tell; the mean where several ran it. */
export function foldFileSeconds(lines: readonly JournalLine[]): Map<string, Map<string, number>> {
  const assigned = assignedIn(lines)
  const files = filesOf([...assigned.values()])
  const reports = reportsIn(lines)
  const stages = new Map<string, Map<string, number[]>>()
  for (const [instance, { stage }] of assigned) {
    const all = stages.get(stage) ?? new Map<string, number[]>()
    for (const [file, time] of secondsOf(reports.get(instance) ?? new Map(), files.get(stage) ?? []))
      all.set(file, [...(all.get(file) ?? []), time])
    stages.set(stage, all)
  }
  return new Map(
    [...stages].map(([stage, all]) => [
      stage,
      new Map([...all].map(([file, times]) => [file, times.reduce((a, b) => a + b, 0) / times.length])),
    ]),
  )
}

/** By stage, all files of its shards. */
function filesOf(assigned: readonly ShardAssigned[]): Map<string, string[]> {
  const all = new Map<string, Set<string>>()
  for (const { stage, files } of assigned) {
    const known = all.get(stage) ?? new Set()
    for (const file of files) known.add(file)
    all.set(stage, known)
  }
  return new Map([...all].map(([stage, files]) => [stage, [...files]]))
}

/** By step, what each of its attempts reported. */
type Attempts = Map<string, Map<number, Evidence[]>>

/** By instance, what its steps reported. */
function reportsIn(lines: readonly JournalLine[]): Map<string, Attempts> {
  const all = new Map<string, Attempts>()
  for (const { event } of lines) {
    if (event.type !== 'report.read' || event.report.evidence?.kind !== 'tests') continue
    const instance = event.step.slice(0, event.step.lastIndexOf('/'))
    const steps: Attempts = all.get(instance) ?? new Map()
    const attempts = steps.get(event.step) ?? new Map<number, Evidence[]>()
    attempts.set(event.attempt, [...(attempts.get(event.attempt) ?? []), event.report.evidence])
    all.set(instance, steps.set(event.step, attempts))
  }
  return all
}

/** The seconds of an instance: of each step what its last attempt tells of a file, and what all steps take of it together. */
function secondsOf(steps: Attempts, files: readonly string[]): Map<string, number> {
  const sum = new Map<string, number>()
  for (const attempts of steps.values()) {
    const told = [...attempts.values()].flatMap((reports) =>
      mergeEvidence(reports).flatMap((one) => (one.kind === 'tests' ? [...fileSeconds(one, files)] : [])),
    )
    for (const [file, time] of new Map(told)) sum.set(file, (sum.get(file) ?? 0) + time)
  }
  return sum
}
