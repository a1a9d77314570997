import { stageOf } from '../base/address.js'
import { join } from 'node:path'
import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { exitCodes } from '../base/errors.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { nearest } from '../base/text.js'
import { readJournal } from '../journal/journal.js'
import type { JournalLine } from '../journal/events.js'
import { foldStages } from '../journal/planned.js'
import type { Files, Ports } from '../ports.js'
import { load } from '../change-file.js'
import { readArguments, readPathOptions } from './arguments.js'
import type { Command } from './command.js'
import { tellProblems } from './problems.js'
import { renderWhy, whyOf } from './why-text.js'

const help = `usage: wf why ADDRESS [options]

Why a step ran, or was taken from the cache, in the last run here: what differs from when it was last stored, whether its
result was kept and why not, and what the cache saved. ADDRESS is that of a step: build/install, test[node=20]/unit.

  --run RUN           another run, by its name in .wf/runs
  --file FILE         the workflow file, from the folder (default .github/wf.yml)
  --dir FOLDER        the repository's folder (default: here)
  --json              the answer as JSON

Exit: 0 it is told; 2 there is no such step or run.
`

const options = {
  run: { type: 'string' },
  file: { type: 'string' },
  dir: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** `wf why`: what the cache said of a step, from the journal of a run. */
export const why: Command = {
  summary: 'say why a step ran, or was taken from the cache',
  help,
  async run(args, { ports, cwd }) {
    const { terminal } = ports
    const parsed = readArguments(args, options, 1)
    if (!parsed.ok) return tellProblems(terminal, parsed.problems)
    const { values, positionals } = parsed.value
    const path = readPathOptions(values, undefined, cwd, ports.files)
    if (!path.ok) return tellProblems(terminal, path.problems, values.json)
    // An attempt has no cache of its own.
    const address = positionals[0]?.replace(/#\d+$/, '')
    if (address === undefined)
      return tellProblems(
        terminal,
        [error('arguments', 'say which step', { hint: '`wf why build/install`; `wf plan` shows the addresses' })],
        values.json,
      )
    const run = findRun(join(path.value.folder, '.wf', 'runs'), values.run, ports.files)
    if (!run.ok) return tellProblems(terminal, run.problems, values.json)
    const known = addressOf(run.value.lines, address)
    if (!known.ok) return tellProblems(terminal, known.problems, values.json)
    const declared = await declares(path.value, known.value, ports)
    const answer = whyOf(run.value, known.value, declared)
    terminal.out(values.json ? `${JSON.stringify({ version: 1, ...answer }, null, 2)}\n` : renderWhy(answer))
    return exitCodes.pass
  },
}

export interface Journalled {
  run: string
  lines: readonly JournalLine[]
}

/** The journal of the run that is asked for, else of the last one. */
function findRun(folder: string, wanted: string | undefined, files: Files): Result<Journalled, Diagnostic> {
  const names = files.list(folder).flatMap(({ name, kind }) => (kind === 'directory' ? [name] : []))
  if (!names.length) return fail(error('no-run', 'nothing was run here yet', { hint: '`wf run` runs the workflow' }))
  const name = wanted === undefined ? lastOf(folder, names, files) : names.find((one) => one === wanted)
  const text = name === undefined ? undefined : files.readText(join(folder, name, 'journal.jsonl'))
  if (name !== undefined && text !== undefined) return ok({ run: name, lines: readJournal(text).lines })
  const [near] = nearest(wanted ?? '', names)
  return fail(
    error('no-run', `there is no run \`${wanted ?? name ?? ''}\``, {
      hint: near ? `did you mean \`${near}\`?` : `the last one is \`${names.at(-1) ?? ''}\``,
    }),
  )
}

/** Names begin with the second of the start; of those of one second the journals tell which came last. */
function lastOf(folder: string, names: readonly string[], files: Files): string | undefined {
  const second = names.at(-1)?.slice(0, 15) ?? ''
  const startOf = (name: string): number =>
    readJournal(files.readText(join(folder, name, 'journal.jsonl')) ?? '').lines[0]?.at ?? 0
  const started = names.filter((name) => name.startsWith(second)).map((name) => ({ name, at: startOf(name) }))
  return started.sort((a, b) => a.at - b.at).at(-1)?.name
}

/** The address as the run's plan has it. */
function addressOf(lines: readonly JournalLine[], wanted: string): Result<string, Diagnostic> {
  const instances = foldStages(lines).flatMap((stage) =>
    stage.instances.map((instance) => ({ stage: stage.id, ...instance })),
  )
  const steps = instances.flatMap(({ steps, finally: last }) => [...steps, ...last].map(({ address }) => address))
  if (steps.includes(wanted)) return ok(wanted)
  const of = instances.find(({ stage, address }) => stage === wanted || address === wanted)
  const [near] = nearest(wanted, steps)
  const hint = of
    ? `its steps are ${of.steps.map(({ address }) => `\`${address}\``).join(', ')}`
    : near
      ? `did you mean \`${near}\`?`
      : `the run's steps are ${steps
          .slice(0, 12)
          .map((step) => `\`${step}\``)
          .join(', ')}`
  return fail(error('no-step', of ? `\`${wanted}\` is no step` : `the run has no step \`${wanted}\``, { hint }))
}

/** Whether the file as it stands asks for a cache of the step; nothing where it cannot be read. */
async function declares(
  where: { folder: string; file?: string },
  address: string,
  ports: Ports,
): Promise<boolean | undefined> {
  const loaded = await load(where, ports)
  if (!loaded.ok) return undefined
  const [instance = '', id = ''] = address.split(/\/(?=[^/]*$)/)
  const stage = loaded.workflow.stages.get(stageOf(instance))
  const step = stage?.steps.find((one) => one.id === id)
  return step && step.cache !== undefined
}
