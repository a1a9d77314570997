import { join, resolve } from 'node:path'
import type { Files, Git } from '../../ports.js'
import { GitError, told } from './tree.js'

/** How the files of a clone differ from the commit that is checked out: git's two letters, and a stamp of the file. */
export type Differing = ReadonlyMap<string, { letters: string; stamp: string }>

/** A work tree as it was before something changes it. */
export interface Kept {
  /** The folder of the clone, and the commit that is checked out. */
  root: string
  head: string
  before: Differing
  /** What differs now; the index and the commit are put back first. */
  now(): Promise<Differing>
  /** Puts files back as they were; answers those that could not be. */
  putBack(now: Differing): Promise<string[]>
}

/** So much is copied aside at most: files, and their bytes together. */
const limits = { files: 2000, bytes: 100 * 2 ** 20 }

/**
 * Remembers a work tree and its index, so that commands may change them. What is in no commit is copied to `aside`, where it stays if the
 * run is killed before it is put back. A GitError says why it cannot be remembered.
 */
export async function keep(git: Git, files: Files, folder: string, aside: string): Promise<Kept> {
  const [root = '', head = ''] = (await told(git, folder, ['rev-parse', '--show-toplevel', 'HEAD'])).split('\n')
  const index = resolve(root, (await told(git, root, ['rev-parse', '--git-path', 'index'])).replace(/\n$/, ''))
  const before = await differing(git, files, root)
  const present = [...before.keys()].filter((path) => files.stat(join(root, path))?.kind === 'file')
  const bytes = present.reduce((sum, path) => sum + (files.stat(join(root, path))?.size ?? 0), 0)
  if (present.length > limits.files || bytes > limits.bytes)
    throw new GitError(`${present.length} files of ${bytes} bytes are in no commit: let git ignore what steps write`)
  const copy = (path: string): string => join(aside, 'files', path)
  for (const path of present)
    files.write(copy(path), files.readBytes(join(root, path)) ?? '', files.stat(join(root, path))?.mode)
  const indexBytes = files.readBytes(index)
  if (indexBytes) files.write(join(aside, 'index'), indexBytes)
  const restoreOwn = (path: string): boolean => {
    const bytes = files.readBytes(copy(path))
    if (bytes) files.write(join(root, path), bytes, files.stat(copy(path))?.mode)
    else if (files.stat(join(root, path))?.kind !== 'link') files.remove(join(root, path))
    return bytes !== undefined || before.get(path)?.stamp === 'gone'
  }
  return {
    root,
    head,
    before,
    async now() {
      if ((await told(git, root, ['rev-parse', 'HEAD'])).trim() !== head)
        await told(git, root, ['reset', '--soft', '--quiet', head])
      if (indexBytes && !same(files.readBytes(index), indexBytes)) {
        files.write(index, indexBytes)
        // An index that is younger than a change of the same size, in the second of a checkout, would hide it: git reads all files now.
        files.touch(index, 1000)
      }
      return differing(git, files, root)
    },
    async putBack(now) {
      const changed = changedPaths(before, now)
      const own = changed.filter((path) => before.has(path))
      const others = changed.filter((path) => !before.has(path))
      // First of all, since a link may stand in the place of a folder.
      for (const path of others) if (now.get(path)?.letters === '??') files.remove(join(root, path))
      const lost = own.filter((path) => !restoreOwn(path))
      const tracked = others.filter((path) => now.get(path)?.letters !== '??')
      if (tracked.length > 0)
        await told(
          git,
          root,
          ['checkout-index', '--force', '-z', '--stdin'],
          tracked.map((path) => `${path}\0`).join(''),
        )
      const still = await differing(git, files, root)
      files.remove(aside)
      return [...lost, ...others.filter((path) => still.has(path))]
    },
  }
}

/** The paths that differ otherwise than before, sorted. */
export const changedPaths = (before: Differing, now: Differing): string[] =>
  [...new Set([...before.keys(), ...now.keys()])]
    .filter((path) => before.get(path)?.stamp !== now.get(path)?.stamp)
    .sort()

async function differing(git: Git, files: Files, root: string): Promise<Differing> {
  const ask = ['status', '--porcelain', '--no-renames', '--ignore-submodules=all', '--untracked-files=all', '-z']
  const said = await told(git, root, ask)
  return new Map(
    said
      .split('\0')
      .filter((entry) => entry !== '' && !entry.endsWith('/'))
      .map((entry) => {
        const stat = files.stat(join(root, entry.slice(3)))
        const stamp = stat ? `${stat.changed} ${stat.size} ${stat.inode} ${stat.mode}` : 'gone'
        return [entry.slice(3), { letters: entry.slice(0, 2), stamp }]
      }),
  )
}

const same = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && Buffer.compare(a, b) === 0
