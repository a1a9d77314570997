import { relative, resolve } from 'node:path'
import { error, renderDiagnostic } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { exitCodes } from '../base/errors.js'
import { count } from '../base/text.js'
import type { Files } from '../ports.js'
import { defaultFile } from '../change-file.js'
import { readArguments } from './arguments.js'
import type { Command } from './command.js'
import { tellProblems } from './problems.js'

const help = `usage: wf validate [FILE...] [options]

Checks workflow files (default: .github/wf.yml): every mistake at once, each at its place. Exit 0 when there is none, 2 else.

  --format FORMAT   text (default), json, sarif or github (workflow commands)
  --json            the same as --format json
`

const formats = ['text', 'json', 'sarif', 'github'] as const
type Format = (typeof formats)[number]

/** `wf validate`: the mistakes of workflow files, for people and for tools. */
export const validate: Command = {
  summary: 'check workflow files',
  help,
  async run(args, { ports, cwd }) {
    const { terminal } = ports
    const parsed = readArguments(args, { format: { type: 'string' }, json: { type: 'boolean' } }, 100)
    if (!parsed.ok) return tellProblems(terminal, parsed.problems)
    const { values, positionals } = parsed.value
    const format = values.json ? 'json' : (values.format ?? 'text')
    if (!isFormat(format))
      return tellProblems(terminal, [
        error('arguments', `there is no format \`${format}\``, { hint: `it is one of ${formats.join(', ')}` }),
      ])
    const names = positionals.length ? positionals : [defaultFile]
    const problems = (await Promise.all(names.map((name) => check(ports.files, cwd, name)))).flat()
    terminal.out(await render(format, names, problems))
    return problems.some((d) => d.level === 'error') ? exitCodes.usage : exitCodes.pass
  },
}

const isFormat = (text: string): text is Format => formats.some((format) => format === text)

async function check(files: Files, cwd: string, name: string): Promise<Diagnostic[]> {
  const path = resolve(cwd, name)
  const text = files.stat(path)?.kind === 'directory' ? undefined : files.readText(path)
  if (text === undefined) return [error('no-file', `there is no workflow file ${name}`)]
  const { loadWorkflow } = await import('../workflow/load.js')
  const loaded = await loadWorkflow(relative(cwd, path), text)
  return loaded.ok ? loaded.warnings : loaded.problems
}

async function render(format: Format, names: readonly string[], problems: readonly Diagnostic[]): Promise<string> {
  if (format === 'json') return `${JSON.stringify({ version: 1, files: names, problems }, null, 2)}\n`
  if (format === 'github') {
    const { diagnosticCommands } = await import('../publish/commands.js')
    return diagnosticCommands(problems)
      .map((command) => `${command}\n`)
      .join('')
  }
  if (format === 'sarif') return (await import('../publish/diagnostics.js')).diagnosticsSarif(problems)
  const errors = problems.filter((d) => d.level === 'error').length
  const total = errors ? count(errors, 'mistake') : `${names.join(', ')}: valid`
  return [...problems.map(renderDiagnostic), total, ''].join('\n')
}
