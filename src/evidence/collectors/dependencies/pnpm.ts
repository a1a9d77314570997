import { posix } from 'node:path'
import { jsonMap, lineOfKey, textsIn } from './package.js'
import type { Disagreement, LockReader, Package } from './package.js'

const bare = (text: string): string =>
  text
    .trim()
    .replace(/^'(.*)'$/, '$1')
    .replace(/^"(.*)"$/, '$1')

/** What the file says of one folder: the range that each dependency was wanted with. */
type Importer = Map<string, string>

interface Read {
  version: number
  packages: Package[]
  importers: Map<string, Importer>
  overrides: Set<string>
}

const groups = new Set(['dependencies', 'devDependencies', 'optionalDependencies'])
/** `/name@1.2.3(peer@1)` of version 6, `name@1.2.3` of version 9. */
const packageKey = /^\/?((?:@[^@/]+\/)?[^@/]+)@([^(]+)/

/** pnpm writes one key a line, each level two blanks deeper: so it is read by lines, whatever its size. */
function readLines(text: string): Read {
  const read: Read = { version: 0, packages: [], importers: new Map(), overrides: new Set() }
  const path: string[] = []
  text.split(/\r?\n/).forEach((line, i) => {
    const [, blanks = '', key, value = ''] =
      /^( *)('[^']*'|"[^"]*"|[^\s:'"#][^:]*(?::[^\s:][^:]*)*):(?: (.*))?$/.exec(line) ?? []
    if (key === undefined) return
    const depth = blanks.length / 2
    path.length = Math.min(path.length, depth)
    path.push(bare(key))
    const [section = '', second = '', third = '', fourth = '', fifth] = path
    if (section === 'lockfileVersion') read.version = Number.parseFloat(bare(value))
    else if (section === 'overrides' && depth === 1) read.overrides.add(second)
    else if (section === 'packages' && depth === 1) {
      const [, name, version] = packageKey.exec(second) ?? []
      if (name !== undefined) read.packages.push({ name, version: version ?? null, line: i + 1 })
    } else if (section === 'importers') {
      if (depth === 1) read.importers.set(second, new Map())
      else if (depth === 4 && groups.has(third) && fifth === 'specifier')
        read.importers.get(second)?.set(fourth, bare(value))
    } else if (groups.has(section) && depth === 2 && third === 'specifier') {
      const root = read.importers.get('.') ?? new Map<string, string>()
      read.importers.set('.', root.set(second, bare(value)))
    }
  })
  return read
}

/** The lock file of pnpm, from version 6 of its format. */
export const pnpmLock: LockReader = {
  ecosystem: 'npm',
  name: /^pnpm-lock\.yaml$/,
  licences: false,
  renew: 'pnpm install --lockfile-only',
  read(text) {
    const { version, packages } = readLines(text)
    return version >= 6 ? packages : { unread: 'it is of a version before 6; write it with pnpm 8 or later' }
  },
  agree(text, path, { folder, text: read, tracked }) {
    const { version, importers, overrides } = readLines(text)
    if (version < 6) return []
    return [...importers].flatMap(([place, known]): Disagreement[] => {
      const file = posix.normalize(`${folder}${place}/package.json`)
      const manifest = jsonMap(tracked.has(file) ? read(file) : undefined)
      if (!manifest) return []
      const wanted = [...groups].flatMap((group) => textsIn(manifest[group]))
      return wanted
        .filter(([name, range]) => known.get(name) !== range && !range.startsWith('link:'))
        .filter(([name]) => !known.has(name) || !isOverridden(name, overrides))
        .map(([name, range]) => {
          const there = known.get(name)
          const said = there === undefined ? 'has no such dependency' : `was written for \`${there}\``
          const message = `\`${name}\` is wanted as \`${range}\`, and \`${path}\` ${said}`
          return { file, line: lineOfKey(read(file) ?? '', name), message }
        })
    })
  },
}

/** `name`, `name@2` or `parent>name`. */
const isOverridden = (name: string, overrides: ReadonlySet<string>): boolean =>
  [...overrides].some((one) => one === name || one.startsWith(`${name}@`) || one.endsWith(`>${name}`))
