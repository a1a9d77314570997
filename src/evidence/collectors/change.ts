import { join } from 'node:path'
import type { Files, Git } from '../../ports.js'
import { parseDiff } from '../diff.js'
import type { AddedLines } from '../diff.js'

/** A folder of a repository whose files are compared with a commit. */
export interface ChangedFolder {
  git: Git
  files: Files
  /** Absolute; paths are told from here. */
  folder: string
  /** Whether files that git neither tracks nor ignores are part of the change. */
  untracked: boolean
}

/** What is larger is not taken apart. */
const maxBytes = 50 * 2 ** 20
const maxText = `${maxBytes / 2 ** 20} MB`

/** Whatever the user has set for diffs, these are written alike. */
const asWeReadIt = [
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--find-renames',
  '--relative',
  '--ignore-submodules=all',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--inter-hunk-context=0',
  '--diff-algorithm=default',
]

/**
 * The lines that stand in the files of the folder now and not in the commit `base`, ascending, by path from the folder; or why they
 * cannot be told. A file that was renamed adds only the lines that differ.
 */
export async function collectChange(
  base: string,
  where: ChangedFolder,
): Promise<{ ok: true; files: AddedLines[] } | { ok: false; reason: string }> {
  const { git, folder, untracked } = where
  const [diff, others] = await Promise.all([
    git.run(folder, ['diff', '--unified=0', ...asWeReadIt, base, '--'], { maxBytes }),
    untracked ? git.run(folder, ['ls-files', '--others', '--exclude-standard', '-z']) : undefined,
  ])
  if (diff.code !== 0) return { ok: false, reason: `git cannot tell what the change adds: ${firstLine(diff.stderr)}` }
  const added = parseDiff(diff.stdout).filter(({ lines }) => lines.length > 0)
  const names = (others?.code === 0 ? others.stdout : '').split('\0').filter(Boolean)
  const fresh = linesOfNew(names, where)
  return fresh ? { ok: true, files: [...added, ...fresh] } : { ok: false, reason: tooMuch }
}

const tooMuch = `git does not track more than ${maxText} of new files, so the lines of the change are not told; name what is no source in .gitignore`

/** Files by their path now, with the path that they had in the commit `base`, both from the folder; only those that git sees renamed. */
export async function collectRenames(
  base: string,
  { git, folder }: Pick<ChangedFolder, 'git' | 'folder'>,
): Promise<Map<string, string>> {
  const ask = ['diff', '--name-status', '-z', '--diff-filter=R', ...asWeReadIt, base, '--']
  const { code, stdout } = await git.run(folder, ask, { maxBytes })
  const fields = code === 0 ? stdout.split('\0') : []
  const renamed = new Map<string, string>()
  for (let i = 0; i + 2 < fields.length; i += 3) renamed.set(fields[i + 2] ?? '', fields[i + 1] ?? '')
  return renamed
}

/**
 * The files that differ between the commit `base` and `head`, without that and the files as they are now, new ones too: by their paths in the
 * repository, sorted. What was renamed is there under both names, a submodule by its path.
 */
export async function collectNames(
  { base, head }: { base: string; head?: string },
  { git, folder }: Pick<ChangedFolder, 'git' | 'folder'>,
): Promise<{ ok: true; files: string[] } | { ok: false; reason: string }> {
  const isLocal = head === undefined
  const ask = ['--name-only', '-z', '--no-ext-diff', '--no-renames', '--no-relative']
  const inside = isLocal ? '--ignore-submodules=none' : '--ignore-submodules=dirty'
  const [diff, others] = await Promise.all([
    git.run(folder, ['diff', ...ask, inside, base, ...(isLocal ? [] : [head]), '--']),
    isLocal
      ? git.run(folder, ['ls-files', '--others', '--exclude-standard', '--full-name', '-z', '--', ':/'])
      : { code: 0, stdout: '', stderr: '' },
  ])
  const failed = [diff, others].find(({ code }) => code !== 0)
  if (failed) return { ok: false, reason: `git cannot tell what the change touches: ${firstLine(failed.stderr)}` }
  const names = `${diff.stdout}\0${others.stdout}`.split('\0').filter(Boolean)
  return { ok: true, files: [...new Set(names)].sort() }
}

/** All lines of new text files; nothing where they hold too much. */
function linesOfNew(names: readonly string[], { files, folder }: ChangedFolder): AddedLines[] | undefined {
  let left = maxBytes
  const found: AddedLines[] = []
  for (const path of names) {
    const stat = files.stat(join(folder, path))
    if (stat?.kind !== 'file') continue
    left -= stat.size
    if (left < 0) return undefined
    const count = countLines(files.readText(join(folder, path)) ?? '')
    if (count > 0) found.push({ path, lines: Array.from({ length: count }, (_, i) => i + 1) })
  }
  return found
}

/** As git counts lines: what is after the last newline is one too; a file that holds a NUL near its beginning is no text. */
function countLines(text: string): number {
  if (text.slice(0, 8000).includes('\0')) return 0
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return text === '' || text.endsWith('\n') ? count : count + 1
}

const firstLine = (text: string): string => text.trim().split('\n', 1)[0] ?? ''
