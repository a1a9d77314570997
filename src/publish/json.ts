import type { Evidence, Finding, TestCase } from '../evidence/evidence.js'
import { severities } from '../evidence/evidence.js'
import { count } from '../base/text.js'
import type { Compared, FixesOutcome, InstanceOutcome, Outcome, StageOutcome } from '../journal/outcome.js'
import { cutTexts } from './shrink.js'

/** Bytes of `outcome.json`. */
export const outcomeLimit = 10_000_000

/** How much is left of long lists and texts, in the order in which it is tried. */
const levels: { items: number; text: number; stages: 'whole' | 'without steps' | 'without instances' }[] = [
  { items: 10_000, text: 10_000, stages: 'whole' },
  { items: 2000, text: 4000, stages: 'whole' },
  { items: 500, text: 1000, stages: 'whole' },
  { items: 100, text: 500, stages: 'whole' },
  { items: 20, text: 200, stages: 'whole' },
  { items: 5, text: 200, stages: 'without steps' },
  { items: 0, text: 100, stages: 'without instances' },
]

/**
 * The outcome as JSON text of at most `max` bytes (UTF-8), its keys in a fixed order: equal outcomes give equal text.
 * When it is too long, lists are cut, what failed last of all; their counts and a note say what was left out.
 */
export function renderOutcome(outcome: Outcome, max = outcomeLimit): string {
  const whole = toText(outcome)
  if (Buffer.byteLength(whole) <= max) return whole
  let text = whole
  for (const level of levels) {
    text = toText(shrunk(outcome, level))
    if (Buffer.byteLength(text) <= max) break
  }
  return text
}

const toText = (outcome: Outcome): string => `${JSON.stringify(ordered(outcome), null, 2)}\n`

function ordered(outcome: Outcome): Outcome {
  const { version, run, workflow, target, context, verdict, reason, ...rest } = outcome
  const { verdicts, stages, evidence, not_judged, fixed, fixes, notes, rules, published, ...more } = rest
  const head = { version, run, workflow, target, context, verdict, reason }
  const mended = { fixed, ...(fixes === undefined ? {} : { fixes }) }
  return { ...head, verdicts, stages, evidence, not_judged, ...mended, notes, rules, published, ...more }
}

function shrunk(outcome: Outcome, { items, text, stages }: (typeof levels)[number]): Outcome {
  const left: string[] = []
  const evidence = outcome.evidence.map(({ stage, evidence: list }) => ({
    stage,
    evidence: list.map((one) => shorter(one, items, (what) => left.push(`${what} of ${stage}`))),
  }))
  if (stages !== 'whole') left.push(`the ${stages.slice('without '.length)} of all stages`)
  const said = `this file was too long: texts are cut to ${text} characters, and without ${leftText(left)}`
  const cut = {
    ...outcome,
    evidence,
    stages: outcome.stages.map((stage) => ({ ...stage, instances: instancesOf(stage, stages) })),
    rules: { ...outcome.rules, changes: outcome.rules.changes.slice(0, items) },
    ...(outcome.compared === undefined ? {} : { compared: comparedIn(outcome.compared, items) }),
    published: outcome.published.slice(0, 20),
    ...(outcome.fixes === undefined ? {} : { fixes: fixesIn(outcome.fixes, items) }),
    fixed: outcome.fixed.slice(0, items).map(({ step, files }) => ({ step, files: files.slice(0, items) })),
    notes: [...outcome.notes.slice(0, 20), said],
  }
  return cutTexts(cut, text)
}

function comparedIn({ change, earlier, ...rest }: Compared, items: number): Compared {
  const shown = 'added' in change ? { ...change, added: (change.added ?? []).slice(0, items) } : change
  return { ...rest, change: shown, ...(earlier && items >= 100 ? { earlier } : {}) }
}

/** A patch that is cut is none: there is one for each file, or there is not. */
const fixesIn = ({ files, left, steps, ...rest }: FixesOutcome, items: number): FixesOutcome => ({
  ...rest,
  steps: steps.slice(0, items),
  files: files.slice(0, items).map(({ patch: _, ...file }) => file),
  left: left.slice(0, items),
})

function instancesOf({ instances }: StageOutcome, how: (typeof levels)[number]['stages']): InstanceOutcome[] {
  if (how === 'without instances') return []
  return how === 'whole' ? instances : instances.map((instance) => ({ ...instance, steps: [] }))
}

const leftText = (left: readonly string[]): string =>
  left.length === 0 ? 'nothing else' : `${left.slice(0, 20).join(', ')}${left.length > 20 ? ' and more' : ''}`

/** Evidence with lists of at most `max` entries, what failed first; `say` is told what was left out. */
function shorter(evidence: Evidence, max: number, say: (what: string) => void): Evidence {
  const tell = (left: number, one: string): number => {
    if (left > 0) say(count(left, one))
    return left
  }
  if (evidence.kind === 'coverage') {
    tell(evidence.files.length - max, 'covered file')
    const { patch, files } = evidence
    const left = patch ? Math.max(0, patch.files.length - max) : 0
    const less = patch && { ...patch, files: patch.files.slice(0, max), more: patch.more + left }
    return { ...evidence, files: files.slice(0, max), ...(less ? { patch: less } : {}) }
  }
  if (evidence.kind === 'benchmarks') {
    const left = Math.max(0, tell(evidence.benchmarks.length - max, 'benchmark'))
    const omitted = (evidence.benchmarks_omitted ?? 0) + left
    const benchmarks = evidence.benchmarks.slice(0, max)
    return { ...evidence, benchmarks, ...(omitted > 0 ? { benchmarks_omitted: omitted } : {}) }
  }
  if (evidence.kind === 'findings') {
    const worst = (finding: Finding): number => severities.indexOf(finding.severity)
    const findings = [...evidence.findings].sort((a, b) => worst(a) - worst(b)).slice(0, max)
    const left = tell(evidence.findings.length - findings.length, 'finding')
    return { ...evidence, findings, findings_omitted: evidence.findings_omitted + left }
  }
  const cases = [...evidence.cases].sort((a, b) => rank(a) - rank(b)).slice(0, max)
  const left = tell(evidence.cases.length - cases.length, 'test')
  const { suite_totals: _, ...rest } = evidence
  return { ...rest, cases, cases_omitted: evidence.cases_omitted + left }
}

const rank = ({ status, flaky }: TestCase): number => (status === 'failed' || status === 'error' ? 0 : flaky ? 1 : 2)
