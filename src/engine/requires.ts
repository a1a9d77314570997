import type { Environment } from '../workflow/expression/evaluate.js'
import type { InstanceRun } from './engine.js'

/** Programs that tell their version in a way of their own. */
const asks: Record<string, string[]> = {
  go: ['version'],
  java: ['-version'],
  javac: ['-version'],
  terraform: ['version'],
  kubectl: ['version', '--client'],
}
const maxText = 4096
/** A program that does not tell its version within this time tells none; milliseconds. */
const patience = 20_000

/** Why an instance cannot run on this machine, or nothing when all that it requires is there. */
export async function unmet(run: InstanceRun, expressions: Environment): Promise<string | undefined> {
  const { machine, declared } = run.variables
  for (const [tool, template] of Object.entries(run.stage.requires)) {
    const wanted = expressions.text(template)
    const here = await versionOf(run, tool, { ...machine, ...declared })
    if ('problem' in here) return `it requires ${tool} ${wanted}, and ${here.problem}`
    if (!startsWith(here.version, wanted)) return `it requires ${tool} ${wanted}, and here is ${here.version}`
    run.versions.set(tool, here.version)
  }
  return undefined
}

/** Whether a version begins with another: `20.20.2` with `20` and `20.20`, not with `2`. */
export const startsWith = (version: string, wanted: string): boolean => {
  const start = wanted.replace(/^v/, '').replace(/\.(x|\*)$/, '')
  return version === start || version.startsWith(`${start}.`)
}

async function versionOf(
  { engine, stop }: InstanceRun,
  tool: string,
  env: Record<string, string>,
): Promise<{ version: string } | { problem: string }> {
  const { processes, clock } = engine.ports
  const ask = [tool, ...(asks[tool] ?? ['--version'])] as [string, ...string[]]
  let text = ''
  const running = processes.start({
    argv: ask,
    cwd: engine.workspace,
    env,
    onOutput: (_, chunk) => {
      if (text.length < maxText) text += Buffer.from(chunk).toString()
    },
  })
  const kill = (): void => running.signal('SIGKILL')
  const endings = [clock.after(patience, kill), stop.on(kill)]
  const exit = await running.done.finally(() => endings.forEach((forget) => forget()))
  if (exit.kind === 'not-started') return { problem: `there is no \`${tool}\` here` }
  const version = /\d+(?:\.\d+)+|\d+/.exec(text)?.[0]
  return exit.kind === 'exited' && exit.code === 0 && version !== undefined
    ? { version }
    : { problem: `\`${ask.join(' ')}\` does not tell its version` }
}
