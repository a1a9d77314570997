import { dirname, resolve } from 'node:path'
import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { exitCodes } from '../base/errors.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { count } from '../base/text.js'
import { defaultTokens, SeedError, startFakeGitHub } from '../fake-github/index.js'
import type { FakeGitHub, FakeGitHubOptions, LogEntry } from '../fake-github/index.js'
import { readFaults, readSeed } from '../fake-github/read.js'
import type { Appender, Files, Terminal } from '../ports.js'
import { readArguments } from './arguments.js'
import type { Command, CommandContext } from './command.js'
import { tellProblems } from './problems.js'

const help = `usage: wf fake-github [options]

Runs a GitHub on this machine until it is interrupted. Its first line is its address, for GITHUB_API_URL. It keeps what it is told, knows
what each token may do, and checks every request against GitHub's own description of its API. Exit 0, or 1 when a request was a mistake.

  --port N             where it listens (default: any free port)
  --state FILE.json    what it holds when it starts (default: an empty public repository org/repo)
  --faults FILE.json   rules by which requests fail
  --log FILE.jsonl     where each request is written, a line each

docs/fake-github.md tells of the files.
`

/** `wf fake-github`: a GitHub to try workflows against; runs until `interrupted` resolves. */
export const fakeGitHubCommand = (interrupted: () => Promise<void>): Command => ({
  summary: 'run a GitHub on this machine to try workflows and tools against',
  help,
  async run(args, context) {
    const { terminal, files } = context.ports
    const parsed = readArguments(args, options, 0)
    if (!parsed.ok) return tellProblems(terminal, parsed.problems)
    const { log, ...values } = parsed.value.values
    const read = await readOptions(values, context)
    if (!read.ok) return tellProblems(terminal, read.problems)
    const lines = log === undefined ? undefined : files.append(resolve(context.cwd, log))
    const started = await start({ ...read.value, onRequest: (entry) => tell(terminal, lines, entry) })
    if (!started.ok) return tellProblems(terminal, started.problems)
    const github = started.value
    terminal.out(`${github.url}\n`)
    if (values.state === undefined)
      terminal.err(`tokens: ${defaultTokens.writes}, ${defaultTokens.reads}; an interrupt ends it\n`)
    await interrupted()
    await github.close()
    lines?.close()
    return conclude(terminal, github)
  },
})

const options = {
  port: { type: 'string' },
  state: { type: 'string' },
  faults: { type: 'string' },
  log: { type: 'string' },
} as const

/** `wf fake-github`, ended by Ctrl-C or SIGTERM. */
export const fakeGitHub: Command = fakeGitHubCommand(
  () =>
    new Promise((done) => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => done())
    }),
)

type Values = { readonly [name in 'port' | 'state' | 'faults']?: string | undefined }

async function readOptions(
  { port, state, faults }: Values,
  { ports: { files }, cwd }: CommandContext,
): Promise<Result<FakeGitHubOptions, Diagnostic>> {
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) < 65_536))
    return fail(error('arguments', `\`--port ${port}\` is no port`, { hint: 'it is a number from 0 to 65535' }))
  const seed = await readJson(files, cwd, { name: state, read: readSeed, what: 'state' })
  if (!seed.ok) return seed
  const rules = await readJson(files, cwd, { name: faults, read: readFaults, what: 'faults' })
  if (!rules.ok) return rules
  const home = dirname(resolve(cwd, state ?? '.'))
  return ok({
    ...seed.value,
    ...(rules.value ? { faults: rules.value } : {}),
    ...(port === undefined ? {} : { port: Number(port) }),
    readFile: (path) => files.readBytes(resolve(home, path)),
  })
}

interface JsonFile<T> {
  readonly name: string | undefined
  readonly what: string
  readonly read: (text: string) => Promise<Result<T, string>>
}

async function readJson<T>(
  files: Files,
  cwd: string,
  { name, read, what }: JsonFile<T>,
): Promise<Result<T | undefined, Diagnostic>> {
  if (name === undefined) return ok(undefined)
  const path = resolve(cwd, name)
  const text = files.stat(path)?.kind === 'directory' ? undefined : files.readText(path)
  if (text === undefined) return fail(error(`no-${what}`, `there is no file ${name}`))
  const value = await read(text)
  if (value.ok) return value
  return { ok: false, problems: value.problems.map((each) => error(`bad-${what}`, `${name}: ${each}`)) }
}

async function start(given: FakeGitHubOptions): Promise<Result<FakeGitHub, Diagnostic>> {
  try {
    return ok(await startFakeGitHub(given))
  } catch (cause) {
    if (cause instanceof SeedError) return fail(error('bad-state', cause.message))
    throw cause
  }
}

function tell(terminal: Terminal, lines: Appender | undefined, entry: LogEntry): void {
  lines?.write(`${JSON.stringify(entry)}\n`)
  for (const mistake of entry.mistakes) terminal.err(`mistake: ${entry.method} ${entry.path}: ${mistake}\n`)
}

function conclude(terminal: Terminal, { log, mistakes, writes }: FakeGitHub): number {
  const mistaken = mistakes.length
  terminal.err(
    `${count(log.length, 'request')}, ${writes().length} of them wrote, ${mistaken ? count(mistaken, 'mistake') : 'no mistake'}\n`,
  )
  return mistaken ? exitCodes.fail : exitCodes.pass
}
