import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hostPorts } from '../../src/host/index.js'
import type { Outcome, StepOutcome } from '../../src/journal/outcome.js'
import type { Ports } from '../../src/ports.js'
import { prepare } from '../../src/prepare.js'
import { run } from '../../src/run.js'
import type { RunOptions, Watch } from '../../src/options.js'

/** A run of the real engine in a real folder, with real processes and git. */
export async function runIn(
  folder: string,
  { ports = {}, watch = {}, ...options }: Partial<RunOptions> & { ports?: Partial<Ports>; watch?: Watch } = {},
): Promise<{ outcome: Outcome; folder: string; step: (address: string) => StepOutcome }> {
  const all = { ...hostPorts(), ...ports }
  const asked = { folder, ...options }
  const prepared = await prepare(asked, all)
  if (!prepared.ok) throw new Error(prepared.problems.map(({ message }) => message).join('\n'))
  const ended = await run(prepared.value, asked, all, watch)
  const steps = ended.outcome.stages.flatMap(({ instances }) => instances.flatMap((instance) => instance.steps))
  return {
    ...ended,
    step: (address) => {
      const found = steps.find((one) => one.address === address)
      if (!found) throw new Error(`there is no step ${address}`)
      return found
    },
  }
}

/** Writes files of a folder; null takes one away. */
export function change(folder: string, files: Readonly<Record<string, string | null>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    if (content === null) rmSync(path)
    else {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
    }
  }
}

/** Runs a shell's line in a folder, and answers what it prints. */
export const shell = (folder: string, line: string): string =>
  execFileSync('sh', ['-ec', line], { cwd: folder, encoding: 'utf8' })
