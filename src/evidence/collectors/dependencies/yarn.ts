import { jsonMap, lineOfKey, textIn, textsIn } from './package.js'
import type { Disagreement, LockReader, Package, Sources } from './package.js'

interface Entry {
  /** `name@range`, each that the entry answers. */
  wanted: string[]
  line: number
  version?: string
  /** As Yarn 2 and later write it: `name@npm:1.2.3`. */
  resolution?: string
  /** The names below `dependencies`. */
  dependencies: string[]
}

const bare = (text: string): string => text.trim().replace(/^"(.*)"$/, '$1')
/** The name before the `@` that is not its first character. */
const nameOf = (wanted: string): string => wanted.slice(0, wanted.indexOf('@', 1))

/** What a package is called where it comes from: Yarn 1 writes another name as `other@npm:name@^1.0.0`. */
const realName = (wanted: string): string => nameOf(/^.[^@]*@npm:(.[^@]*@.*)$/.exec(wanted)?.[1] ?? wanted)

/** Both writers indent what belongs to an entry by two blanks, and what is in a mapping of it by four. */
function entriesOf(text: string): Entry[] {
  const entries: Entry[] = []
  let inDependencies = false
  text.split(/\r?\n/).forEach((line, i) => {
    const last = entries.at(-1)
    if (/^[^\s#].*:$/.test(line)) {
      const wanted = line
        .slice(0, -1)
        .replace(/^"(.*)"$/, '$1')
        .split(/"?, "?/)
        .map(bare)
      entries.push({ wanted, line: i + 1, dependencies: [] })
    } else if (last && /^ {2}\S/.test(line)) {
      const [, key, value = ''] = /^ {2}(\w+):? ?(.*)$/.exec(line) ?? []
      inDependencies = key === 'dependencies' || key === 'optionalDependencies'
      if (key === 'version') last.version = bare(value)
      if (key === 'resolution') last.resolution = bare(value)
    } else if (last && inDependencies) {
      const [, name] = /^ {4}"?([^\s:"]+)/.exec(line) ?? []
      if (name !== undefined) last.dependencies.push(name)
    }
  })
  return entries.filter(({ wanted }) => wanted[0] !== '__metadata')
}

const isOwn = ({ resolution = '' }: Entry): boolean => resolution.includes('@workspace:')

/** The lock file of Yarn 1 and of later ones. */
export const yarnLock: LockReader = {
  ecosystem: 'npm',
  name: /^yarn\.lock$/,
  licences: false,
  renew: 'yarn install',
  read: (text) =>
    entriesOf(text).flatMap((entry): Package[] => {
      const name = entry.resolution ? nameOf(entry.resolution) : realName(entry.wanted[0] ?? '')
      return isOwn(entry) || name === '' ? [] : [{ name, version: entry.version ?? null, line: entry.line }]
    }),
  agree(text, path, sources) {
    const entries = entriesOf(text)
    const isNew = entries.some(({ resolution }) => resolution !== undefined)
    // Yarn 1 does not write which packages of the repository it knows.
    const roots = isNew
      ? entries.flatMap((entry) => {
          const [, place] = /@workspace:(.*)$/.exec(entry.resolution ?? '') ?? []
          return place === undefined ? [] : [{ place, entry }]
        })
      : [{ place: '.', entry: undefined }]
    const known = new Set(entries.flatMap(({ wanted }) => wanted))
    const own = new Set(ownNames(sources))
    return roots.flatMap(({ place, entry }) => {
      const file = `${sources.folder}${place === '.' ? '' : `${place}/`}package.json`
      return compare(file, { path, sources, known, own, entry })
    })
  },
}

interface Against {
  path: string
  sources: Sources
  /** All that the entries answer, as `name@range`. */
  known: ReadonlySet<string>
  own: ReadonlySet<string>
  /** The entry of the manifest's own package, which later versions write. */
  entry: Entry | undefined
}

/** What a manifest wants and the lock file does not have. */
function compare(file: string, { path, sources, known, own, entry }: Against): Disagreement[] {
  const { tracked, text: read } = sources
  const manifest = jsonMap(tracked.has(file) ? read(file) : undefined)
  if (!manifest) return []
  // With `resolutions` an entry may answer another range than the one that is wanted.
  const names = new Set(entry?.dependencies ?? (manifest['resolutions'] === undefined ? [] : [...known].map(nameOf)))
  return ['dependencies', 'devDependencies', 'optionalDependencies']
    .flatMap((group) => textsIn(manifest[group]))
    .filter(([name, range]) => !/^(?:link|portal|workspace):/.test(range) && !own.has(name))
    .filter(([name, range]) => !names.has(name) && (entry !== undefined || !known.has(`${name}@${range}`)))
    .map(([name, range]) => ({
      file,
      line: lineOfKey(read(file) ?? '', name),
      message: `\`${name}\` is wanted as \`${range}\`, which \`${path}\` does not have`,
    }))
}

/** What the packages of the repository below a folder are called. */
const ownNames = ({ folder, tracked, text }: Sources): string[] =>
  [...tracked]
    .filter((path) => path.startsWith(folder) && path.endsWith('/package.json'))
    .flatMap((path) => textIn(jsonMap(text(path))?.['name']) ?? [])
