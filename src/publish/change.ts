import { compareShares, formatShare } from '../base/share.js'
import type { Share } from '../base/share.js'
import { count } from '../base/text.js'
import type { Category, CoverageEvidence, Evidence, Finding, FindingsEvidence } from '../evidence/evidence.js'
import type { Compared, EarlierRun, EarlierStage, Outcome } from '../journal/outcome.js'

/** A change against its base in figures, in words of ours and numbers alone: `coverage 81.2% ▲ 0.4`. */
export function changeFacts(outcome: Outcome): string[] {
  const { compared } = outcome
  if (!compared) return []
  const [before] = 'sha' in compared.baseline ? (compared.earlier ?? []) : []
  return [
    ...(before ? coverageFact(outcome, before) : []),
    ...patchFact(outcome),
    ...(before ? [...testsFact(outcome, before), ...findingsFact(outcome, before)] : []),
  ]
}

/** What stages left of a kind, and what they had left before; nothing where one of them had left nothing. */
function both<E extends Evidence['kind'], T>(
  { evidence }: Pick<Outcome, 'evidence'>,
  { stages }: EarlierRun,
  kind: E,
  old: (stage: EarlierStage) => T | undefined,
): { now: Extract<Evidence, { kind: E }>[]; before: T[] } | undefined {
  const is = (one: Evidence): one is Extract<Evidence, { kind: E }> => one.kind === kind
  const now = evidence.filter((one) => one.evidence.some(is))
  const before = now.map(({ stage }) => stages.find((one) => one.stage === stage)).map((one) => one && old(one))
  if (now.length === 0 || before.includes(undefined)) return undefined
  return { now: now.flatMap((one) => one.evidence.filter(is)), before: before.flatMap((one) => one ?? []) as T[] }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

/** The lines that all stages cover together. */
export const linesOf = (list: readonly CoverageEvidence[]): Share => ({
  part: sum(list.map(({ lines_covered }) => lines_covered)),
  whole: sum(list.map(({ lines_valid }) => lines_valid)),
})

/** The lines that the same stages covered in an earlier run; nothing where one of them covered none. */
export function linesBefore(outcome: Outcome, run: EarlierRun): Share | undefined {
  const known = both(outcome, run, 'coverage', ({ lines }) => lines && { part: lines[0], whole: lines[1] })
  if (!known) return undefined
  const share = { part: sum(known.before.map(({ part }) => part)), whole: sum(known.before.map(({ whole }) => whole)) }
  return isShare(share) ? share : undefined
}

/** Whether it can be reckoned with: another run may claim any number. */
export const isShare = ({ part, whole }: Share): boolean =>
  Number.isSafeInteger(part) && Number.isSafeInteger(whole) && part >= 0 && whole > 0

/** How many tests the same stages had in an earlier run. */
export function testsBefore(outcome: Outcome, run: EarlierRun): number | undefined {
  const known = both(outcome, run, 'tests', ({ tests }) => tests)
  return known && sum(known.before)
}

function coverageFact(outcome: Outcome, run: EarlierRun): string[] {
  const now = linesOf(coverageIn(outcome))
  const before = linesBefore(outcome, run)
  return before && isShare(now) ? [`coverage ${formatShare(now)} ${arrow(now, before)}`] : []
}

/** All coverage of a run. */
export const coverageIn = ({ evidence }: Outcome): CoverageEvidence[] =>
  evidence.flatMap((one) => one.evidence.filter((e): e is CoverageEvidence => e.kind === 'coverage'))

/** `▲ 0.4` percentage points; rounded, and never to nothing where there is a difference. */
function arrow(now: Share, before: Share): string {
  const order = compareShares(now, before)
  if (order === 0) return '±0'
  const points = Math.abs((100 * now.part) / now.whole - (100 * before.part) / before.whole)
  const shown = points < 0.01 ? 'under 0.01' : String(Math.round(points * 100) / 100)
  return `${order > 0 ? '▲' : '▼'} ${shown}`
}

function patchFact(outcome: Outcome): string[] {
  const patches = coverageIn(outcome).flatMap(({ patch }) => patch ?? [])
  const share = {
    part: sum(patches.map(({ lines_covered }) => lines_covered)),
    whole: sum(patches.map(({ lines_valid }) => lines_valid)),
  }
  if (!isShare(share)) return []
  return [`added lines covered ${formatShare(share)} (${share.part} of ${share.whole})`]
}

function testsFact(outcome: Outcome, run: EarlierRun): string[] {
  const before = testsBefore(outcome, run)
  if (before === undefined) return []
  const now = testsIn(outcome)
  const [added, removed] = [toldBy(outcome, 'added'), toldBy(outcome, 'removed')]
  const signs = [...(added > 0 ? [`+${added}`] : []), ...(removed > 0 ? [`−${removed}`] : [])]
  // Where tests are not known by name only their number is.
  const steps = now === before ? ['±0'] : [now > before ? `▲ ${now - before}` : `▼ ${before - now}`]
  return [`tests ${now} ${signs.length > 0 && added - removed === now - before ? signs.join(' ') : steps.join('')}`]
}

/** How many tests a run holds. */
export const testsIn = ({ evidence }: Outcome): number =>
  sum(evidence.flatMap((one) => one.evidence.flatMap((e) => (e.kind === 'tests' ? [e.tests] : []))))

/** A count that gates of tests tell; what a milestone says of its stages again counts once. */
function toldBy({ verdicts, stages }: Outcome, name: string): number {
  const milestones = new Set(stages.filter(({ milestone }) => milestone).map(({ id }) => id))
  const all = verdicts.filter(({ gate }) => gate === 'tests')
  const own = all.filter(({ address }) => !milestones.has(address))
  const figures = (own.length > 0 ? own : all).flatMap((one) => one.figures.filter((figure) => figure.name === name))
  return sum(figures.map(({ value }) => (/^\d{1,9}$/.test(value) ? Number(value) : 0)))
}

/** Only categories count that were looked for then and now. */
function findingsFact({ evidence }: Outcome, run: EarlierRun): string[] {
  const parts = evidence.flatMap(({ stage, evidence: list }) => {
    const old = run.stages.find((one) => one.stage === stage)?.findings ?? {}
    return list.flatMap((one) => (one.kind === 'findings' ? sorted(one, old) : []))
  })
  if (parts.length === 0) return []
  const [fresh, fixed, known] = [0, 1, 2].map((at) => sum(parts.map((part) => part[at] ?? 0)))
  const more = [...(fixed ? [`${fixed} fixed`] : []), ...(known ? [`${known} known`] : [])]
  return [[`findings ${fresh} new`, ...more].join(', ')]
}

function sorted(
  { findings, findings_omitted, categories }: FindingsEvidence,
  old: Partial<Record<Category, number>>,
): [fresh: number, fixed: number, known: number][] {
  // Of what is not listed nobody can say whether it is new.
  if (findings_omitted > 0) return []
  return categories.flatMap((category) => {
    const before = old[category]
    if (before === undefined) return []
    const counted = findings.filter((one) => one.category === category && one.waived === undefined)
    const known = counted.filter((one) => one.known !== undefined)
    const still = findings.filter((one: Finding) => one.category === category && one.known !== undefined)
    const gone = Math.max(0, before - new Set(still.map(({ fingerprint }) => fingerprint)).size)
    return [[counted.length - known.length, gone, known.length]]
  })
}

/** Which commit the figures are compared with, and how far it is away; `code` sets a name of theirs. Nothing where none is known. */
export function baselineText({ base, baseline }: Compared, code: (text: string) => string): string {
  if (!('sha' in baseline)) return ''
  const { sha, distance } = baseline
  const commit = code(sha.slice(0, 7))
  if (!base) return `${commit}, ${distance > 0 ? `${distance + 1} commits` : 'the commit'} before`
  const named = base.name === null ? commit : `${code(base.name.slice(0, 80))} at ${commit}`
  return distance > 0 ? `${named}, ${count(distance, 'commit')} before the base` : named
}

/** Why there is nothing to compare with, and how to get it; nothing where there is. */
export function missingText({ baseline }: Compared): string {
  if ('sha' in baseline) return ''
  const { missing } = baseline
  const isUnkept = /^no (?:earlier )?run is known/.test(missing) && !missing.includes('fetch-depth')
  const how = isUnkept
    ? '; with `history: branch` in the workflow file each push to the default branch keeps its figures'
    : ''
  return `not compared with earlier runs: ${missing}${how}`
}
