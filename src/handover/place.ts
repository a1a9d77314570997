import { dirname, join } from 'node:path'
import { sha256 } from '../base/hash.js'
import type { Workspace } from '../engine/workspace.js'
import type { Files } from '../ports.js'
import { foldersAbove, shown } from './entry.js'
import type { PackedFile, PackEntry } from './entry.js'
import { linksOf, whyNoLink } from './links.js'
import type { LinkAt } from './links.js'
import { openPack } from './pack.js'
import type { OpenPack } from './pack.js'

/** What was put in its place, or why nothing (or, where a content turned out to be damaged, not all) was. */
export type Placed = { entries: readonly PackEntry[] } | { reason: string }

/**
 * Puts the files, links and empty folders of a pack into a checkout, in place of files and links that are there, tracked or not. What would
 * leave the checkout, get into git's own folder, or put a file where a folder is (or a folder where a file is) refuses the whole pack before
 * anything is written. A file gets its name when its content is verified.
 */
export async function placeArtifacts(pack: string, workspace: Workspace, files: Files): Promise<Placed> {
  const opened = await openPack(files, pack)
  return 'reason' in opened ? opened : placeIn(files, opened, workspace.root)
}

/** The same for any folder and those entries of a pack that are wanted; closes the pack. */
export async function placeIn(
  files: Files,
  pack: OpenPack,
  root: string,
  isWanted: (entry: PackEntry) => boolean = () => true,
): Promise<Placed> {
  try {
    const entries = pack.entries.filter(isWanted)
    const wrong = whyNotHere(files, root, entries)
    if (wrong !== undefined) return { reason: wrong }
    for (const entry of pack.entries) {
      const at = join(root, entry.path)
      if (entry.kind === 'folder' && isWanted(entry)) files.makeFolder(at)
      if (entry.kind !== 'file') continue
      const failed = isWanted(entry) ? await placeFile(files, pack, { entry, at }) : reasonOf(await pack.next())
      if (failed !== undefined) return { reason: failed }
    }
    // Links come last, so that nothing can be written through them.
    for (const entry of entries) if (entry.kind === 'link') files.makeLink(join(root, entry.path), entry.target)
    return { entries }
  } finally {
    await pack.close()
  }
}

/** Larger files go to the disk as they come. */
const inMemory = 2 ** 20

async function placeFile(
  files: Files,
  pack: OpenPack,
  { entry, at }: { entry: PackedFile; at: string },
): Promise<string | undefined> {
  const mode = entry.executable ? 0o755 : 0o644
  if (entry.size <= inMemory) {
    const parts: Uint8Array[] = []
    const failed = reasonOf(await pack.next((piece) => parts.push(piece)))
    if (failed !== undefined) return failed
    files.write(at, Buffer.concat(parts), mode)
    return undefined
  }
  const beside = join(dirname(at), `.wf-${sha256(`${pack.id} ${entry.path}`).slice(0, 16)}.tmp`)
  try {
    // This makes an empty file of its own with the right mode, whatever stood there.
    files.write(beside, '', mode)
    const appender = files.append(beside)
    const failed = reasonOf(await pack.next((piece) => appender.write(piece)).finally(() => appender.close()))
    if (failed === undefined) files.move(beside, at)
    return failed
  } finally {
    files.remove(beside)
  }
}

const reasonOf = (read: Awaited<ReturnType<OpenPack['next']>>): string | undefined =>
  read && 'reason' in read ? read.reason : undefined

/** Why entries cannot be put into a folder as it is now; nothing when they can. */
function whyNotHere(files: Files, root: string, entries: readonly PackEntry[]): string | undefined {
  const linkAt = overlaid(entries, linksOf(files, root))
  const folders = new Map<string, string | undefined>()
  for (const entry of entries) {
    // Journals and the cache may be there, which nobody else writes.
    if (/^\.wf(?:\/|$)/i.test(entry.path)) return `${shown(entry.path)} lies in the folder of wf's own records`
    const above = entry.kind === 'folder' ? [...foldersAbove(entry.path), entry.path] : foldersAbove(entry.path)
    for (const folder of above) {
      if (!folders.has(folder)) folders.set(folder, whyNoFolder(files, root, folder))
      const why = folders.get(folder)
      if (why !== undefined) return `${shown(entry.path)} cannot be put there: ${why}`
    }
    if (entry.kind === 'folder') continue
    const there = files.stat(join(root, entry.path))?.kind
    if (there === 'directory') return `${shown(entry.path)} is a ${entry.kind} in the pack and a folder here`
    if (there === 'other') return `${shown(entry.path)} is neither a file nor a link here`
    const why = entry.kind === 'link' ? whyNoLink(entry.path, entry.target, linkAt) : undefined
    if (why !== undefined) return `the link ${shown(entry.path)} ${why}`
  }
  return whyOneName(files, root, entries)
}

/** Links as they will be when the entries are in their places, also on a disk that takes two of their names for one. */
function overlaid(entries: readonly PackEntry[], here: LinkAt): LinkAt {
  const targets = new Map(entries.map((entry) => [entry.path, entry.kind === 'link' ? entry.target : undefined]))
  const alike = new Map([...targets].map(([path, target]) => [folded(path), target]))
  return (path) => (targets.has(path) ? targets.get(path) : (here(path) ?? alike.get(folded(path))))
}

/** What a disk that does not tell case and form of letters apart makes of a name. */
const folded = (name: string): string => name.normalize('NFC').toLowerCase()

function whyNoFolder(files: Files, root: string, folder: string): string | undefined {
  const kind = files.stat(join(root, folder))?.kind
  if (kind === undefined || kind === 'directory') return undefined
  return kind === 'link' ? `${shown(folder)} is a link here` : `${shown(folder)} is no folder here`
}

/** Why two names of the entries would be one on this disk; nothing when all are told apart. */
function whyOneName(files: Files, root: string, entries: readonly PackEntry[]): string | undefined {
  const names = new Map<string, string>()
  const pairs: [string, string][] = []
  for (const { path } of entries)
    for (const name of [...foldersAbove(path), path]) {
      const key = folded(name)
      const other = names.get(key)
      if (other === undefined) names.set(key, name)
      else if (other !== name) pairs.push([other, name])
    }
  if (!pairs.length) return undefined
  const sameCase = isOneFile(files, root, ['a', 'A'])
  const sameForm = isOneFile(files, root, ['\u00E9', 'e\u0301'])
  const one = pairs.find(([a, b]) => (a.normalize('NFC') === b.normalize('NFC') ? sameForm : sameCase))
  return one && `${shown(one[0])} and ${shown(one[1])} are one name on this disk`
}

/** Whether the disk takes two names for one. */
function isOneFile(files: Files, root: string, [one, other]: readonly [string, string]): boolean {
  const folder = join(root, `.wf-${sha256(root).slice(0, 16)}.tmp`)
  // Whatever stands there is nobody's, and may be a link.
  files.remove(folder)
  try {
    files.write(join(folder, one), '')
    return files.stat(join(folder, other)) !== undefined
  } finally {
    files.remove(folder)
  }
}
