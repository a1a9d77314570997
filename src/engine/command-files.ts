import { join } from 'node:path'
import type { Files, Random } from '../ports.js'

/** What a step told through its files, as GitHub's runner reads them. */
export interface Told {
  outputs: Record<string, string>
  env: Record<string, string>
  paths: string[]
  summary: string
  /** What could not be read; a step with problems has failed. */
  problems: string[]
}

const names = {
  GITHUB_OUTPUT: 'output',
  GITHUB_ENV: 'env',
  GITHUB_PATH: 'path',
  GITHUB_STEP_SUMMARY: 'summary',
} as const
type Variable = keyof typeof names
const maxSummary = 256 * 1024
/** Beyond this a file is not read: what is told there goes through memory, the journal and the environment. */
const maxFile = 4 * 1024 * 1024

/** The files through which a process tells outputs and variables. One set serves one attempt after another. */
export class CommandFiles {
  /** The variables that tell a process where they are. */
  readonly variables: Record<Variable, string>
  readonly #folder: string

  constructor(
    private readonly files: Files,
    folder: string,
    random: Random,
  ) {
    this.#folder = join(folder, `commands-${random.hex(8)}`)
    const entries = Object.entries(names).map(([variable, name]) => [variable, join(this.#folder, name)])
    this.variables = Object.fromEntries(entries) as Record<Variable, string>
    files.makeFolder(this.#folder)
    for (const path of Object.values(this.variables)) files.write(path, '')
  }

  /** Reads what was told since the last time, and empties the files. */
  take(): Told {
    const problems: string[] = []
    const outputs = parsePairs(this.#text('GITHUB_OUTPUT', problems), 'GITHUB_OUTPUT', problems)
    const env = parsePairs(this.#text('GITHUB_ENV', problems), 'GITHUB_ENV', problems)
    for (const name of Object.keys(env).filter(isReserved)) {
      problems.push(`$GITHUB_ENV cannot set \`${name}\`: names with GITHUB_, RUNNER_ and WF_ are set by wf and GitHub`)
      delete env[name]
    }
    const paths = this.#text('GITHUB_PATH', problems).split(/\r?\n/).filter(Boolean)
    return { outputs, env, paths, summary: shortened(this.#text('GITHUB_STEP_SUMMARY', problems)), problems }
  }

  /** The text of one file. A step may have done anything to it; what is no file any more is not followed, and made anew. */
  #text(variable: Variable, problems: string[]): string {
    const path = this.variables[variable]
    const stat = this.files.stat(path)
    if (stat?.kind === 'file' && stat.size === 0) return ''
    let text = ''
    if (stat && stat.kind !== 'file') problems.push(`$${variable} is no file any more`)
    else if (stat && stat.size > maxFile) problems.push(`$${variable} holds more than ${maxFile / 1024 / 1024} MB`)
    else if (stat && stat.size <= maxFile) text = this.files.readText(path) ?? ''
    this.files.remove(path)
    this.files.write(path, '')
    return text
  }
}

const shortened = (summary: string): string =>
  summary.length > maxSummary
    ? `${summary.slice(0, maxSummary)}\n\n(cut: longer than ${maxSummary / 1024} KB)\n`
    : summary

const isReserved = (name: string): boolean => /^(GITHUB_|RUNNER_|WF_)/.test(name)

/** `name=value` lines and `name<<DELIMITER` blocks; what is neither is told with its line. */
export function parsePairs(text: string, file: string, problems: string[]): Record<string, string> {
  const values = new Map<string, string>()
  const lines = text.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    if (line === '') continue
    const at = i + 1
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    const block = heredoc !== -1 && (equals === -1 || heredoc < equals)
    const name = block ? line.slice(0, heredoc) : line.slice(0, Math.max(0, equals))
    if (!block && equals === -1) {
      problems.push(
        `line ${at} of $${file} is neither \`name=value\` nor \`name<<DELIMITER\`: ${JSON.stringify(line.slice(0, 60))}; a value of several lines needs a delimiter`,
      )
      continue
    }
    if (!isOutputName(name)) problems.push(`line ${at} of $${file}: ${JSON.stringify(name.slice(0, 60))} is no name`)
    if (!block) {
      values.set(name, line.slice(equals + 1))
      continue
    }
    const end = lines.indexOf(line.slice(heredoc + 2), i + 1)
    if (end === -1) {
      problems.push(`line ${at} of $${file}: the block ${JSON.stringify(name.slice(0, 60))} is not closed`)
      break
    }
    values.set(name, lines.slice(i + 1, end).join('\n'))
    i = end
  }
  return Object.fromEntries(values)
}

/** What an output and a variable may be called. */
export const isOutputName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)
