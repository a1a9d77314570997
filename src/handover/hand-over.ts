import { join } from 'node:path'
import type { Json } from '../base/json.js'
import type { Files } from '../ports.js'
import type { Artifact } from './artifacts.js'
import type { PackSource } from './entry.js'
import { handOverName, logsOf } from './head.js'
import type { HandOverHead } from './head.js'
import { writePack } from './pack.js'

/** What an instance hands over. Paths are absolute. */
export interface HandedOver {
  head: Omit<HandOverHead, 'kind' | 'files'>
  /** The journal of the job. */
  journal: string
  /** The folder of the run; of its `logs/` those of the instance go along. */
  run: string
  /** What `matchArtifacts` found in a workspace; nothing for an instance that did not succeed. */
  artifacts?: { root: string; entries: readonly Artifact[] }
}

/** The packs that were written, absolute, and what they are called. */
export interface WrittenHandOver {
  name: string
  journal: string
  files?: string
}

/** The name of the journal in its pack. */
export const journalName = 'journal.jsonl'

/**
 * Writes `journal/<name>.pack` and, where there are artifacts, `files/<name>.pack` into a folder, in place of those of an earlier attempt. The
 * head of the journal names the pack of the files by its content.
 */
export async function writeHandOver(
  files: Files,
  folder: string,
  handed: HandedOver,
): Promise<WrittenHandOver | { reason: string }> {
  const { head, artifacts } = handed
  const name = handOverName(head.stage, head.instance)
  const paths = { journal: join(folder, 'journal', `${name}.pack`), files: join(folder, 'files', `${name}.pack`) }
  files.remove(paths.journal)
  files.remove(paths.files)
  const packed = artifacts && (await writeFiles(files, paths.files, { ...handed, artifacts }))
  if (packed && 'reason' in packed) return { reason: `its artifacts: ${packed.reason}` }
  const full: HandOverHead = { ...head, kind: 'journal', ...(packed ? { files: packed.id } : {}) }
  const logs = logsIn(files, handed.run, logsOf(head))
  const written = await writePack(files, paths.journal, {
    head: jsonOf(full),
    entries: [{ kind: 'file', path: journalName, executable: false }, ...logs],
    contentOf: ({ path }) => ({ file: path === journalName ? handed.journal : join(handed.run, path) }),
  })
  if ('reason' in written) return { reason: `its journal: ${written.reason}` }
  return { name, journal: paths.journal, ...(packed ? { files: paths.files } : {}) }
}

function writeFiles(
  files: Files,
  path: string,
  { head, artifacts }: Required<HandedOver>,
): ReturnType<typeof writePack> {
  return writePack(files, path, {
    head: jsonOf({ ...head, kind: 'files' }),
    entries: artifacts.entries,
    contentOf: (entry) => ({ file: join(artifacts.root, entry.path) }),
  })
}

const jsonOf = (head: HandOverHead): Json => ({ ...head })

/** All logs in a folder of the run, whatever folders they are in. */
function logsIn(files: Files, run: string, folder: string): PackSource[] {
  return files.list(join(run, folder)).flatMap(({ name, kind }): PackSource[] => {
    const path = `${folder}/${name}`
    if (kind === 'directory') return logsIn(files, run, path)
    return kind === 'file' ? [{ kind, path, executable: false }] : []
  })
}
