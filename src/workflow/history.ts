import { posix } from 'node:path'
import { parseDuration } from '../base/duration.js'
import type { HistoryFile } from '../language/workflow.js'
import type { HistorySetting } from './model.js'
import type { Reader } from './reader.js'

const usual = { keep: '90d', entries: 1000 }

/** Where histories are kept, with defaults filled in; naming a folder asks for it. */
export function readHistory(reader: Reader, file: HistoryFile | undefined): HistorySetting {
  const written = typeof file === 'string' ? { store: file } : (file ?? {})
  const { folder, keep = usual.keep, entries = usual.entries } = written
  const store = written.store ?? (folder === undefined ? undefined : 'folder')
  const path = ['history', 'folder']
  if (folder !== undefined && store !== 'folder')
    reader.problem('not-here', '`folder` belongs to `store: folder`', path, { key: true })
  if (folder !== undefined && !isInside(folder))
    reader.problem('outside', 'the folder of the history lies inside the repository, and not in `.git`', path, {
      hint: 'such as `.wf-history`',
    })
  return {
    ...(store === undefined ? {} : { store }),
    ...(folder === undefined ? {} : { folder: posix.normalize(folder) }),
    keep: parseDuration(keep) ?? 0,
    entries,
  }
}

function isInside(folder: string): boolean {
  const path = posix.normalize(folder).replace(/\/$/, '')
  if (folder.includes('\\') || posix.isAbsolute(path) || /^[A-Za-z]:/.test(path)) return false
  return path !== '.' && path !== '..' && !path.startsWith('../') && path.split('/')[0]?.toLowerCase() !== '.git'
}
