import { jsonMap, licenceIn, lineOfKey, linesOfKeys, mapIn, textIn, textsIn } from './package.js'
import type { Disagreement, LockReader, Members, Package } from './package.js'

const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const
/** Where a package is installed, and what it is called there. */
const installed = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/

const entriesOf = (text: string): [path: string, entry: Members][] | undefined => {
  const packages = mapIn(jsonMap(text)?.['packages'])
  return (
    packages && Object.entries(packages).flatMap(([path, entry]) => (mapIn(entry) ? [[path, mapIn(entry) ?? {}]] : []))
  )
}

/** The lock file of npm, of versions 2 and 3. */
export const npmLock: LockReader = {
  ecosystem: 'npm',
  name: /^(?:package-lock|npm-shrinkwrap)\.json$/,
  licences: true,
  renew: 'npm install --package-lock-only',
  read(text) {
    const entries = entriesOf(text)
    if (!entries)
      return {
        unread: jsonMap(text)
          ? 'it has no `packages`: version 1 is not read; write it with npm 7 or later'
          : 'it is no JSON',
      }
    const lines = linesOfKeys(text)
    return entries.flatMap(([path, entry]): Package[] => {
      const [, place] = installed.exec(path) ?? []
      if (place === undefined || entry['link'] === true) return []
      const licence = licenceIn(entry['license'])
      return [
        {
          name: textIn(entry['name']) ?? place,
          version: textIn(entry['version']) ?? null,
          line: lines.get(path) ?? 1,
          folder: path,
          ...(licence === undefined ? {} : { licence }),
        },
      ]
    })
  },
  agree(text, path, { folder, text: read, tracked }) {
    return (entriesOf(text) ?? []).flatMap(([place, entry]): Disagreement[] => {
      if (installed.test(place)) return []
      const file = `${folder}${place === '' ? '' : `${place}/`}package.json`
      return tracked.has(file) ? compare(entry, { path, text, place }, { file, text: read(file) ?? '' }) : []
    })
  },
}

function compare(
  entry: Members,
  lock: { path: string; text: string; place: string },
  { file, text }: { file: string; text: string },
): Disagreement[] {
  const manifest = jsonMap(text)
  if (!manifest) return [{ file, line: 1, message: `\`${file}\` is no JSON` }]
  const [wanted, known] = [manifest, entry].map((one) => groups.flatMap((group) => textsIn(one[group]))) as [
    [string, string][],
    [string, string][],
  ]
  const missing = wanted.flatMap(([name, range]): Disagreement[] => {
    const there = known.filter(([each]) => each === name)
    if (there.some(([, each]) => each === range)) return []
    const said = there[0]
      ? `\`${lock.path}\` was written for \`${there[0][1]}\``
      : `\`${lock.path}\` has no such dependency`
    return [{ file, line: lineOfKey(text, name), message: `\`${name}\` is wanted as \`${range}\`, and ${said}` }]
  })
  const line = linesOfKeys(lock.text).get(lock.place) ?? 1
  const left = new Set(known.map(([name]) => name).filter((name) => !wanted.some(([each]) => each === name)))
  return [
    ...missing,
    ...[...left].map((name) => ({
      file: lock.path,
      line,
      message: `it has \`${name}\`, which \`${file}\` does not want`,
    })),
  ]
}
