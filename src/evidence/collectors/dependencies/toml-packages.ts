import type { Package } from './package.js'
import { tomlLines, unquoted } from './toml.js'
import type { TomlLine } from './toml.js'

/** A `[[package]]` of a lock file in TOML. */
export interface TomlPackage extends Package {
  /** Where it comes from, as the file writes it; of packages of the repository nothing, or a place in it. */
  source?: string
}

/** The packages of a lock file in TOML: Cargo, Poetry, PDM and uv write them alike. */
export function tomlPackages(text: string): TomlPackage[] {
  const tables = new Map<number, TomlLine[]>()
  let last = 0
  for (const one of tomlLines(text)) {
    if (one.table === 'package') last = one.nth
    // Poetry tells where a package comes from in a table of its own.
    const isSource = one.table === 'package.source' && one.key === 'type'
    const entry = isSource ? { ...one, key: 'source', value: `{ ${unquoted(one.value)} = true }` } : one
    if (isSource || one.table === 'package') tables.set(last, [...(tables.get(last) ?? []), entry])
  }
  return [...tables.values()].flatMap((lines): TomlPackage[] => {
    const value = (key: string): TomlLine | undefined => lines.find((one) => one.key === key)
    const [name, version, source] = [value('name'), value('version'), value('source')]
    if (!name) return []
    return [
      {
        name: unquoted(name.value),
        version: version ? unquoted(version.value) : null,
        line: name.line,
        ...(source ? { source: source.value } : {}),
      },
    ]
  })
}
