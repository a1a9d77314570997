import type { Disagreement, LockReader } from './package.js'
import { tomlLines, unquoted } from './toml.js'
import { tomlPackages } from './toml-packages.js'

/** `dependencies`, also of a kind or of a platform; the name after it when the dependency has a table of its own. */
const wanted = /^(?:target\.(?:'[^']*'|"[^"]*"|[\w-]+)\.)?(?:dev-|build-)?dependencies(?:\.(.+))?$/

/** The crates that a manifest wants, by the name of the crate. */
function wantedBy(text: string): { name: string; line: number }[] {
  const found = new Map<string, { name: string; line: number }>()
  for (const { table, key, value, line } of tomlLines(text)) {
    const [all, own] = wanted.exec(table) ?? []
    if (all === undefined) continue
    // `serde.workspace = true` is of `serde`.
    const alias = own === undefined ? (key.split('.')[0] ?? key) : unquoted(own)
    const renamed =
      own === undefined ? /\bpackage\s*=\s*"([^"]+)"/.exec(value)?.[1] : key === 'package' ? unquoted(value) : undefined
    // What the workspace renames is not told here.
    const inherits =
      own === undefined ? key.endsWith('.workspace') || /\bworkspace\s*=\s*true/.test(value) : key === 'workspace'
    if (inherits) found.delete(`${table} ${alias}`)
    else if (renamed !== undefined || !found.has(`${table} ${alias}`))
      found.set(`${table} ${alias}`, { name: renamed ?? alias, line: found.get(`${table} ${alias}`)?.line ?? line })
  }
  return [...found.values()]
}

/** The lock file of Cargo. */
export const cargoLock: LockReader = {
  ecosystem: 'cargo',
  name: /^Cargo\.lock$/,
  licences: false,
  renew: 'cargo update --workspace',
  read: (text) => tomlPackages(text).flatMap(({ source, ...rest }) => (source === undefined ? [] : [rest])),
  agree(text, path, { folder, text: read, tracked }) {
    const packages = tomlPackages(text)
    const names = new Set(packages.map(({ name }) => name))
    const own = new Set(packages.flatMap(({ name, source }) => (source === undefined ? [name] : [])))
    const manifests = [...tracked].filter((one) => one.startsWith(folder) && /(?:^|\/)Cargo\.toml$/.test(one))
    return manifests.flatMap((file): Disagreement[] => {
      // A crate below that has its own lock file is none of this one.
      const place = file.slice(0, -'Cargo.toml'.length)
      if (place !== folder && tracked.has(`${place}Cargo.lock`)) return []
      const manifest = read(file) ?? ''
      const name = tomlLines(manifest).find(({ table, key }) => table === 'package' && key === 'name')
      if (!name || !own.has(unquoted(name.value))) return []
      return wantedBy(manifest)
        .filter((one) => !names.has(one.name))
        .map((one) => ({ file, line: one.line, message: `\`${one.name}\` is wanted, which \`${path}\` does not have` }))
    })
  },
}
