import { relative } from 'node:path'
import { error, renderDiagnostic } from '../base/diagnostic.js'
import { listenToInterrupts } from '../host/interrupts.js'
import { ok } from '../base/result.js'
import type { Ports } from '../ports.js'
import { prepare } from '../prepare.js'
import { exitCodeOf } from '../journal/exit-code.js'
import type { RunOptions } from '../options.js'
import { pathHelp, pathOptions, readArguments, readPathOptions } from './arguments.js'
import type { Command } from './command.js'
import { LiveView } from './live.js'
import type { Loudness } from './live.js'
import { tellProblems } from './problems.js'

const help = `usage: wf run [TARGET] [options]

Walks the path here: runs the target and all that it needs, reads the reports, judges the evidence.
Without TARGET the event decides, else what \`on.pull_request\` names, else every stage.

${pathHelp}
  --secret NAME       a secret, read from the variable NAME; steps that list it see it; may be repeated
  --concurrency N     how many steps run at once (default: the cores)
  --fix               run the \`fix\` commands of what fails a gate, judge again, and list the files that changed
  --resume RUN        go on from an earlier run, \`last\` or an id: what succeeded there and is the same is not run again
  --from ADDRESS      of the last run, or of --resume RUN: run this stage or step and all that comes after it again
  --only ADDRESS      likewise, and nothing else than this
  --isolated          each instance in a clean checkout with nothing but what is handed to it, as on runners; without the cache
  --no-cache          run every step, and keep no results
  --verbose, --quiet  show every line of the steps, or only the end report
  --json              the outcome as JSON on standard output

Exit: 0 all gates pass; 1 a step or a gate failed, or nothing could be judged; 2 a mistake in the file or the arguments;
3 an outside service failed; 130 cancelled; 70 a bug.
`

const runOptions = {
  ...pathOptions,
  secret: { type: 'string', multiple: true },
  concurrency: { type: 'string' },
  fix: { type: 'boolean' },
  resume: { type: 'string' },
  from: { type: 'string' },
  only: { type: 'string' },
  isolated: { type: 'boolean' },
  'no-cache': { type: 'boolean' },
  verbose: { type: 'boolean' },
  quiet: { type: 'boolean' },
} as const

/** `wf run`: the whole path on this machine. */
export const run: Command = {
  summary: 'walk the path here: run the steps, judge the evidence',
  help,
  async run(args, { ports, cwd }) {
    const { terminal } = ports
    const parsed = readArguments(args, runOptions, 1, 'run')
    if (!parsed.ok) return tellProblems(terminal, parsed.problems)
    const { values, positionals } = parsed.value
    const path = readPathOptions(values, positionals[0], cwd, ports.files)
    if (!path.ok) return tellProblems(terminal, path.problems, values.json)
    const secrets = readSecrets(values.secret ?? [], ports)
    if ('missing' in secrets)
      return tellProblems(
        terminal,
        [
          error('arguments', `the variable \`${secrets.missing}\` is not set`, {
            hint: '`--secret NAME` takes its value from the environment',
          }),
        ],
        values.json,
      )
    const concurrency = values.concurrency === undefined ? undefined : Number(values.concurrency)
    if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency > 0))
      return tellProblems(
        terminal,
        [error('arguments', `\`--concurrency ${values.concurrency ?? ''}\` is no number of steps`)],
        values.json,
      )
    const options: RunOptions = {
      ...path.value,
      secrets: secrets.values,
      fix: values.fix ?? false,
      ...resumeOf(values),
      noCache: values['no-cache'] ?? false,
      ...(concurrency === undefined ? {} : { concurrency }),
    }
    const loudness: Loudness =
      values.json || values.quiet ? 'nothing' : values.verbose || !terminal.interactive ? 'lines' : 'steps'
    const isolated = values.isolated ?? false
    if (isolated && (options.resume || options.fix))
      return tellProblems(
        terminal,
        [
          error('arguments', `\`--isolated\` does not go with \`--${otherOf(values)}\``, {
            hint: 'its checkouts are new ones, and gone when it ends',
          }),
        ],
        values.json,
      )
    return start(options, ports, { loudness, json: values.json ?? false, cwd, isolated })
  },
}

const otherOf = (values: { fix?: boolean; from?: string; only?: string }): string =>
  (['fix', 'from', 'only'] as const).find((name) => values[name] !== undefined) ?? 'resume'

function resumeOf({
  resume,
  from,
  only,
}: {
  resume?: string
  from?: string
  only?: string
}): Pick<RunOptions, 'resume'> {
  if (resume === undefined && from === undefined && only === undefined) return {}
  const address = { ...(from === undefined ? {} : { from }), ...(only === undefined ? {} : { only }) }
  return { resume: { run: resume ?? 'last', ...address, fresh: false } }
}

function readSecrets(names: readonly string[], ports: Ports): { values: Record<string, string> } | { missing: string } {
  const values: Record<string, string> = {}
  for (const name of names) {
    const value = ports.processes.environment[name]
    if (value === undefined) return { missing: name }
    values[name] = value
  }
  return { values }
}

async function start(
  options: RunOptions,
  ports: Ports,
  show: { loudness: Loudness; json: boolean; cwd: string; isolated: boolean },
): Promise<number> {
  const { terminal } = ports
  // While git answers there is time to load the rest.
  const [prepared, { run: walk }] = await Promise.all([prepare(options, ports), import('../run.js')])
  if (!prepared.ok) return tellProblems(terminal, prepared.problems, show.json)
  for (const warning of prepared.value.warnings) terminal.err(`${renderDiagnostic(warning)}\n`)
  const view = new LiveView(terminal, ports.clock, show.loudness)
  view.start(prepared.value.plan)
  const interrupts = listenToInterrupts(() => terminal.err('\nending the run; once more to kill everything\n'))
  try {
    const room = terminal.room && { room: terminal.room }
    const watch = { journal: view.journal, live: view.output, ...room, ...interrupts.signals }
    const ran = show.isolated
      ? await (await import('../isolated.js')).runIsolated(prepared.value, options, ports, watch)
      : ok(await walk(prepared.value, options, ports, watch))
    view.end()
    if (!ran.ok) return tellProblems(terminal, ran.problems, show.json)
    const { outcome, folder } = ran.value
    const { renderOutcome, renderTerminal } = await import('../publish/render.js')
    if (show.json) terminal.out(renderOutcome(outcome))
    else {
      const files = relative(show.cwd, folder) || '.'
      terminal.out(renderTerminal(outcome, { colours: terminal.colours, columns: terminal.columns, folder: files }))
      terminal.out(`everything about this run: ${files}\n`)
    }
    return exitCodeOf(outcome)
  } finally {
    view.end()
    interrupts.end()
  }
}
