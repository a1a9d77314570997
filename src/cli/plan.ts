import { writtenDuration } from '../base/duration.js'
import { exitCodes } from '../base/errors.js'
import { count, stripControls } from '../base/text.js'
import type { Git } from '../ports.js'
import type { Plan, PlannedStage, PlannedStep } from '../plan/plan.js'
import { prepare } from '../prepare.js'
import type { Prepared } from '../options.js'
import { pathHelp, pathOptions, readArguments, readPathOptions } from './arguments.js'
import type { Command } from './command.js'
import { tellProblems } from './problems.js'

const help = `usage: wf plan [TARGET] [options]

Shows what would run: the target and all that it needs, in order, with addresses. Nothing runs.
Without TARGET the event decides, else what \`on.pull_request\` names, else every stage.

${pathHelp}
  --json              the plan as JSON
`

/** `wf plan`: the plan as a tree or as JSON. */
export const plan: Command = {
  summary: 'show what would run',
  help,
  async run(args, { ports, cwd }) {
    const { terminal } = ports
    const parsed = readArguments(args, pathOptions, 1, 'plan')
    if (!parsed.ok) return tellProblems(terminal, parsed.problems)
    const { values, positionals } = parsed.value
    const options = readPathOptions(values, positionals[0], cwd, ports.files)
    if (!options.ok) return tellProblems(terminal, options.problems, values.json)
    // What will run depends on the base and not on the state of the checkout, and asking for that takes longer than planning.
    const git = options.value.base === undefined && !options.value.event ? withoutState(ports.git) : ports.git
    const prepared = await prepare(options.value, { ...ports, git })
    if (!prepared.ok) return tellProblems(terminal, prepared.problems, values.json)
    const { plan } = prepared.value
    terminal.out(values.json ? `${JSON.stringify(plan, null, 2)}\n` : renderPlan(plan) + renderRules(prepared.value))
    return exitCodes.pass
  },
}

/** Questions about the checkout. */
const stateful = new Set(['status', 'config'])

const withoutState = (git: Git): Git => ({
  run: async (cwd, args) => (stateful.has(args[0] ?? '') ? { code: 1, stdout: '', stderr: '' } : git.run(cwd, args)),
})

/** Whose rules judge where they are not the file's own, and what the change says otherwise. */
function renderRules({ rules, absent }: Prepared): string {
  const { of, changes, name, sha } = rules
  const base = name ?? sha?.slice(0, 7) ?? 'the base'
  if (of === 'deleted')
    return `\nthis change removes the workflow file: the steps and rules are those of ${shown(base)}\n`
  if (!changes.length) return ''
  const lines = changes.map(
    ({ stage, what, base, change, effect }) =>
      `  ${stage}  ${shown(what)}: ${shown(base)} → ${shown(change)}  ${effect}`,
  )
  const missing = absent
    .filter(({ when }) => when === 'always')
    .map(({ stage, gate, reason }) => `  ${stage}  gates.${gate} fails: ${shown(reason)}`)
  return `${['', `judged by the rules of ${shown(base)}, which this change alters:`, ...lines, ...missing].join('\n')}\n`
}

const shown = (text: string | null): string => (text === null ? 'none' : oneLine(stripControls(text)))

/** The plan as a tree: stages, their instances, their steps; below it what gates in brackets are. */
export function renderPlan(plan: Plan): string {
  const head = `${plan.workflow.name}: to ${plan.target} (${plan.workflow.path})${limitText(plan.timeout_ms)}`
  const implied = plan.stages.some(({ gates }) => gates.some(({ written }) => !written))
  const legend = implied ? ['', '(…): judged if there is evidence'] : []
  return `${[head, ...changeLines(plan), ...plan.stages.flatMap(renderStage), ...legend].join('\n')}\n`
}

/** What is known of the change, where that decides about what runs. */
function changeLines({ change }: Plan): string[] {
  if (!change) return []
  if ('everything' in change) return [`every stage runs, whatever its paths: ${shown(change.everything)}`]
  return [`${count(change.files, 'file')} changed since ${change.base.slice(0, 7)}`]
}

const limitText = (ms: number | undefined): string => (ms === undefined ? '' : `  at most ${writtenDuration(ms)}`)

function renderStage(stage: PlannedStage): string[] {
  const needs = stage.needs.length ? `  needs ${stage.needs.join(', ')}` : ''
  const condition = stage.if ? `  if ${oneLine(stage.if)}` : ''
  const gates = stage.gates.map(({ gate, written }) => (written ? gate : `(${gate})`))
  const judged = gates.length ? [`   gates: ${gates.join(', ')}`] : []
  const milestone = stage.milestone ? '  milestone' : ''
  const limit = limitText(stage.timeout_ms)
  const why = stage.why === undefined ? '' : `  ${stage.unaffected ? stage.why : `(${shown(stage.why)})`}`
  const head = `${stage.id}${stage.name ? ` “${stage.name}”` : ''}${milestone}${needs}${condition}${limit}${why}`
  if (stage.milestone || stage.unaffected) return ['', head, ...judged]
  const instances = stage.dynamic ? [stage.dynamic.like] : stage.instances
  const when = stage.dynamic ? `  ${knownWhen(stage.dynamic)}` : ''
  const lines = instances.flatMap((instance, i) => {
    const only = instances.length === 1 && instance.address === stage.id
    const last = i === instances.length - 1
    const indent = only ? '' : last ? '   ' : '│  '
    const requires = instance.requires.length ? `  requires ${instance.requires.join(', ')}` : ''
    const steps = tree(instance.steps, indent, instance.finally)
    return only ? steps : [`${last ? '└─' : '├─'} ${instance.address}${requires}${when}`, ...steps]
  })
  return ['', head, ...lines, ...judged]
}

/** When the instances of a stage are known whose matrix holds expressions. */
function knownWhen({ after }: NonNullable<PlannedStage['dynamic']>): string {
  const names = after.map((id) => `\`${id}\``).join(' and ')
  const when = after.length ? `${names} ${after.length > 1 ? 'have' : 'has'} ended` : 'the stage begins'
  return `instances known when ${when}`
}

function tree(steps: PlannedStep[], indent: string, last: PlannedStep[]): string[] {
  const all = [...steps.map((step) => ({ step, final: false })), ...last.map((step) => ({ step, final: true }))]
  return all.map(({ step, final }, i) => {
    const mark = i === all.length - 1 ? '└─' : '├─'
    const notes = [
      step.kind,
      ...(step.background ? ['background'] : []),
      ...(step.cached ? ['asks the cache'] : []),
      ...(step.needs.length && !final ? [`after ${step.needs.join(', ')}`] : []),
      ...(final ? ['finally'] : []),
      ...(step.if ? [`if ${oneLine(step.if)}`] : []),
      ...(step.attempts > 1 ? [`up to ${step.attempts} attempts`] : []),
      ...(step.pool === undefined ? [] : [`pool ${step.pool}`]),
      ...(step.breaker === undefined ? [] : [`breaker ${step.breaker}`]),
      ...(step.reports.length ? [`reports ${step.reports.join(', ')}`] : []),
    ]
    return `${indent}${mark} ${step.address}${step.name ? ` “${step.name}”` : ''}  ${notes.join('; ')}`
  })
}

const oneLine = (text: string): string =>
  text
    .trim()
    .split(/\s*\n\s*/)
    .join(' ')
