import { readJournal } from '../../src/journal/journal.js'
import type { JournalEvent, JournalLine } from '../../src/journal/events.js'
import type { Outcome, Status, StepOutcome } from '../../src/journal/outcome.js'
import type { ProcessSpec } from '../../src/ports.js'
import { prepare } from '../../src/prepare.js'
import { exitCodeOf } from '../../src/journal/exit-code.js'
import { partExitCode } from '../../src/part.js'
import type { PartOptions } from '../../src/part.js'
import { run } from '../../src/run.js'
import type { RunOptions } from '../../src/options.js'
import { renderDiagnostic } from '../../src/base/diagnostic.js'
import type { Diagnostic } from '../../src/base/diagnostic.js'
import type { Result } from '../../src/base/result.js'
import { runIsolated } from '../../src/isolated.js'
import { withBase } from './base.js'
import { FakeClock } from './clock.js'
import { MemoryFiles } from './files.js'
import { ScriptedGit } from './git.js'
import { ScriptedHttp } from './http.js'
import { fakePorts, fixedRandom, MemoryModules } from './ports.js'
import type { FakePorts } from './ports.js'
import { ScriptedProcesses } from './processes.js'
import type { Script } from './processes.js'
import type { Reply } from './scripts.js'

/** What each script does, by its whole text; a script that is not named exits with 0 at once. */
export type Scripts = Readonly<Record<string, Reply<ProcessSpec, Script>>>

export interface Walk {
  /** What lies in the workspace, by path from its root. */
  files?: Readonly<Record<string, string>>
  /** What git tracks there; without it the workspace is no repository. */
  tracked?: readonly string[]
  scripts?: Scripts | ((files: WorkspaceFiles) => Scripts)
  environment?: Readonly<Record<string, string>>
  platform?: string
  modules?: Readonly<Record<string, unknown>>
  fractions?: readonly number[]
  event?: NonNullable<RunOptions['event']>
  target?: string
  inputs?: Readonly<Record<string, string>>
  secrets?: Readonly<Record<string, string>>
  concurrency?: number
  fix?: boolean
  /** When the run is cancelled, and when it is killed, in milliseconds of the clock. */
  cancelAt?: number
  killAt?: number
  /** What this machine does of a run that several share, and the packs that arrived for it, by name. */
  part?: Omit<PartOptions, 'arrived' | 'leave' | 'run' | 'attempt'> & { attempt?: number; packs?: Packs }
  /** Each instance in a checkout of its own; the workspace is a repository then. */
  isolated?: boolean
  /** A last word about the ports before the run. */
  with?: (ports: FakePorts) => void
}

/** Packs by their path in the folder of a hand-over: `journal/test-1a2b3c4d.pack`. */
export type Packs = Readonly<Record<string, Uint8Array>>

/** Files of the workspace, by path from its root. */
export interface WorkspaceFiles {
  write(path: string, content: string | Uint8Array): void
  read(path: string): string | undefined
  memory: MemoryFiles
}

export interface Walked {
  outcome: Outcome
  exit: number
  lines: readonly JournalLine[]
  events: JournalEvent[]
  ports: FakePorts
  /** What steps printed while they ran, by address. */
  live: Map<string, string>
  /** The packs that it leaves. */
  left: Packs
  /** The scripts that were started, in order, each with its environment. */
  started: {
    script: string
    env: Readonly<Record<string, string>>
    cwd: string
    from: number
    to: number | undefined
    signals: string[]
  }[]
  /** The status of everything, by address. */
  status: Record<string, Status>
  step(address: string): StepOutcome
  read(path: string): string | undefined
}

export const root = '/repo'

/** Wraps stages, written at the left margin, into a whole workflow. */
export const workflowOf = (text: string): string =>
  text.includes('version: 1') ? text : `version: 1\nname: walk\nstages:\n${text.replaceAll(/^(?=.)/gm, '  ')}`

/** Prepares a workflow text and runs it over fakes to its end, in the time of the fake clock. A mistake in the text throws. */
export async function walk(text: string, options: Walk = {}): Promise<Walked> {
  await warm()
  const memory = new MemoryFiles({ [`${root}/.github/wf.yml`]: workflowOf(text) })
  const files: WorkspaceFiles = {
    memory,
    write: (path, content) => memory.write(`${root}/${path}`, content),
    read: (path) => memory.readText(`${root}/${path}`),
  }
  for (const [path, content] of Object.entries(options.files ?? {})) files.write(path, content)
  const ports = portsOf(options, files)
  options.with?.(ports)
  const request: RunOptions = {
    folder: root,
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(options.event === undefined ? {} : { event: options.event }),
    inputs: options.inputs ?? {},
    secrets: options.secrets ?? {},
    concurrency: options.concurrency ?? 4,
    fix: options.fix ?? false,
    ...(options.part ? { part: partOf(options.part, memory) } : {}),
  }
  const prepared = await prepare(request, ports)
  if (!prepared.ok) throw new Error(prepared.problems.map(renderDiagnostic).join('\n'))
  const [cancel, kill] = [new AbortController(), new AbortController()]
  if (options.cancelAt !== undefined) ports.clock.after(options.cancelAt, () => cancel.abort())
  if (options.killAt !== undefined) ports.clock.after(options.killAt, () => kill.abort())
  const live = new Map<string, string>()
  const watch = {
    cancel: cancel.signal,
    kill: kill.signal,
    live: (step: string, _: string, printed: string) => void live.set(step, (live.get(step) ?? '') + printed),
  }
  const going = options.isolated
    ? runIsolated(prepared.value, request, ports, watch).then(valueOf)
    : run(prepared.value, request, ports, watch)
  const { outcome, folder, left } = await ports.clock.settle(going)
  const { lines, broken } = readJournal(memory.readText(`${folder}/journal.jsonl`) ?? '')
  if (broken) throw new Error(`the journal is broken: ${broken}`)
  return {
    outcome,
    exit: options.part?.part === 'instance' ? partExitCode(outcome, left) : exitCodeOf(outcome),
    left: options.part ? packsIn(memory) : {},
    lines,
    events: lines.map(({ event }) => event),
    ports,
    live,
    started: ports.processes.started.map(({ spec, from, to, signals }) => ({
      script: spec.argv.at(-1) ?? '',
      env: spec.env,
      cwd: spec.cwd,
      from,
      to,
      signals,
    })),
    status: statusesOf(outcome),
    step: (address) => stepOf(outcome, address),
    read: (path) => files.read(path),
  }
}

function valueOf<T>(result: Result<T, Diagnostic>): T {
  if (!result.ok) throw new Error(result.problems.map(renderDiagnostic).join('\n'))
  return result.value
}

/** The part with its folders; what arrived lies in one folder a pack, as artifacts do. */
function partOf({ packs = {}, attempt = 1, ...part }: NonNullable<Walk['part']>, memory: MemoryFiles): PartOptions {
  for (const [name, bytes] of Object.entries(packs))
    memory.write(`/arrived/${name.replaceAll(/[/.]/g, '-')}/${name}`, bytes)
  return { ...part, arrived: '/arrived', leave: '/leave', run: '7', attempt }
}

const packsIn = (memory: MemoryFiles): Packs =>
  Object.fromEntries(
    ['journal', 'files'].flatMap((kind) =>
      memory
        .list(`/leave/${kind}`)
        .map(({ name }) => [`${kind}/${name}`, memory.readBytes(`/leave/${kind}/${name}`) ?? new Uint8Array()]),
    ),
  )

/** What loads when it is first needed takes real time, which the fake clock would skip. */
async function warm(): Promise<void> {
  // One after the other: they share modules, and the loader of tests may ask for one before it is there.
  await import('@huggingface/jinja')
  await import('ajv')
  await import('saxes')
  await import('../../src/evidence/read.js')
  await import('../../src/engine/execute.js')
  await import('../../src/engine/steps/index.js')
  await import('../../src/gates/judge.js')
  await import('../../src/publish/render.js')
  await import('../../src/compare.js')
  await import('../../src/remember.js')
  await import('../../src/remember-breakers.js')
  await import('re2js')
  await import('../../src/history/start.js')
}

function portsOf(options: Walk, files: WorkspaceFiles): FakePorts {
  const clock = new FakeClock()
  const processes = new ScriptedProcesses({
    clock,
    ...(options.environment ? { environment: options.environment } : {}),
    ...(options.platform ? { platform: options.platform } : {}),
  })
  processes.on(() => true)
  const scripts = typeof options.scripts === 'function' ? options.scripts(files) : (options.scripts ?? {})
  for (const [script, reply] of Object.entries(scripts)) processes.on((spec) => spec.argv.at(-1) === script, reply)
  const ports = fakePorts({
    clock,
    processes,
    files: files.memory,
    git: gitOf(options, files.read('.github/wf.yml') ?? ''),
    http: new ScriptedHttp(clock),
    random: fixedRandom(...(options.fractions ?? [])),
    modules: new MemoryModules(options.modules),
  })
  return ports
}

/** A repository whose base has the same workflow file. */
function gitOf({ tracked }: Walk, workflow: string): ScriptedGit {
  const git = new ScriptedGit()
  const nowhere = { code: 128, stderr: 'fatal: not a git repository' }
  git.on(() => true, nowhere)
  if (!tracked) return git
  return withBase(git, workflow)
    .on(/^status --porcelain=v2/, { stdout: `# branch.oid ${'a'.repeat(40)}\0# branch.head main\0` })
    .on(/^config/, { stdout: 'user.name\nsomeone\0remote.origin.url\nhttps://example.com/org/repo.git\0' })
    .on(/^ls-files/, { stdout: tracked.map((name) => `${name}\0`).join('') })
    .on(/^status --porcelain --no-renames/, { stdout: '' })
    .on(/^rev-parse --show-prefix/, { stdout: '\n' })
    .on(/^diff --name-only --no-renames --relative -z HEAD/, { stdout: '' })
    .on(/worktree (?:add|remove|prune)/, {})
}

function statusesOf(outcome: Outcome): Record<string, Status> {
  const found: [string, Status][] = []
  for (const stage of outcome.stages) {
    found.push([stage.id, stage.status])
    for (const instance of stage.instances) {
      if (instance.address !== stage.id) found.push([instance.address, instance.status])
      for (const step of instance.steps) found.push([step.address, step.status])
    }
  }
  return Object.fromEntries(found)
}

function stepOf(outcome: Outcome, address: string): StepOutcome {
  const steps = outcome.stages.flatMap((s) => s.instances).flatMap((i) => i.steps)
  const step = steps.find((one) => one.address === address)
  if (!step) throw new Error(`there is no step ${address}, only ${steps.map((one) => one.address).join(', ')}`)
  return step
}
