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
const maxSummary = 256 * 1024

/** The files through which a process tells outputs and variables. One set serves one attempt after another. */
export class CommandFiles {
  /** The variables that tell a process where they are. */
  readonly variables: Record<keyof typeof names, string>
  readonly #folder: string

  constructor(
    private readonly files: Files,
    folder: string,
    random: Random,
  ) {
    this.#folder = join(folder, `commands-${random.hex(8)}`)
    const entries = Object.entries(names).map(([variable, name]) => [variable, join(this.#folder, name)])
    this.variables = Object.fromEntries(entries) as Record<keyof typeof names, string>
    files.makeFolder(this.#folder)
    for (const path of Object.values(this.variables)) files.write(path, '')
  }

  /** Reads what was told since the last time, and empties the files. */
  take(): Told {
    const text = (variable: keyof typeof names): string => {
      const path = this.variables[variable]
      const size = this.files.stat(path)?.size
      if (size === 0) return ''
      const content = size === undefined ? '' : (this.files.readText(path) ?? '')
      this.files.write(path, '')
      return content
    }
    const problems: string[] = []
    const outputs = parsePairs(text('GITHUB_OUTPUT'), 'GITHUB_OUTPUT', problems)
    const env = parsePairs(text('GITHUB_ENV'), 'GITHUB_ENV', problems)
    const paths = text('GITHUB_PATH').split(/\r?\n/).filter(Boolean)
    return { outputs, env, paths, summary: text('GITHUB_STEP_SUMMARY').slice(0, maxSummary), problems }
  }
}

/** `name=value` lines and `name<<DELIMITER` blocks; what is neither is told with its line. */
export function parsePairs(text: string, file: string, problems: string[]): Record<string, string> {
  const values: Record<string, string> = {}
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
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name))
      problems.push(`line ${at} of $${file}: ${JSON.stringify(name.slice(0, 60))} is no name`)
    if (!block) {
      values[name] = line.slice(equals + 1)
      continue
    }
    const end = lines.indexOf(line.slice(heredoc + 2), i + 1)
    if (end === -1) {
      problems.push(`line ${at} of $${file}: the block ${JSON.stringify(name.slice(0, 60))} is not closed`)
      break
    }
    values[name] = lines.slice(i + 1, end).join('\n')
    i = end
  }
  return values
}
