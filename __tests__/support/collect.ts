import type { Exit, Processes, ProcessSpec, RunningProcess } from '../../src/ports.js'

/** A process whose output is collected as it comes. */
export interface Collected extends RunningProcess {
  /** What each stream printed so far. */
  stdout(): string
  stderr(): string
  /** Resolves as soon as stdout contains the text; rejects when the process ends without it. */
  printed(text: string): Promise<void>
}

/** Starts a process with an empty environment but PATH, and collects its output. */
export function collect(processes: Processes, argv: ProcessSpec['argv'], more: Partial<ProcessSpec> = {}): Collected {
  const chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] }
  const text = (stream: 'stdout' | 'stderr'): string => Buffer.concat(chunks[stream]).toString()
  const waiting = new Set<() => void>()
  const running = processes.start({
    argv,
    cwd: '/',
    env: { PATH: processes.environment['PATH'] ?? '' },
    onOutput: (stream, chunk) => {
      chunks[stream].push(chunk)
      for (const look of waiting) look()
    },
    ...more,
  })
  const printed = async (wanted: string): Promise<void> => {
    const seen = new Promise<'seen'>((resolve) => {
      const look = (): void => void (text('stdout').includes(wanted) && resolve('seen'))
      waiting.add(look)
      look()
    })
    const first = await Promise.race([seen, running.done])
    if (first !== 'seen') throw new Error(`ended without printing ${wanted}: ${describeExit(first)}`)
  }
  return {
    done: running.done,
    signal: (name) => running.signal(name),
    stdout: () => text('stdout'),
    stderr: () => text('stderr'),
    printed,
  }
}

const describeExit = (exit: Exit): string => JSON.stringify(exit)
