import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Workspace } from '../../src/engine/workspace.js'
import { matchArtifacts } from '../../src/handover/artifacts.js'
import { writePack } from '../../src/handover/pack.js'
import type { Placed } from '../../src/handover/place.js'
import { placeArtifacts } from '../../src/handover/place.js'
import { hostFiles } from '../../src/host/files.js'
import type { Files } from '../../src/ports.js'
import { ScriptedGit } from '../support/git.js'

/** What stands at a path: `file text`, `run text` (executable), `-> target` or `folder`. */
export type Tree = Readonly<Record<string, string>>

/** Makes a tree in a folder of the real disk. */
export function makeTree(root: string, tree: Tree): void {
  mkdirSync(root, { recursive: true })
  for (const [path, what] of Object.entries(tree)) {
    const at = join(root, path)
    mkdirSync(what === 'folder' ? at : dirname(at), { recursive: true })
    if (what === 'folder') continue
    if (what.startsWith('-> ')) {
      symlinkSync(what.slice(3), at)
      continue
    }
    writeFileSync(at, what.slice(what.indexOf(' ') + 1))
    chmodSync(at, what.startsWith('run ') ? 0o755 : 0o644)
  }
}

/** What a folder of the real disk holds; of folders only those in which nothing is. */
export function treeOf(root: string, folder = ''): Record<string, string> {
  const found: Record<string, string> = {}
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    const at = join(root, path)
    if (entry.isSymbolicLink()) found[path] = `-> ${readlinkSync(at)}`
    else if (entry.isDirectory())
      Object.assign(found, readdirSync(at).length ? treeOf(root, path) : { [path]: 'folder' })
    else found[path] = `${lstatSync(at).mode & 0o100 ? 'run' : 'file'} ${readFileSync(at, 'utf8')}`
  }
  return found
}

/** A workspace in a folder that is no repository. */
export const workspaceOf = (root: string, files: Files = hostFiles()): Workspace =>
  new Workspace(root, files, new ScriptedGit())

/** Packs what patterns name in one folder and puts it into another one. */
export async function carry(from: string, to: string, patterns: readonly string[]): Promise<Placed> {
  const files = hostFiles()
  const { entries, unmatched, refused } = matchArtifacts(files, workspaceOf(from), patterns)
  if (unmatched.length || refused.length) return { reason: [...unmatched, ...refused].join('; ') }
  const contentOf = ({ path }: { path: string }) => ({ file: join(from, path) })
  const pack = `${to}.pack`
  const written = await writePack(files, pack, { head: null, entries, contentOf })
  return 'reason' in written ? written : placeArtifacts(pack, workspaceOf(to), files)
}
