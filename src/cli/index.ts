import { OutsideError, exitCodes } from '../base/errors.js'
import { nearest } from '../base/text.js'
import { hostPorts } from '../host/index.js'
import { listenToStray, stackOf } from '../host/stray.js'
import type { Command } from './command.js'

/** The commands; each is loaded when it is called. */
const commands: Record<string, { summary: string; load(): Promise<Command> }> = {
  run: {
    summary: 'walk the path here: run the steps, judge the evidence',
    load: async () => (await import('./run.js')).run,
  },
  plan: { summary: 'show what would run', load: async () => (await import('./plan.js')).plan },
  sync: {
    summary: 'write the GitHub workflow that walks the path in many jobs',
    load: async () => (await import('./sync.js')).sync,
  },
  validate: { summary: 'check workflow files', load: async () => (await import('./validate.js')).validate },
  report: { summary: 'show the evidence in report files', load: async () => (await import('./report.js')).report },
  why: {
    summary: 'say why a step ran, or was taken from the cache',
    load: async () => (await import('./why.js')).why,
  },
  cache: {
    summary: 'show, prune or clear what is stored of steps',
    load: async () => (await import('./cache.js')).cache,
  },
  gate: {
    summary: 'judge one gate alone over report files',
    load: async () => (await import('./gate.js')).gate,
  },
  'fake-github': {
    summary: 'run a GitHub on this machine to try workflows and tools against',
    load: async () => (await import('./fake-github.js')).fakeGitHub,
  },
}

const usage = (): string =>
  [
    'wf: one file says how a change travels from pull request to production; wf walks that path.',
    '',
    'usage: wf COMMAND [options]',
    '',
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`),
    '',
    '`wf COMMAND --help` tells the options of a command; `wf --version` the version.',
    '',
  ].join('\n')

/** The command `wf`: answers the exit code; everything that it prints goes through the terminal's port. */
export async function main(argv: string[], version: string): Promise<number> {
  const ports = hostPorts()
  const { terminal } = ports
  const [name, ...args] = argv
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(usage())
    return name === undefined ? exitCodes.usage : exitCodes.pass
  }
  if (name === '--version' || name === '-V') {
    terminal.out(`${version}\n`)
    return exitCodes.pass
  }
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!found) {
    const [near] = nearest(name, Object.keys(commands))
    terminal.err(`wf: there is no command \`${name}\`${near ? `; did you mean \`${near}\`?` : ''}\n\n${usage()}`)
    return exitCodes.usage
  }
  const stray = listenToStray(terminal)
  try {
    const command = await found.load()
    if (args.includes('--help') || args.includes('-h')) {
      terminal.out(command.help)
      return exitCodes.pass
    }
    const code = await command.run(args, { ports, cwd: process.cwd() })
    return stray.thrown() ? exitCodes.bug : code
  } catch (cause) {
    if (cause instanceof OutsideError) {
      terminal.err(`wf: ${cause.message}\n`)
      return exitCodes.outside
    }
    terminal.err(`wf: this is a bug in wf, please report it with these lines:\n${stackOf(cause)}\n`)
    return exitCodes.bug
  } finally {
    stray.end()
  }
}
