import type { Environment } from '../workflow/expression/evaluate.js'
import type { Stage } from '../workflow/model.js'
import type { Engine } from './engine.js'
import type { Variables } from './environment.js'

/** Programs that tell their version in a way of their own. */
const asks: Record<string, string[]> = {
  go: ['version'],
  java: ['-version'],
  javac: ['-version'],
  terraform: ['version'],
  kubectl: ['version', '--client'],
}
const maxText = 4096

/** Why an instance cannot run on this machine, or nothing when all that it requires is there. */
export async function unmet(
  engine: Engine,
  stage: Stage,
  expressions: Environment,
  variables: Variables,
): Promise<string | undefined> {
  for (const [tool, template] of Object.entries(stage.requires)) {
    const wanted = expressions.text(template)
    const here = await versionOf(engine, tool, { ...variables.machine, ...variables.declared })
    if (here === undefined) return `it requires ${tool} ${wanted}, and there is no \`${tool}\` here`
    if (!startsWith(here, wanted)) return `it requires ${tool} ${wanted}, and here is ${here}`
  }
  return undefined
}

/** Whether a version begins with another: `20.20.2` with `20` and `20.20`, not with `2`. */
export const startsWith = (version: string, wanted: string): boolean => {
  const start = wanted.replace(/^v/, '').replace(/\.(x|\*)$/, '')
  return version === start || version.startsWith(`${start}.`)
}

async function versionOf(engine: Engine, tool: string, env: Record<string, string>): Promise<string | undefined> {
  let text = ''
  const { done } = engine.ports.processes.start({
    argv: [tool, ...(asks[tool] ?? ['--version'])],
    cwd: engine.workspace,
    env,
    onOutput: (_, chunk) => {
      if (text.length < maxText) text += Buffer.from(chunk).toString()
    },
  })
  const exit = await done
  return exit.kind === 'exited' ? /\d+(?:\.\d+)+|\d+/.exec(text)?.[0] : undefined
}
