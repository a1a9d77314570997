import { OutsideError } from '../../src/base/errors.js'
import type { Modules, Ports, Random, Sockets, Terminal } from '../../src/ports.js'
import { FakeClock } from './clock.js'
import { MemoryFiles } from './files.js'
import { ScriptedGit } from './git.js'
import { ScriptedHttp } from './http.js'
import { ScriptedProcesses } from './processes.js'

/** Randomness that can be foretold: the fractions in turn, again and again, and hexadecimal counters `0001`, `0002`, … */
export function fixedRandom(...fractions: number[]): Random {
  let taken = 0
  let counted = 0
  return {
    fraction: () => fractions[taken++ % fractions.length] ?? 0.5,
    hex: (characters) => (++counted).toString(16).padStart(characters, '0').slice(-characters),
  }
}

/** Keeps what is printed. */
export class CaptureTerminal implements Terminal {
  /** What each stream got, whole. */
  outText = ''
  errText = ''
  /** Both in the order of printing. */
  text = ''

  constructor(
    readonly interactive = false,
    readonly colours = false,
    readonly columns = 80,
  ) {}

  out(text: string): void {
    this.outText += text
    this.text += text
  }

  err(text: string): void {
    this.errText += text
    this.text += text
  }
}

/** Modules by path; one that is not there fails as `import()` does. */
export class MemoryModules implements Modules {
  constructor(readonly modules: Readonly<Record<string, unknown>> = {}) {}

  async load(path: string): Promise<unknown> {
    if (!(path in this.modules))
      throw Object.assign(new Error(`Cannot find module '${path}'`), { code: 'ERR_MODULE_NOT_FOUND' })
    return this.modules[path]
  }
}

/** Nobody listens. */
const noSockets: Sockets = {
  connect: async ({ host }) => {
    throw new OutsideError(`${host} refused the connection`, 'ECONNREFUSED')
  },
}

const fakes = (): Ports & {
  processes: ScriptedProcesses
  files: MemoryFiles
  git: ScriptedGit
  http: ScriptedHttp
  clock: FakeClock
  terminal: CaptureTerminal
} => {
  const clock = new FakeClock()
  const files = new MemoryFiles()
  return {
    processes: new ScriptedProcesses({ clock }),
    files,
    git: new ScriptedGit(),
    http: new ScriptedHttp(clock, files),
    sockets: noSockets,
    clock,
    random: fixedRandom(),
    terminal: new CaptureTerminal(),
    modules: new MemoryModules(),
  }
}
export type FakePorts = ReturnType<typeof fakes>

/** All ports as fakes that share one clock, each replaced by what is given: `fakePorts({ files: hostFiles() })`. */
export function fakePorts<T extends Partial<Ports> = object>(given?: T): Omit<FakePorts, keyof T> & T {
  return { ...fakes(), ...given } as Omit<FakePorts, keyof T> & T
}
