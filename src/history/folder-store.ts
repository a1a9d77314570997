import { dirname, join } from 'node:path'
import { OutsideError } from '../base/errors.js'
import type { Files } from '../ports.js'
import type { Entry } from './entry.js'
import { fileOf, kept, lineOf, linesOf, maxBytes, selectEntries, tooLarge } from './lines.js'
import type { Store } from './store.js'

/** The history of a workflow in a folder of this machine, which git ignores by a file of its own. `now` in milliseconds. */
export function folderStore(
  folder: string,
  workflow: Entry['workflow'],
  { files, now }: { files: Files; now: () => number },
): Store {
  const path = join(folder, fileOf(workflow))
  return {
    async read(commits) {
      const text = attempt(() => textAt(files, path))
      if (!text.ok) return { ok: false, reason: text.message }
      const { value } = text
      if (value === undefined) return { ok: false, reason: `${path}: ${tooLarge}` }
      return { ok: true, isEmpty: value === '', ...selectEntries(value, new Set(commits)) }
    },
    async append(entry, retention) {
      const done = attempt(() => {
        // What is none of ours is replaced.
        const before = textAt(files, path) ?? ''
        if (before === '') files.remove(path)
        const line = lineOf(entry)
        const lines = kept(before, line, retention, now())
        ignore(files, folder)
        if (lines.length === linesOf(before).length + 1 && lines.at(-1) === line) add(files, path, before, line)
        else files.write(path, lines.map((one) => `${one}\n`).join(''))
      })
      return done.ok ? { ok: true, id: path, url: null } : { ok: false, kind: 'network', message: done.message }
    },
  }
}

/** The text of a history; nothing for one that is too large. A link or a folder in its place is no history. */
function textAt(files: Files, path: string): string | undefined {
  const stat = files.stat(path)
  if (stat?.kind !== 'file') return ''
  return stat.size <= maxBytes ? (files.readText(path) ?? '') : undefined
}

/** One write at the end of the file, so that two runs at once do not lose each other's. */
function add(files: Files, path: string, before: string, line: string): void {
  files.makeFolder(dirname(path))
  const file = files.append(path)
  try {
    file.write(`${before === '' || before.endsWith('\n') ? '' : '\n'}${line}\n`)
  } finally {
    file.close()
  }
}

function ignore(files: Files, folder: string): void {
  const path = join(folder, '.gitignore')
  if (files.stat(path) === undefined) files.write(path, '*\n')
}

function attempt<T>(work: () => T): { ok: true; value: T } | { ok: false; message: string } {
  try {
    return { ok: true, value: work() }
  } catch (cause) {
    if (!(cause instanceof OutsideError)) throw cause
    return { ok: false, message: cause.message }
  }
}
