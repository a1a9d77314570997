import { formatDuration } from '../base/duration.js'
import { count } from '../base/text.js'
import type { InstanceOutcome, Outcome, StageOutcome, Status, StepOutcome } from '../journal/outcome.js'
import { mark, paint, plain } from './terminal-text.js'
import type { Look } from './terminal-text.js'
import { isTolerated, labelOf, printedLines, savedText, statusWords } from './words.js'

/** With more steps than this, those that went well are only counted. */
const manySteps = 60
const printedMost = 30

/** Stages, their instances and steps in the order of the plan; a failed step with its last lines. */
export function stageLines(outcome: Outcome, look: Look): string[] {
  const steps = outcome.stages.flatMap(({ instances }) => instances.flatMap((instance) => instance.steps))
  const brief = steps.length > manySteps
  return outcome.stages.flatMap((stage) => [
    ended(look, { ...stage, name: plain(stage.id) }, 2),
    ...stage.instances.flatMap((instance) => instanceLines(stage, instance, { look, brief })),
  ])
}

interface How {
  look: Look
  brief: boolean
}

function instanceLines(stage: StageOutcome, instance: InstanceOutcome, how: How): string[] {
  const matrix = instance.address !== stage.id
  const head = matrix ? [ended(how.look, { ...instance, name: plain(instance.address) }, 4)] : []
  // What did not run at all says so once, above.
  if (instance.status === 'not-run-here' || stage.status === 'skipped') return head
  const indent = matrix ? 6 : 4
  const quiet = (step: StepOutcome): boolean => how.brief && step.status === 'success'
  const lines = instance.steps.filter((step) => !quiet(step)).flatMap((step) => stepLines(step, indent, how.look))
  const left = instance.steps.filter(quiet).length
  return [...head, ...lines, ...(left > 0 ? [`${' '.repeat(indent)}${count(left, 'step')} passed`] : [])]
}

function stepLines(step: StepOutcome, indent: number, look: Look): string[] {
  const again = step.attempts > 1 ? `  attempt ${step.attempts}` : ''
  const status = isTolerated(step) ? 'warn' : step.status
  const saved = savedText(step)
  const told =
    saved === undefined || saved === step.reason || step.cache?.hit ? '' : `  ${paint(look, 'grey', plain(saved, 300))}`
  const line = `${ended(look, { ...step, status, name: plain(labelOf(step)) }, indent)}${again}${told}`
  if (step.status !== 'failure') return [line]
  const tail = printedLines(step)
    .slice(-printedMost)
    .map((text) => `${' '.repeat(indent + 2)}${paint(look, 'grey', '|')} ${plain(text, 500)}`)
  const log =
    step.log === undefined
      ? []
      : [
          `${' '.repeat(indent + 2)}${paint(look, 'grey', `whole log: ${plain(look.folder === undefined ? step.log : `${look.folder}/${step.log}`)}`)}`,
        ]
  return [line, ...tail, ...log]
}

interface Ended {
  status: Status | 'warn'
  name: string
  duration_ms: number
  reason?: string
}

function ended(look: Look, { status, name, reason, duration_ms }: Ended, indent: number): string {
  const time = duration_ms > 0 ? `  ${paint(look, 'grey', formatDuration(duration_ms))}` : ''
  return `${' '.repeat(indent)}${mark(look, status)} ${name}${time}${why(status, reason)}`
}

function why(status: Ended['status'], reason: string | undefined): string {
  // Nothing that went well says why, but for what did not have to run.
  if (status === 'success') return reason === undefined ? '' : `  ${plain(reason, 500)}`
  if (status === 'warn') return `  failed, which is allowed${reason === undefined ? '' : `: ${plain(reason, 500)}`}`
  return `  ${reason === undefined ? statusWords[status] : plain(reason, 500)}`
}
