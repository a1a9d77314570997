import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What git ignores, what holds no source, and the patches of shop-broken, which quote the faults that they repair. */
const skipped = new Set(['.git', '.wf', 'node_modules', 'reports', 'repairs'])

/**
 * The files under some folders, as `{ path, text }`, with forward slashes and in a stable order.
 * @param {string[]} folders
 * @param {string} [ending]
 */
export function sources(folders, ending = '') {
  return folders.flatMap((folder) => walk(folder, ending)).map((path) => ({ path, text: readFileSync(path, 'utf8') }))
}

/**
 * @param {string} folder
 * @param {string} ending
 * @returns {string[]}
 */
function walk(folder, ending) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name).replaceAll('\\', '/')
      if (entry.isDirectory()) return walk(path, ending)
      return entry.isFile() && path.endsWith(ending) ? [path] : []
    })
}

/**
 * Where an offset of a text is, both from 1.
 * @param {string} text
 * @param {number} offset
 */
export function placeOf(text, offset) {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}
