import { stageOf } from '../base/address.js'
import { formatDuration } from '../base/duration.js'
import { count } from '../base/text.js'
import type { InstanceOutcome, Outcome, Published, StageOutcome } from '../journal/outcome.js'
import { listed, piece } from './budget.js'
import type { Section } from './budget.js'
import { codeSpan, escapeText, fence, indent, link, prose, tableHead, tableRow } from './markdown.js'
import type { Links } from './places.js'
import { notPosted } from './sections-notices.js'
import { asParagraph } from './title.js'
import { allSteps, laterFailures, notJudged } from './view.js'
import type { PlacedStep } from './view.js'
import {
  datalessText,
  isTolerated,
  printedLines,
  reproduce,
  shortSha,
  stepWarnings,
  statusIcons,
  statusWords,
  verdictIcons,
  verdictWords,
} from './words.js'

/** The verdict line: icon, workflow, target, what came of it, the commit, and the page of the run. */
export function headline(outcome: Outcome, links: Links = {}): string {
  const { context, verdict, workflow, target } = outcome
  const sha = shortSha(context)
  const commit = sha === undefined ? [] : [`${codeSpan(sha)}${context.dirty ? ' with uncommitted changes' : ''}`]
  const words = `${verdictIcons[verdict]} ${escapeText(workflow.name, 100)} / ${escapeText(target, 100)} ${verdictWords[verdict]}`
  const log = link('log', links.run)
  return [words, ...commit, ...(log === '' ? [] : [log])].join(' · ')
}

/** Steps that failed, with their reason, what looked like an error first, and their last lines. */
export function failedSteps(outcome: Outcome, max: number): Section {
  const failed = allSteps(outcome).filter(({ step }) => step.conclusion === 'failure')
  return {
    name: 'failed steps',
    head: `#### ❌ ${count(failed.length, 'failed step')}`,
    ...listed(failed, max, failedItem),
    more: (left) => `- … and ${count(left, 'more failed step')}`,
  }
}

/** More lines of a step are in no outcome that wf wrote. */
const maxPrinted = 30

function failedItem({ step }: PlacedStep): string {
  const log = step.log === undefined ? '' : ` (whole log: ${codeSpan(step.log)})`
  const name = step.name === undefined ? '' : ` (${escapeText(step.name, 80)})`
  const head = `- ${codeSpan(step.address)}${name}: ${prose(step.reason ?? 'failed', 500)}${log}`
  const printed = printedLines(step)
  if (printed.length === 0) return head
  return `${head}\n\n${indent(fence(printed.join('\n'), { lines: maxPrinted, width: 200, keep: 'tail' }))}\n`
}

/** Stages and instances that failed or did not run without a step or gate that says why. */
export function otherFailures(outcome: Outcome, max: number): Section {
  const open = (status: string): boolean => status === 'failure' || status === 'not-run-here'
  const remarks = outcome.stages.flatMap((stage) => {
    const instances = stage.instances.filter(
      (instance) =>
        instance.status === 'not-run-here' ||
        (instance.status === 'failure' && unexplained(outcome, stage.id, instance)),
    )
    if (instances.length > 0) return instances.map(({ address, status, reason }) => ({ address, status, reason }))
    const explained = stage.instances.some(({ status }) => open(status)) || judgedBad(outcome, stage.id)
    return open(stage.status) && !explained ? [{ address: stage.id, status: stage.status, reason: stage.reason }] : []
  })
  return {
    name: 'stages that did not succeed',
    head: '#### ❌ Stages that did not succeed',
    ...listed(remarks, max, ({ address, status, reason }) => {
      const why = reason === undefined ? '' : `: ${prose(reason, 300)}`
      return `- ${statusIcons[status]} ${codeSpan(address)} ${statusWords[status]}${why}`
    }),
    more: (left) => `- … and ${count(left, 'more stage')}`,
  }
}

const judgedBad = (outcome: Outcome, stage: string): boolean =>
  outcome.verdicts.some(
    ({ address, status }) => stageOf(address) === stage && (status === 'fail' || status === 'no-data'),
  )
const unexplained = (outcome: Outcome, stage: string, { steps }: InstanceOutcome): boolean =>
  !steps.some(({ conclusion }) => conclusion === 'failure') && !judgedBad(outcome, stage)

/** Warnings of steps, failures that `continue-on-error` lets pass, and remarks on reports. */
export function warnings(outcome: Outcome, max: number): Section {
  const lines = allSteps(outcome).flatMap(({ step }) => stepWarnings(step).map((said) => ({ step, said })))
  return {
    name: 'warnings',
    head: `#### ⚠️ ${count(lines.length, 'warning')}`,
    ...listed(lines, max, ({ step, said }) => `- ${codeSpan(step.address)}: ${prose(said, 300)}`),
    more: (left) => `- … and ${count(left, 'more warning')}`,
  }
}

type Row = Pick<InstanceOutcome, 'address' | 'status' | 'reason' | 'duration_ms' | 'steps'> &
  Pick<StageOutcome, 'unaffected'>

function rowsOf(stage: StageOutcome): Row[] {
  const reason = stage.reason === undefined ? {} : { reason: stage.reason }
  if (stage.milestone || stage.instances.length === 0) return [{ ...stage, address: stage.id, steps: [] }]
  return stage.instances.map((instance) =>
    // An instance can go well and its stage fail a gate; without a matrix the two are one.
    instance.address === stage.id ? { ...instance, status: stage.status, ...reason } : { ...reason, ...instance },
  )
}

/** One row an instance: how it ended, its steps, its time. */
export function stageTable(outcome: Outcome, max: number): Section {
  const rows = outcome.stages.flatMap(rowsOf)
  return {
    name: 'stages',
    head: `**Stages**\n\n${tableHead('Stage', 'Steps', 'Time:')}`,
    ...listed(rows, max, ({ address, status, steps, duration_ms, reason, unaffected }) => {
      const shown = steps
        .slice(0, 12)
        .map(
          (step) =>
            `${isTolerated(step) ? '⚠️' : statusIcons[step.status]} ${escapeText(step.name ?? step.id, 40)}${step.background ? ' (background)' : ''}`,
        )
      const more = steps.length > 12 ? [`… and ${steps.length - 12} more`] : []
      const went = (status === 'success' && !unaffected) || status === 'judged'
      const told = went || steps.some((step) => step.status === 'failure')
      const why = told || reason === undefined ? [] : [prose(reason, 120)]
      const name = `${statusIcons[status]} ${codeSpan(address, 100)}`
      return tableRow(name, [...shown, ...more, ...why].join(' · '), duration_ms > 0 ? formatDuration(duration_ms) : '')
    }),
    more: (left) => tableRow(`… and ${count(left, 'more stage')}`, '', ''),
  }
}

/** The stages that the change does not affect, in one line. */
export function unaffectedLine({ stages }: Outcome): Section {
  const idle = stages.filter(({ unaffected }) => unaffected)
  const shown = idle.slice(0, 50).map(({ id }) => codeSpan(id, 100))
  const more = idle.length > shown.length ? ` and ${idle.length - shown.length} more` : ''
  return piece('what is not affected', idle.length ? `Not affected by this change: ${shown.join(', ')}${more}.` : '')
}

/**
 * What a later target would refuse, what no gate judged, what was mended, what else there is to say; `told` chooses
 * which of what could not be posted belongs to it.
 */
export function remarks(outcome: Outcome, max: number, told: (one: Published) => boolean): Section[] {
  const list = <T>(name: string, head: string, all: readonly T[], item: (one: T) => string): Section => ({
    name,
    head,
    ...listed(all, max, (one) => `- ${item(one)}`),
    more: (left) => `- … and ${left} more`,
  })
  const unsent = notPosted(outcome, told).map((said) => () => said)
  // A stranger's run may report millions of them; only what is shown is written.
  const notes = outcome.notes.map((note) => () => prose(asParagraph(outcome, note), 500))
  const { ungated, dataless } = notJudged(outcome)
  return [
    list('what later targets want', '**Would fail at a later target**', laterFailures(outcome), (later) => {
      return `${codeSpan(later.target)}: ${later.gate} of ${codeSpan(later.address)}, ${prose(later.reason, 300)}`
    }),
    list('what is not judged', '**Not judged by any gate**', ungated, ({ stage, what }) => {
      return `${codeSpan(stage)}: ${escapeText(what.join(', '))}`
    }),
    list('gates without data', '**Not judged**', dataless, ({ stage, gates, failed }) => {
      return `${codeSpan(stage)}: ${escapeText(gates.join(', '))}: ${datalessText(gates.length, failed)}`
    }),
    list('mended files', '**Changed by `--fix`**', outcome.fixed, ({ step, files }) => {
      const shown = files.slice(0, 20).map((file) => codeSpan(file))
      const more = files.length > shown.length ? [`and ${count(files.length - shown.length, 'more file')}`] : []
      return `${codeSpan(step)}: ${[...shown, ...more].join(', ')}`
    }),
    list('notes', '**Notes**', [...unsent, ...notes], (say) => say()),
  ]
}

/** How to walk the same path on a laptop, and which run this was. */
export function reproduction(outcome: Outcome): Section {
  const { run } = outcome
  const told = `Run ${codeSpan(run.id, 80)}, ${formatDuration(run.duration_ms)}, started ${escapeText(run.started, 40)}.`
  return piece('how to reproduce', `Reproduce it with ${codeSpan(reproduce(outcome))}. ${told}`)
}
