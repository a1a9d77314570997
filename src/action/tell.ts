import { renderDiagnostic } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { exitCodes } from '../base/errors.js'
import type { Outcome } from '../journal/outcome.js'
import type { Ports } from '../ports.js'
import { checkName } from '../publish/check.js'
import { annotationCommands, diagnosticCommands, escapeData, escapeProperty } from '../publish/commands.js'
import { fence, prose } from '../publish/markdown.js'
import { titleOf } from '../publish/title.js'
import type { Outputs } from './contract.js'
import { RunnerLog } from './log.js'
import { outputsOf } from './outputs.js'

/** The end of the log, the annotations that no check shows, the summary and the outputs. */
export async function show(outcome: Outcome, folder: string, ports: Ports, summary: boolean): Promise<void> {
  const { renderSummary, renderTerminal } = await import('../publish/render.js')
  const { annotationsOf } = await import('../publish/annotations.js')
  const log = new RunnerLog(ports.terminal, false)
  for (const line of renderTerminal(outcome, { colours: false, columns: 120, folder }).split('\n')) log.say(line)
  const posted = outcome.published.some(({ effect, status }) => effect === 'check' && status !== 'failed')
  tellFailure(outcome, ports)
  if (!posted) {
    const { commands, remark } = annotationCommands(annotationsOf(outcome).annotations)
    for (const command of commands) ports.terminal.out(`${command}\n`)
    if (remark !== undefined) log.say(remark)
  }
  log.say(`GitHub was asked ${ports.github?.requests ?? 0} times; everything about this run: ${folder}`)
  await hand(outputsOf(outcome, folder), summary ? renderSummary(outcome) : undefined)
}

/** What the page of the run shows beside the log: why it is red, and what could not be posted. */
function tellFailure(outcome: Outcome, { terminal }: Ports): void {
  const { workflow, target, verdict, published } = outcome
  const title = escapeProperty(checkName(workflow, target))
  if (verdict !== 'pass' && verdict !== 'warn')
    terminal.out(`::error title=${title}::${escapeData(titleOf(outcome))}\n`)
  // Check and comment mostly fail for one reason, which is told once.
  const byReason = new Map<string, string[]>()
  for (const { effect, status, reason, mend } of published) {
    if (status !== 'failed') continue
    const why = [reason, mend].filter(Boolean).join('; ')
    byReason.set(why, [...(byReason.get(why) ?? []), effect])
  }
  for (const [why, effects] of byReason)
    terminal.out(`::warning title=${title}::${escapeData(`${effects.join(' and ')} not posted: ${why}`)}\n`)
}

/** Tells mistakes in the user's files, each at its line; an event that the file does not answer is none. */
export async function tell(problems: readonly Diagnostic[], { terminal }: Ports, summary: boolean): Promise<number> {
  const log = new RunnerLog(terminal, false)
  if (problems.every(({ code }) => code === 'no-target')) {
    const reason = problems[0]?.message ?? ''
    terminal.out(`::notice title=wf::${escapeData(`nothing to do: ${reason}`)}\n`)
    await hand({ verdict: 'none', reason }, summary ? `### wf: nothing to do\n\n${prose(reason)}\n` : undefined)
    return exitCodes.pass
  }
  // That the rules cannot be had is no mistake in a file: nothing was judged, for a reason outside.
  const isOutside = problems.every(({ code }) => code === 'no-base' || code === 'tag-unknown')
  const text = problems.map(renderDiagnostic).join('\n')
  for (const line of text.split('\n')) log.say(line)
  for (const command of diagnosticCommands(problems)) terminal.out(`${command}\n`)
  const shown = `### ❌ wf could not start\n\n${fence(text, { lines: 200, width: 300, keep: 'head' })}\n`
  const [first] = problems
  const at = first?.place ? `${first.place.file}:${first.place.line}: ` : ''
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : ''
  const reason = `${at}${first?.message ?? ''}${more}`
  await hand({ verdict: isOutside ? 'no-data' : 'invalid', reason }, summary ? shown : undefined)
  return isOutside ? exitCodes.outside : exitCodes.usage
}

/** Writes outputs and the summary the way the runner reads them; that it cannot take them is told and changes nothing. */
export async function hand(outputs: Outputs, summary?: string): Promise<void> {
  // It brings an HTTP client along, which would cost time before the first step.
  const core = await import('@actions/core')
  const file = process.env['GITHUB_OUTPUT']
  try {
    if (file) for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value)
    if (summary !== undefined && process.env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(summary, true).write()
  } catch (cause) {
    core.warning(`outputs or summary could not be written: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}
