import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Redactor } from '../../base/redact.js'
import type { FixedFile } from '../../journal/outcome.js'
import type { Files, Git } from '../../ports.js'
import { hunksOf } from './hunks.js'
import type { Hunk } from './hunks.js'
import { changedPaths } from './keep.js'
import type { Differing, Kept } from './keep.js'
import { GitError, buildTree, entriesOf, told } from './tree.js'
import type { TreeEntry } from './tree.js'

/** A file as fixes would have it; paths are those of the repository. */
export interface ProposedFile {
  path: string
  change: FixedFile['change']
  /** In the commit that is checked out, and after the fix; null where there is none. */
  before: TreeEntry | null
  after: TreeEntry | null
  hunks: Hunk[]
  /** What `git apply` takes; absent for files that are no text. */
  patch?: string
  /** The content of a file that is no text. */
  bytes?: Uint8Array
}

export interface Taken {
  files: ProposedFile[]
  left: { path: string; reason: string }[]
}

/** Bounds of what a fix may change: files, bytes of one and of all. */
const limits = { files: 300, file: 2 ** 20, all: 10 * 2 ** 20 }

interface Tools {
  git: Git
  files: Files
  redactor: Redactor
  /** The workflow file, from the root of the repository. */
  workflow: string
}

/**
 * What differs from the remembered work tree, as objects of the repository and as hunks. Left aside is what no fix may change, what
 * already differed from the commit, and what is too large. Nothing but objects is written.
 */
export async function take(kept: Kept, now: Differing, tools: Tools): Promise<Taken> {
  const { git, files, redactor } = tools
  const { root, head, before } = kept
  const left: Taken['left'] = []
  let room = limits.all
  const accepted = changedPaths(before, now).filter((path, at) => {
    const size = files.stat(join(root, path))?.size ?? 0
    const reason =
      (now.get(path)?.letters.includes('T')
        ? 'it is a link or a module in the commit, and a file after the fix'
        : undefined) ??
      whyNot(path, kept, tools) ??
      (at >= limits.files ? `more than ${limits.files} files differ` : undefined) ??
      (size > room ? `all files together are larger than ${limits.all / 2 ** 20} MB` : undefined)
    if (reason === undefined) room -= size
    else left.push({ path, reason })
    return reason === undefined
  })
  const after = await written(kept, accepted, tools)
  const old = await entriesOf(git, root, head, accepted)
  // What git makes of a file can be the same although its bytes differ, as for the ends of lines.
  const changed = accepted.filter((path) => {
    const [a, b] = [old.get(path), after.get(path)]
    return a?.sha !== b?.sha || a?.mode !== b?.mode
  })
  const tree = await buildTree(git, root, head, new Map(changed.map((path) => [path, after.get(path) ?? null])))
  const patches = await patchesOf(git, root, head, tree)
  const proposed = changed.flatMap((path) => {
    const patch = patches.get(path) ?? ''
    const file = fileOf(path, { before: old.get(path) ?? null, after: after.get(path) ?? null, patch })
    const hides = file.hunks.some(({ added }) => redactor.text(added.join('\n')) !== added.join('\n'))
    if (hides) left.push({ path, reason: 'it would hold what looks like a secret' })
    if (hides) return []
    return [file.patch === undefined && file.after ? { ...file, ...bytesOf(kept, path, files, file.after) } : file]
  })
  const bad = proposed.filter(({ patch, after, bytes }) => patch === undefined && after && !bytes)
  for (const { path } of bad) left.push({ path, reason: 'git stores it otherwise than it lies there' })
  return { files: proposed.filter((one) => !bad.includes(one)), left }
}

/** Why a file cannot be taken, as far as that shows before its content is looked at. */
function whyNot(path: string, { root, before }: Kept, { files, workflow }: Tools): string | undefined {
  if (path.startsWith('.github/workflows/') || path === workflow || path.endsWith(`/${workflow}`))
    return 'a fix may not change workflows'
  if (before.has(path)) return 'it differed from the commit before the fix ran'
  // Git takes such names on its input for something else.
  if (path.includes('\n') || path.startsWith('"')) return 'its name holds a line break or begins with a quote'
  const stat = files.stat(join(root, path))
  if (stat && stat.kind !== 'file') return 'it is no file'
  if (stat && files.real(join(root, path)) !== join(files.real(root) ?? root, path)) return 'it lies behind a link'
  return stat && stat.size > limits.file ? `it is larger than ${limits.file / 2 ** 20} MB` : undefined
}

/** The objects of files as they lie there, through the filters that git has for them; what is gone has none. */
async function written(
  { root }: Kept,
  paths: readonly string[],
  { git, files }: Tools,
): Promise<Map<string, TreeEntry>> {
  const there = paths.filter((path) => files.stat(join(root, path)))
  if (there.length === 0) return new Map()
  const shas = await told(git, root, ['hash-object', '-w', '--stdin-paths'], there.map((path) => `${path}\n`).join(''))
  const names = shas.trim().split('\n')
  return new Map(
    there.map((path, at) => {
      const runs = ((files.stat(join(root, path))?.mode ?? 0) & 0o100) !== 0
      return [path, { mode: runs ? '100755' : '100644', sha: names[at] ?? '' }]
    }),
  )
}

/** Nobody's settings take part: an empty line of context keeps its blank. */
const plain = [
  '-c',
  'diff.suppressBlankEmpty=false',
  'diff',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--no-renames',
]

/** One patch a file, in the order in which git names them. */
async function patchesOf(git: Git, root: string, head: string, tree: string): Promise<Map<string, string>> {
  const names = (await told(git, root, [...plain, '--name-only', '-z', head, tree])).split('\0').filter(Boolean)
  if (names.length === 0) return new Map()
  const shown = await told(git, root, [
    ...plain,
    '--unified=3',
    '--full-index',
    '--src-prefix=a/',
    '--dst-prefix=b/',
    head,
    tree,
  ])
  // Only at git's own ends of lines: a file may hold others before such words.
  const patches = shown.split(/(?<=\n)(?=diff --git )/)
  if (patches.length !== names.length)
    throw new GitError(`git names ${names.length} files that differ, and shows ${patches.length}`)
  return new Map(names.map((name, at) => [name, patches[at] ?? '']))
}

function fileOf(
  path: string,
  { before, after, patch }: Pick<ProposedFile, 'before' | 'after'> & { patch: string },
): ProposedFile {
  const change = !after ? 'removed' : !before ? 'added' : before.sha === after.sha ? 'mode' : 'changed'
  // U+FFFD: bytes that are no UTF-8 were lost on the way here.
  const isText = !/(?:^|\n)Binary files /.test(patch) && !patch.includes('\uFFFD')
  return { path, change, before, after, hunks: isText ? hunksOf(patch) : [], ...(isText ? { patch } : {}) }
}

/** The bytes of a file, if they are what git stores. */
function bytesOf({ root }: Kept, path: string, files: Files, after: TreeEntry): { bytes?: Uint8Array } {
  const bytes = files.readBytes(join(root, path))
  const name = bytes && createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
  return bytes && name === after.sha ? { bytes } : {}
}
