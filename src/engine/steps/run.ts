import { join } from 'node:path'
import type { Shell } from '../../language/names.js'
import type { Body } from '../../workflow/model.js'
import type { StepCall, StepKind } from '../kind.js'
import { runProcess } from '../process.js'

type Run = Extract<Body, { kind: 'run' }>

/** How each shell takes a script: as an argument, or from a file when it is too long for one. bash has the flags of GitHub. */
const shells: Record<
  Shell,
  { inline(script: string): [string, ...string[]]; file(path: string): [string, ...string[]] }
> = {
  bash: {
    inline: (script) => ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
    file: (path) => ['bash', '--noprofile', '--norc', '-eo', 'pipefail', path],
  },
  sh: { inline: (script) => ['sh', '-e', '-c', script], file: (path) => ['sh', '-e', path] },
  pwsh: {
    inline: (script) => [
      'pwsh',
      '-NoLogo',
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      `$ErrorActionPreference = 'stop'\n${script}\nif (Test-Path variable:LASTEXITCODE) { exit $LASTEXITCODE }`,
    ],
    file: (path) => ['pwsh', '-NoLogo', '-NoProfile', '-NonInteractive', '-File', path],
  },
  python: { inline: (script) => ['python3', '-c', script], file: (path) => ['python3', path] },
  node: { inline: (script) => ['node', '-e', script], file: (path) => ['node', path] },
}

/** Linux takes at most 128 KB for one argument. */
const longestArgument = 100_000
const endings: Record<Shell, string> = { bash: 'sh', sh: 'sh', pwsh: 'ps1', python: 'py', node: 'cjs' }

/** A script for a shell. */
export const runScript: StepKind<Run> = async (call) => {
  const script = call.expressions.text(call.body.script)
  return { ending: await runProcess(call, argvOf(call, script)) }
}

function argvOf({ body, ports, temporary }: StepCall<Run>, script: string): [string, ...string[]] {
  const shell = shells[body.shell]
  if (Buffer.byteLength(script) <= longestArgument) return shell.inline(script)
  const path = join(temporary, `script-${ports.random.hex(8)}.${endings[body.shell]}`)
  ports.files.write(path, script, 0o700)
  return shell.file(path)
}
