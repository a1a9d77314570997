import type { Git } from '../../ports.js'

/** A file as a tree names it. */
export interface TreeEntry {
  mode: string
  sha: string
}

/** What becomes of files, by their path from the root of the repository; null takes one away. */
export type TreeEdits = ReadonlyMap<string, TreeEntry | null>

/** What git did not do, in its own words. */
export class GitError extends Error {
  override readonly name = 'GitError'
}

/** Runs git; what it prints when it goes well, else a GitError. */
export async function told(git: Git, root: string, args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await git.run(root, args, input === undefined ? {} : { input })
  if (code === 0) return stdout
  throw new GitError(stderr.trim().split('\n').at(-1) || `git ended with ${code}`)
}

/** The files that a commit or a tree has at these paths. */
export async function entriesOf(
  git: Git,
  root: string,
  tree: string,
  paths: readonly string[],
): Promise<Map<string, TreeEntry>> {
  const found = new Map<string, TreeEntry>()
  if (paths.length === 0) return found
  const listed = await told(git, root, ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', tree, '--', ...paths])
  for (const line of listed.split('\0')) {
    const [, mode, sha, path] = /^(\d+) blob ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? []
    if (mode !== undefined && sha !== undefined && path !== undefined) found.set(path, { mode, sha })
  }
  return found
}

/** The tree of a commit with these edits laid over it. Only objects are written: index, refs and files stay as they are. */
export async function buildTree(git: Git, root: string, base: string, edits: TreeEdits): Promise<string> {
  return (await folderTree(git, root, base, edits)) ?? told(git, root, ['mktree'], '').then((sha) => sha.trim())
}

/** The tree of one folder; nothing where no file is left in it. */
async function folderTree(
  git: Git,
  root: string,
  base: string | undefined,
  edits: TreeEdits,
): Promise<string | undefined> {
  const lines = new Map<string, string>()
  const listed = base === undefined ? '' : await told(git, root, ['ls-tree', '-z', '--full-tree', base])
  for (const line of listed.split('\0').filter(Boolean)) lines.set(line.slice(line.indexOf('\t') + 1), line)
  const folders = new Map<string, Map<string, TreeEntry | null>>()
  for (const [path, entry] of edits) {
    const border = path.indexOf('/')
    const name = border === -1 ? path : path.slice(0, border)
    if (border !== -1) folders.set(name, (folders.get(name) ?? new Map()).set(path.slice(border + 1), entry))
    else if (entry) lines.set(name, `${entry.mode} blob ${entry.sha}\t${name}`)
    else lines.delete(name)
  }
  for (const [name, inner] of folders) {
    const below = /^040000 tree ([0-9a-f]+)\t/.exec(lines.get(name) ?? '')?.[1]
    const tree = await folderTree(git, root, below, inner)
    if (tree === undefined) {
      // A file may have come in the folder's place.
      if (!edits.get(name)) lines.delete(name)
    } else lines.set(name, `040000 tree ${tree}\t${name}`)
  }
  if (lines.size === 0) return undefined
  const input = [...lines.values()].map((line) => `${line}\0`).join('')
  return (await told(git, root, ['mktree', '-z'], input)).trim()
}
