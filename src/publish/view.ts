import { stageOf } from '../base/address.js'
import type { CoverageEvidence, Evidence, FileCoverage, Finding, TestCase } from '../evidence/evidence.js'
import { categories, severities } from '../evidence/evidence.js'
import type { Verdict, VerdictStatus } from '../gates/verdict.js'
import type {
  InstanceOutcome,
  Outcome,
  RuleChange,
  RulesOutcome,
  StageOutcome,
  StepOutcome,
} from '../journal/outcome.js'
import { gatePlace, gateRanks, inOrder, placesOf } from '../journal/order.js'

/** What one gate says of one stage, and the evidence that it judged; without verdicts no gate judged it. */
export interface Judged {
  gate: string
  stage: string
  status: VerdictStatus | 'not-judged'
  verdicts: Verdict[]
  evidence: Evidence[]
}

/** Every gate with every stage that left evidence for it or that it judged, worst first, then in the order of the plan. */
export function allParts(outcome: Outcome): Judged[] {
  const parts = new Map<string, Judged>()
  const part = (gate: string, stage: string): Judged => {
    const key = JSON.stringify([gate, stage])
    const known = parts.get(key) ?? { gate, stage, status: 'not-judged' as const, verdicts: [], evidence: [] }
    parts.set(key, known)
    return known
  }
  for (const { stage, evidence } of outcome.evidence)
    for (const one of evidence) for (const gate of gatesOf(one)) part(gate, stage).evidence.push(one)
  for (const verdict of outcome.verdicts) part(verdict.gate, stageOf(verdict.address)).verdicts.push(verdict)
  const all = [...parts.values()]
  for (const one of all) one.status = worst(one.verdicts)
  const rank = ({ status }: Judged): number => (status === 'not-judged' ? 4 : gateRanks[status])
  const place = placesOf(outcome.stages)
  return all.sort(
    (a, b) => rank(a) - rank(b) || gatePlace(a.gate) - gatePlace(b.gate) || place(a.stage) - place(b.stage),
  )
}

/**
 * The same as people see it: a milestone's gate with the evidence of the stages that it judged, except for what a stage
 * fails by itself; that is told there.
 */
export function judgedParts(outcome: Outcome): Judged[] {
  const milestones = new Set(outcome.stages.filter(({ milestone }) => milestone).map(({ id }) => id))
  const silent = new Set(outcome.not_judged.flatMap(({ stage, what }) => what.map((gate) => `${gate} ${stage}`)))
  const all = allParts(outcome)
  const above = new Set(all.filter(({ stage }) => milestones.has(stage)).map(({ gate }) => gate))
  const judgedAbove = ({ gate, stage, status }: Judged): boolean =>
    above.has(gate) && !milestones.has(stage) && status === 'not-judged' && !silent.has(`${gate} ${stage}`)
  const below = (gate: string): Evidence[] =>
    all.filter((one) => one.gate === gate && (judgedAbove(one) || isGood(one))).flatMap(({ evidence }) => evidence)
  return all
    .filter((one) => !judgedAbove(one))
    .map((one) => (milestones.has(one.stage) ? { ...one, evidence: [...one.evidence, ...below(one.gate)] } : one))
}

const isGood = ({ status }: Judged): boolean => status === 'pass' || status === 'warn'

/** Evidence that no gate looks at, and gates that had nothing to look at because a step of their stage did not end well. */
export interface NotJudged {
  ungated: { stage: string; what: string[] }[]
  dataless: { stage: string; gates: string[]; failed: boolean }[]
}

/** Tells the two kinds of what was not judged apart: a gate is not missing where its report is. */
export function notJudged({ not_judged: all, evidence, stages }: Outcome): NotJudged {
  const held = new Map<string, Set<string>>()
  for (const { stage, evidence: list } of evidence)
    held.set(stage, new Set(list.flatMap((one) => (holdsData(one) ? [one.kind, ...gatesOf(one)] : []))))
  const broken = new Set(stages.filter(hasFailedStep).map(({ id }) => id))
  const parts = all.map(({ stage, what }) => ({
    stage,
    what: what.filter((name) => held.get(stage)?.has(name)),
    gates: what.filter((name) => !held.get(stage)?.has(name)),
    failed: broken.has(stage),
  }))
  return {
    ungated: parts.flatMap(({ stage, what }) => (what.length > 0 ? [{ stage, what }] : [])),
    dataless: parts.flatMap(({ stage, gates, failed }) => (gates.length > 0 ? [{ stage, gates, failed }] : [])),
  }
}

const hasFailedStep = ({ instances }: StageOutcome): boolean =>
  instances.some(({ steps }) => steps.some(({ conclusion }) => conclusion === 'failure'))

/** Whether there is something to measure; a scanner's empty list is. */
function holdsData(evidence: Evidence): boolean {
  if (evidence.kind === 'tests') return evidence.tests > evidence.skipped
  return evidence.kind !== 'coverage' || evidence.lines_valid + evidence.branches_valid > 0
}

function gatesOf(evidence: Evidence): string[] {
  if (evidence.kind === 'tests' || evidence.kind === 'coverage') return [evidence.kind]
  if (evidence.kind !== 'findings') return []
  return categories.filter(
    (category) => evidence.categories.includes(category) || evidence.findings.some((f) => f.category === category),
  )
}

const worst = (verdicts: readonly Verdict[]): Judged['status'] =>
  [...verdicts].sort((a, b) => gateRanks[a.status] - gateRanks[b.status])[0]?.status ?? 'not-judged'

/** The verdicts in the order in which people see them everywhere. */
export const sortedVerdicts = ({ verdicts, stages }: Outcome): Verdict[] => inOrder(verdicts, stages)

/** Something in a list of evidence, and how many of its kind a reader counted but did not list. */
export interface Listing<T> {
  list: T[]
  unlisted: number
}

/** Tests that failed or ended in an error, without those in quarantine. */
export function failingTests(evidence: readonly Evidence[]): Listing<TestCase> {
  const tests = evidence.filter((one) => one.kind === 'tests')
  const list = tests.flatMap(({ cases }) => cases.filter(isFailing))
  const all = tests.reduce((sum, one) => sum + one.failed + one.errors, 0)
  return { list: list.filter(isCounted), unlisted: Math.max(0, all - list.length) }
}

/** Tests that passed only when run again, without those in quarantine. */
export function flakyTests(evidence: readonly Evidence[]): Listing<TestCase> {
  const tests = evidence.filter((one) => one.kind === 'tests')
  const list = tests.flatMap(({ cases }) => cases.filter((c) => c.flaky))
  const all = tests.reduce((sum, one) => sum + one.flaky, 0)
  return { list: list.filter(isCounted), unlisted: Math.max(0, all - list.length) }
}

/** Tests in quarantine that failed or passed only when run again. */
export const quarantinedTests = (evidence: readonly Evidence[]): TestCase[] =>
  evidence.flatMap((one) => (one.kind === 'tests' ? one.cases.filter((test) => !isCounted(test)) : []))

const isFailing = ({ status }: TestCase): boolean => status === 'failed' || status === 'error'
const isCounted = ({ quarantined }: TestCase): boolean => quarantined === undefined

/** Faster tests are no news, in seconds. */
const slow = 0.1

/** The tests that took longest and at least a tenth of a second, of those that are listed. */
export const slowestTests = (outcome: Outcome, max: number): TestCase[] =>
  outcome.evidence
    .flatMap(({ evidence }) => evidence.flatMap((one) => (one.kind === 'tests' ? one.cases : [])))
    .filter(({ duration_s }) => duration_s !== undefined && duration_s >= slow)
    .sort((a, b) => (b.duration_s ?? 0) - (a.duration_s ?? 0))
    .slice(0, max)

/** Findings of a gate's category, the most severe first, then by place. */
export function findingsOf(evidence: readonly Evidence[], gate: string): Listing<Finding> {
  const reports = evidence.filter((one) => one.kind === 'findings')
  const list = reports.flatMap(({ findings }) => findings.filter(({ category }) => category === gate))
  const unlisted = reports.reduce((sum, one) => sum + one.findings_omitted, 0)
  return { list: list.sort(bySeverity), unlisted }
}

/** Findings by what is to be done about them: `known` ones do not count, `waived` ones are let off, all others are `open`. */
export interface Apart {
  open: Finding[]
  known: Finding[]
  waived: Finding[]
  unlisted: number
}

/**
 * Sets findings apart that the base has too and that somebody let off. Old secrets and vulnerabilities count as new ones do, and so
 * does what is known where nothing else can be why the gate is not met.
 */
export function findingsApart(part: Judged): Apart {
  const { list, unlisted } = findingsOf(part.evidence, part.gate)
  const counted = list.filter(({ waived }) => waived === undefined)
  const fresh = counted.filter(({ known }) => known === undefined)
  const old = counted.filter(({ known }) => known !== undefined)
  const count = part.gate === 'secrets' || part.gate === 'vulnerabilities'
  const areWhy = part.status === 'fail' && fresh.length + unlisted === 0
  const waived = list.filter((finding) => finding.waived !== undefined)
  return count || areWhy
    ? { open: [...fresh, ...old], known: [], waived, unlisted }
    : { open: fresh, known: old, waived, unlisted }
}

const bySeverity = (a: Finding, b: Finding): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
  compare(a.file ?? '\uFFFF', b.file ?? '\uFFFF') ||
  (a.line ?? 0) - (b.line ?? 0)

/** An order of texts that no locale changes. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Files that the tests do not reach whole, the one with the most missing lines first. */
export function uncovered(evidence: readonly Evidence[]): FileCoverage[] {
  const missing = (file: FileCoverage): number => file.lines_valid - file.lines_covered
  const branches = (file: FileCoverage): number => file.branches_valid - file.branches_covered
  return evidence
    .filter((one): one is CoverageEvidence => one.kind === 'coverage')
    .flatMap(({ files }) => files.filter((file) => missing(file) > 0 || branches(file) > 0))
    .sort((a, b) => missing(b) - missing(a) || branches(b) - branches(a) || compare(a.path, b.path))
}

/** A step with the instance that it ran in. */
export interface PlacedStep {
  step: StepOutcome
  instance: InstanceOutcome
}

/** Every step of the run in the order of the plan. */
export const allSteps = (outcome: Outcome): PlacedStep[] =>
  outcome.stages.flatMap(({ instances }) =>
    instances.flatMap((instance) => instance.steps.map((step) => ({ step, instance }))),
  )

/** What would fail at other targets: one entry a verdict and target. */
export const laterFailures = (outcome: Outcome): { target: string; gate: string; address: string; reason: string }[] =>
  outcome.verdicts.flatMap(({ gate, address, later }) => later.map((one) => ({ ...one, gate, address })))

/** Whether the run that reported is of the repository that it reports to, and not of a fork. */
export const isOwnRepository = (
  { repository }: NonNullable<Outcome['reported_by']>,
  context: Outcome['context'],
): boolean => repository.toLowerCase() === context.repository?.toLowerCase()

const effects: readonly RuleChange['effect'][] = ['weaker', 'different', 'stricter']

/** What a change says otherwise than the rules that judged, what it weakens first; nothing where the rules are its own. */
export const sortedChanges = ({ of, changes }: RulesOutcome): RuleChange[] =>
  of === 'own' ? [] : [...changes].sort((a, b) => effects.indexOf(a.effect) - effects.indexOf(b.effect))
