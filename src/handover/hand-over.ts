import { join } from 'node:path'
import type { Json } from '../base/json.js'
import type { Files } from '../ports.js'
import type { Artifact } from './artifacts.js'
import type { PackSource } from './entry.js'
import { handOverName, logsOf, mostLeft } from './head.js'
import type { HandOverHead } from './head.js'
import { writePack } from './pack.js'

/** What `matchArtifacts` found in a workspace, whose folder is absolute. */
export interface FoundFiles {
  root: string
  entries: readonly Artifact[]
}

/** The pack of the files of an instance, absolute, and by what a journal knows it. */
export interface PackedFiles {
  pack: string
  id: string
}

type Head = Omit<HandOverHead, 'kind' | 'files'>

/** What an instance hands over. Paths are absolute. */
export interface HandedOver {
  head: Head
  /** The journal of the job. */
  journal: string
  /** The folder of the run; of its `logs/` those of the instance go along. */
  run: string
  /** Nothing for an instance that did not succeed; what `packFiles` answered where that was done before. */
  artifacts?: FoundFiles | PackedFiles
}

/** The packs that were written, absolute, and what they are called. */
export interface WrittenHandOver {
  name: string
  journal: string
  files?: string
}

/** The name of the journal in its pack. */
export const journalName = 'journal.jsonl'

const packOf = (folder: string, kind: HandOverHead['kind'], { stage, instance }: Head): string =>
  join(folder, kind, `${handOverName(stage, instance)}.pack`)

/**
 * Writes `files/<name>.pack` into a folder, or says why it cannot be. To be called before the journal ends, where a stage whose artifacts
 * cannot be packed shall fail.
 */
export async function packFiles(
  files: Files,
  folder: string,
  { head, root, entries }: FoundFiles & { head: Head },
): Promise<PackedFiles | { reason: string }> {
  const pack = packOf(folder, 'files', head)
  const written = await writePack(files, pack, {
    head: jsonOf({ ...head, kind: 'files' }),
    entries,
    contentOf: ({ path }) => ({ file: join(root, path) }),
  })
  return 'reason' in written ? written : { pack, id: written.id }
}

/**
 * Writes `journal/<name>.pack` and, where there are artifacts, `files/<name>.pack` into a folder, in place of those of an earlier attempt. The
 * head of the journal names the pack of the files by its content.
 */
export async function writeHandOver(
  files: Files,
  folder: string,
  { head, journal, run, artifacts }: HandedOver,
): Promise<WrittenHandOver | { reason: string }> {
  const path = packOf(folder, 'journal', head)
  files.remove(path)
  if (!artifacts || 'root' in artifacts) files.remove(packOf(folder, 'files', head))
  const packed = artifacts && 'root' in artifacts ? await packFiles(files, folder, { head, ...artifacts }) : artifacts
  if (packed && 'reason' in packed) return { reason: `its artifacts: ${packed.reason}` }
  const written = await writePack(files, path, {
    head: jsonOf({ ...head, kind: 'journal', ...(packed ? { files: packed.id } : {}) }),
    entries: [{ kind: 'file', path: journalName, executable: false }, ...logsIn(files, run, logsOf(head))],
    contentOf: ({ path }) => ({ file: path === journalName ? journal : join(run, path) }),
  })
  if ('reason' in written) return { reason: `its journal: ${written.reason}` }
  return { name: handOverName(head.stage, head.instance), journal: path, ...(packed ? { files: packed.pack } : {}) }
}

const jsonOf = ({ left, ...head }: HandOverHead): Json => ({
  ...head,
  ...(left ? { left: left.slice(0, mostLeft) } : {}),
})

/** All logs in a folder of the run, whatever folders they are in. */
function logsIn(files: Files, run: string, folder: string): PackSource[] {
  return files.list(join(run, folder)).flatMap(({ name, kind }): PackSource[] => {
    const path = `${folder}/${name}`
    if (kind === 'directory') return logsIn(files, run, path)
    return kind === 'file' ? [{ kind, path, executable: false }] : []
  })
}
