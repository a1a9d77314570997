import { jsonMap, licenceIn, lineOfKey, mapIn, textIn, textsIn } from './package.js'
import type { LockReader, Members, Package } from './package.js'

const entriesOf = (lock: Members): Members[] =>
  ['packages', 'packages-dev'].flatMap((key) => {
    const list = lock[key]
    return Array.isArray(list) ? (list as unknown[]).map(mapIn).filter((one) => one !== undefined) : []
  })

/** The lock file of Composer. */
export const composerLock: LockReader = {
  ecosystem: 'composer',
  name: /^composer\.lock$/,
  licences: true,
  renew: 'composer update --lock',
  read(text) {
    const lock = jsonMap(text)
    if (!lock) return { unread: 'it is no JSON' }
    const lines = new Map<string, number>()
    text.split('\n').forEach((line, i) => {
      const [, name] = /^ {12}"name": "([^"]+)",?\r?$/.exec(line) ?? []
      if (name !== undefined && !lines.has(name)) lines.set(name, i + 1)
    })
    return entriesOf(lock).flatMap((entry): Package[] => {
      const [name, version, licence] = [textIn(entry['name']), textIn(entry['version']), licenceIn(entry['license'])]
      if (name === undefined) return []
      return [
        { name, version: version ?? null, line: lines.get(name) ?? 1, ...(licence === undefined ? {} : { licence }) },
      ]
    })
  },
  agree(text, path, { folder, text: read, tracked }) {
    const file = `${folder}composer.json`
    const [manifest, lock] = [jsonMap(tracked.has(file) ? read(file) : undefined), jsonMap(text)]
    if (!manifest || !lock) return []
    const names = entriesOf(lock).flatMap((entry) => [
      textIn(entry['name']) ?? '',
      ...['replace', 'provide'].flatMap((key) => textsIn(entry[key]).map(([name]) => name)),
    ])
    const known = new Set(
      [...names, ...textsIn(manifest['replace']).map(([name]) => name)].map((name) => name.toLowerCase()),
    )
    // Names without a vendor are of the platform: `php`, `ext-json`.
    return ['require', 'require-dev']
      .flatMap((group) => textsIn(manifest[group]))
      .filter(([name]) => name.includes('/') && !known.has(name.toLowerCase()))
      .map(([name]) => ({
        file,
        line: lineOfKey(read(file) ?? '', name),
        message: `\`${name}\` is wanted, which \`${path}\` does not have`,
      }))
  },
}
