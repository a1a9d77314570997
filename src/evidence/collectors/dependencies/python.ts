import { jsonMap, linesOfKeys, mapIn, textIn } from './package.js'
import type { Disagreement, LockReader, Members, Package, Sources } from './package.js'
import { textsOf, tomlLines, unquoted } from './toml.js'
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
  const lines = tomlLines(read(file) ?? '')
  // Extras may name extras of the project itself: `all = ["shop[cli]"]`.
  const own = lines.filter(({ table, key }) => /^(?:project|tool\.poetry)$/.test(table) && key === 'name')
  const locked = tomlPackages(text).map(({ name }) => name)
  const names = new Set([...locked, ...own.map(({ value }) => unquoted(value))].map(normal))
  return lines.flatMap((line) =>
    wanted(line)
      .filter((name) => !names.has(normal(name)))
      .map((name) => ({ file, line: line.line, message: `\`${name}\` is wanted, which \`${path}\` does not have` })),
  )
}

/** The names in a list of requirements. What it includes by the name of a group stands in braces. */
const namesOf = (value: string): string[] =>
  textsOf(value.replaceAll(/\{[^{}]*\}/g, '')).flatMap((text) => requirement.exec(text)?.[1] ?? [])

/** `dependencies` of the table `project`, and those of its extras. */
const ofProject = ({ table, key, value }: TomlLine): string[] =>
  (table === 'project' && key === 'dependencies') || table === 'project.optional-dependencies' ? namesOf(value) : []

const poetryTable = /^tool\.poetry\.(?:dependencies|dev-dependencies|group\.[^.]+\.dependencies)$/

export const uvLock = lockOf(/^uv\.lock$/, 'uv lock', (line) => [
  ...ofProject(line),
  ...(line.table === 'dependency-groups' || (line.table === 'tool.uv' && line.key === 'dev-dependencies')
    ? namesOf(line.value)
    : []),
])
export const poetryLock = lockOf(/^poetry\.lock$/, 'poetry lock', (line) => [
  ...ofProject(line),
  ...(poetryTable.test(line.table) && line.key !== 'python' ? [line.key] : []),
])

/** The lock file of Pipenv, and the names in its Pipfile. */
export const pipfileLock: LockReader = {
  ecosystem: 'pypi',
  name: /^Pipfile\.lock$/,
  licences: false,
  renew: 'pipenv lock',
  read(text) {
    const lock = jsonMap(text)
    if (!lock) return { unread: 'it is no JSON' }
    const lines = linesOfKeys(text)
    return categories(lock).flatMap(([name, entry]): Package[] => {
      // What comes from a folder of the repository has a path, and no version.
      if (textIn(entry['path']) !== undefined || textIn(entry['file'])?.startsWith('.')) return []
      const version = textIn(entry['version'])?.replace(/^==/, '') ?? null
      return [{ name: normal(name), version, line: lines.get(name) ?? 1 }]
    })
  },
  agree(text, path, { folder, text: read, tracked }) {
    const file = `${folder}Pipfile`
    const lock = jsonMap(text)
    if (!lock || !tracked.has(file)) return []
    const names = new Set(categories(lock).map(([name]) => normal(name)))
    return tomlLines(read(file) ?? '')
      .flatMap(({ table, key, line }) => {
        const [, group, name = key] = /^([^.]+)(?:\.(.+))?$/.exec(table) ?? []
        return group === undefined || settings.test(group) ? [] : [{ name: unquoted(name), line }]
      })
      .filter(({ name }, i, all) => !names.has(normal(name)) && all.findIndex((one) => one.name === name) === i)
      .map(({ name, line }) => ({ file, line, message: `\`${name}\` is wanted, which \`${path}\` does not have` }))
  },
}

/** The tables of a Pipfile that name no packages; all others are categories of them. */
const settings = /^(?:source|requires|scripts|pipenv|pipfile|build-system|tool)$/

/** The entries of all categories of a `Pipfile.lock`. */
const categories = (lock: Members): [name: string, entry: Members][] =>
  Object.entries(lock).flatMap(([category, list]) =>
    category === '_meta'
      ? []
      : Object.entries(mapIn(list) ?? {}).map(([name, entry]): [string, Members] => [name, mapIn(entry) ?? {}]),
  )
