import type { Disagreement, LockReader, Package, Sources } from './package.js'
import { textsOf, tomlLines } from './toml.js'
import type { TomlLine } from './toml.js'
import { tomlPackages } from './toml-packages.js'

/** As PEP 503 compares names. */
const normal = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-')

/** The name at the beginning of a requirement, as PEP 508 writes it. */
const requirement = /^\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:(===?)\s*([^\s;,#\\]+))?/

/** Requirements of pip; a version is known where it is pinned. */
export const requirements: LockReader = {
  ecosystem: 'pypi',
  name: /^requirements(?:[-_.][\w.-]+)?\.txt$/,
  licences: false,
  renew: 'pip-compile',
  read: (text) =>
    text.split(/\r?\n/).flatMap((line, i): Package[] => {
      const [, name, , version] = /^\s*(?:#|-)/.test(line) ? [] : (requirement.exec(line) ?? [])
      const isAddress = name !== undefined && /^\s*[\w+.-]+:\/\//.test(line)
      return name === undefined || isAddress ? [] : [{ name: normal(name), version: version ?? null, line: i + 1 }]
    }),
}

/** Packages of the repository itself. */
const isOwn = (source = ''): boolean => /\b(?:virtual|editable|workspace|directory)\s*=/.test(source)

const lockOf = (name: RegExp, renew: string, wanted: (line: TomlLine) => string[]): LockReader => ({
  ecosystem: 'pypi',
  name,
  licences: false,
  renew,
  read: (text) =>
    tomlPackages(text).flatMap(({ source, ...rest }) => (isOwn(source) ? [] : [{ ...rest, name: normal(rest.name) }])),
  agree: (text, path, sources) => compare(text, path, sources, wanted),
})

function compare(
  text: string,
  path: string,
  { folder, text: read, tracked }: Sources,
  wanted: (line: TomlLine) => string[],
): Disagreement[] {
  const file = `${folder}pyproject.toml`
  if (!tracked.has(file)) return []
  const names = new Set(tomlPackages(text).map(({ name }) => normal(name)))
  return tomlLines(read(file) ?? '').flatMap((line) =>
    wanted(line)
      .filter((name) => !names.has(normal(name)))
      .map((name) => ({ file, line: line.line, message: `\`${name}\` is wanted, which \`${path}\` does not have` })),
  )
}

/** `dependencies` of the table `project`. */
const ofProject = ({ table, key, value }: TomlLine): string[] =>
  table === 'project' && key === 'dependencies'
    ? textsOf(value).flatMap((text) => requirement.exec(text)?.[1] ?? [])
    : []

const poetryTable = /^tool\.poetry\.(?:dependencies|dev-dependencies|group\.[^.]+\.dependencies)$/

export const uvLock = lockOf(/^uv\.lock$/, 'uv lock', ofProject)
export const poetryLock = lockOf(/^poetry\.lock$/, 'poetry lock', (line) => [
  ...ofProject(line),
  ...(poetryTable.test(line.table) && line.key !== 'python' ? [line.key] : []),
])
