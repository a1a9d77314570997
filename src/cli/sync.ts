import { basename, join, posix, relative, resolve } from 'node:path'
import { error, renderDiagnostic } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { exitCodes } from '../base/errors.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { count } from '../base/text.js'
import { defaultFile, load } from '../change-file.js'
import { readAction } from '../plan/sync/actions.js'
import { readExisting } from '../plan/sync/own.js'
import type { Existing } from '../plan/sync/own.js'
import { syncWorkflow } from '../plan/sync/sync.js'
import type { Synced } from '../plan/sync/sync.js'
import type { Files, Terminal } from '../ports.js'
import { readArguments } from './arguments.js'
import type { Options } from './arguments.js'
import type { Command } from './command.js'
import { unifiedDiff } from './diff.js'
import { tellProblems } from './problems.js'

const help = `usage: wf sync [options]

Writes .github/workflows/wf.yml from .github/wf.yml: the same path as one job a stage. Lines of yours between \`# wf:own NAME\` and \`# wf:end\`
stay, where NAME is triggers, jobs, verdict-permissions, verdict-with or verdict-steps. A file that was changed elsewhere is not overwritten.

  --check             only compare: exit 0 when it is in sync, else 1 and the difference
  --stdout            only print what would be written
  --action ACTION     this action, as "OWNER/NAME@COMMIT # VERSION" (default: the one that the file uses)
  --force             overwrite whatever is there, and keep a copy beside it
  --file FILE         the workflow file, from the folder (default .github/wf.yml); its name is that of the GitHub workflow
  --dir FOLDER        the repository's folder (default: here)
  --json              what came of it as JSON
`

const options = {
  check: { type: 'boolean' },
  stdout: { type: 'boolean' },
  action: { type: 'string' },
  force: { type: 'boolean' },
  file: { type: 'string' },
  dir: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies Options

/** `wf sync`: the GitHub workflow of many jobs, written, compared or printed. */
export const sync: Command = {
  summary: 'write the GitHub workflow that walks the path in many jobs',
  help,
  async run(args, { ports: { files, terminal }, cwd }) {
    const parsed = readArguments(args, options, 0)
    if (!parsed.ok) return tellProblems(terminal, parsed.problems)
    const { values } = parsed.value
    const tell = (problems: readonly Diagnostic[]): number => tellProblems(terminal, problems, values.json)
    const [other] = values.check ? (['stdout', 'force'] as const).filter((name) => values[name]) : []
    if (other !== undefined)
      return tell([
        error('arguments', `\`--check\` does not go with \`--${other}\``, { hint: 'it compares, and writes nothing' }),
      ])
    const action = values.action === undefined ? undefined : readAction(values.action)
    if (action && !action.ok) return tell(action.problems)
    const places = placesOf(values, cwd, files)
    if (!places.ok) return tell(places.problems)
    const { folder, file, path } = places.value
    const loaded = await load({ folder, file }, { files })
    if (!loaded.ok) return tell(loaded.problems)
    const existing = existingAt(files, folder, path)
    if (!existing.ok) return tell(existing.problems)
    const inputs = file === defaultFile ? {} : { file }
    const made = syncWorkflow(loaded.workflow, { path, existing: existing.value, action: action?.value, inputs })
    if (!made.ok) return tell(made.problems)
    const warnings = [...loaded.warnings, ...made.value.warnings]
    const all: Situation = { files, terminal, folder, file, path, existing: existing.value, made: made.value, warnings }
    if (values.stdout) {
      tellWarnings(terminal, warnings)
      terminal.out(made.value.text)
      return exitCodes.pass
    }
    return values.check ? check(all, values.json) : write(all, values)
  },
}

interface Places {
  folder: string
  /** From the folder, with slashes. */
  file: string
  path: string
}

interface Situation extends Places {
  files: Files
  terminal: Terminal
  existing: Existing | undefined
  made: Synced
  warnings: readonly Diagnostic[]
}

/** Where the workflow file is, and where GitHub's is written: under the same name among its workflows. */
function placesOf(values: { file?: string; dir?: string }, cwd: string, files: Files): Result<Places, Diagnostic> {
  const folder = resolve(cwd, values.dir ?? '.')
  if (files.stat(files.real(folder) ?? folder)?.kind !== 'directory')
    return fail(error('no-folder', `there is no folder ${values.dir ?? folder}`))
  const file = relative(folder, resolve(folder, values.file ?? defaultFile)).replaceAll('\\', '/')
  const path = `.github/workflows/${basename(file)}`
  if (posix.normalize(file) === path)
    return fail(
      error('arguments', `the workflow file lies where its GitHub workflow belongs: ${file}`, {
        hint: 'move it to `.github/`, as GitHub would take it for a workflow of its own',
      }),
    )
  return ok({ folder, file, path })
}

function existingAt(files: Files, folder: string, path: string): Result<Existing | undefined, Diagnostic> {
  const full = join(folder, path)
  const kind = files.stat(files.real(full) ?? full)?.kind
  if (kind !== undefined && kind !== 'file') return fail(error('no-file', `${path} is no file`))
  const text = files.readText(full)
  return text === undefined ? ok(undefined) : readExisting(path, text)
}

/** `--check`: whether the workflow is what the file gives, and what differs. */
function check({ terminal, file, path, existing, made, warnings }: Situation, json = false): number {
  const isSame = existing?.text === made.text
  const difference = isSame ? [] : unifiedDiff(existing?.text ?? '', made.text)
  if (json)
    tellJson(terminal, {
      file: path,
      from: file,
      state: isSame ? 'in-sync' : 'drift',
      diff: difference.join('\n'),
      warnings,
    })
  else if (isSame) terminal.out(`${path} is in sync with ${file}\n`)
  else {
    const head = existing ? [`--- ${path}`, `+++ what ${file} gives`] : []
    if (existing) terminal.out(`${[...head, ...difference].map((line) => painted(terminal, line)).join('\n')}\n\n`)
    terminal.out(`${verdictOf(path, file, existing)}\n`)
  }
  return isSame ? exitCodes.pass : exitCodes.fail
}

function verdictOf(path: string, file: string, existing: Existing | undefined): string {
  if (!existing) return `there is no ${path}: run \`wf sync\``
  if (existing.asWritten === undefined)
    return `${path} was not made by \`wf sync\`: move it, or write over it by \`wf sync --force\`, which keeps a copy`
  return existing.asWritten
    ? `${path} is not in sync with ${file}: run \`wf sync\``
    : `${path} was changed since \`wf sync\` wrote it: say that in ${file} or between \`# wf:own NAME\` and \`# wf:end\`, or run \`wf sync --force\``
}

function painted({ colours }: Terminal, line: string): string {
  const codes: Record<string, number> = { '+': 32, '-': 31, '@': 36 }
  const code = codes[line.charAt(0)]
  return colours && code !== undefined ? `\u001B[${code}m${line}\u001B[0m` : line
}

/** Writes the workflow, unless what is there would be lost. */
function write(situation: Situation, { force = false, json = false }: { force?: boolean; json?: boolean }): number {
  const { files, terminal, folder, file, path, existing, made, warnings } = situation
  const isSame = existing?.text === made.text
  const refused = isSame ? undefined : whyRefused(situation)
  if (refused && !force) return tellProblems(terminal, [refused], json)
  const copy = refused ? freeName(files, folder, path) : undefined
  if (copy !== undefined && existing)
    files.write(join(folder, copy), files.readBytes(join(folder, path)) ?? existing.text)
  if (!isSame) files.write(join(folder, path), made.text)
  const state = isSame ? 'in-sync' : 'written'
  if (json) {
    tellJson(terminal, {
      file: path,
      from: file,
      state,
      ...(copy === undefined ? {} : { copy }),
      jobs: made.jobs,
      warnings,
    })
    return exitCodes.pass
  }
  tellWarnings(terminal, warnings)
  terminal.out(isSame ? `${path} is in sync with ${file}\n` : `${path}: ${count(made.jobs, 'job')}, from ${file}\n`)
  if (copy !== undefined) terminal.out(`what was there is kept in ${copy}\n`)
  return exitCodes.pass
}

/** Why what is there cannot be overwritten: somebody else wrote it, or a part of it. */
function whyRefused({ files, folder, path, file, existing, made }: Situation): Diagnostic | undefined {
  if (!existing) return undefined
  if (existing.from !== undefined && existing.from !== file && files.stat(join(folder, existing.from)) !== undefined)
    return error('other-file', `${path} was made from ${existing.from}, which is still there`, {
      hint: 'give one of the two workflow files another name: it is also that of the GitHub workflow',
    })
  if (existing.asWritten === true) return undefined
  const lines = existing.text.split('\n')
  const now = new Set(made.text.split('\n'))
  const index =
    existing.asWritten === undefined ? 0 : lines.findIndex((line) => !now.has(line) && !line.startsWith('# wf:sha256'))
  const source = lines[Math.max(0, index)] ?? ''
  const place = { file: path, line: Math.max(0, index) + 1, column: 1, length: Math.max(1, source.length), source }
  return existing.asWritten === undefined
    ? error('not-synced', `${path} was not made by \`wf sync\``, {
        place,
        hint: `move it, or write over it with \`--force\`, which keeps a copy; \`--stdout\` shows what would be written`,
      })
    : error(
        'changed-by-hand',
        `${path} was changed since \`wf sync\` wrote it; this is the first line that ${file} does not give`,
        {
          place,
          hint: `say it in ${file} or between \`# wf:own NAME\` and \`# wf:end\`; \`--check\` shows what differs, \`--force\` writes over it and keeps a copy`,
        },
      )
}

/** A name beside a file that nothing has yet, and that GitHub does not take for a workflow. */
function freeName(files: Files, folder: string, path: string): string {
  for (let i = 1; ; i++) {
    const name = `${path}.${i === 1 ? '' : `${i}.`}bak`
    if (files.stat(join(folder, name)) === undefined) return name
  }
}

const tellWarnings = (terminal: Terminal, warnings: readonly Diagnostic[]): void => {
  if (warnings.length) terminal.err(`${warnings.map(renderDiagnostic).join('\n')}\n`)
}

const tellJson = (
  terminal: Terminal,
  { warnings, ...rest }: { warnings: readonly Diagnostic[]; [key: string]: unknown },
): void => terminal.out(`${JSON.stringify({ version: 1, ...rest, problems: warnings }, null, 2)}\n`)
