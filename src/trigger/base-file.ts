import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import type { GitHub } from '../ports.js'
import type { Clone, Told } from './clone.js'
import { textOnGitHub } from './github.js'

/** The workflow file of another commit. */
export interface BaseFile {
  /** From the folder of the run. */
  path: string
  /** Whether its content is this text; told without reading it. */
  is(text: string): boolean
  text(): Promise<Told<string>>
}

/** The file of a commit at a path from the folder of the run; null where the commit has none there. */
export async function fileAt(
  sha: string,
  path: string,
  clone: Pick<Clone, 'git' | 'folder'> | undefined,
  github: { port: GitHub; prefix: string } | undefined,
): Promise<Told<BaseFile | null>> {
  const found = clone && (await fileInGit(clone, sha, path))
  if (found !== undefined) return { ok: true, value: found }
  if (!github) return { ok: false, reason: `git has no commit ${sha.slice(0, 7)} here` }
  const text = await textOnGitHub(github.port, sha, posix.join(github.prefix, path))
  if (!text.ok) return text
  const { value } = text
  const file =
    value === null
      ? null
      : { path, is: (own: string) => own === value, text: async () => ({ ok: true as const, value }) }
  return { ok: true, value: file }
}

/** More links than this in a row are a circle. */
const maxLinks = 8

async function fileInGit(
  clone: Pick<Clone, 'git' | 'folder'>,
  sha: string,
  path: string,
  links = 0,
): Promise<BaseFile | null | undefined> {
  const { git, folder } = clone
  const entry = await entryAt(clone, sha, path)
  if (entry === undefined) return undefined
  const { mode, object } = entry
  if (mode === undefined) return links === maxLinks ? null : throughFolder(clone, sha, path, links + 1)
  const text = async (): Promise<Told<string>> => {
    const blob = await git.run(folder, ['cat-file', 'blob', object])
    return blob.code === 0 ? { ok: true, value: blob.stdout } : { ok: false, reason: `git has no ${object} here` }
  }
  if (mode !== '120000') return { path, is: (own) => objectName(own, object.length) === object, text }
  const target = await text()
  if (!target.ok || links === maxLinks || posix.isAbsolute(target.value)) return null
  // A link out of the repository leads to nothing that the commit holds.
  return (await fileInGit(clone, sha, posix.join(posix.dirname(path), target.value), links + 1)) ?? null
}

/** What a commit has at a path: no mode where it has no file there. Nothing where the commit is not here. */
async function entryAt({ git, folder }: Pick<Clone, 'git' | 'folder'>, sha: string, path: string) {
  const { code, stdout } = await git.run(folder, ['ls-tree', '-z', sha, '--', path])
  if (code !== 0) return undefined
  const [, mode, object = ''] = /^(\d+) blob ([0-9a-f]+)\t/.exec(stdout) ?? []
  return { mode, object }
}

/** The file behind a folder that is a link: git does not follow it. */
async function throughFolder(
  clone: Pick<Clone, 'git' | 'folder'>,
  sha: string,
  path: string,
  links: number,
): Promise<BaseFile | null | undefined> {
  const parts = path.split('/')
  for (let n = 1; n < parts.length; n++) {
    const folder = parts.slice(0, n).join('/')
    const entry = await entryAt(clone, sha, folder)
    if (entry?.mode !== '120000') continue
    const { code, stdout } = await clone.git.run(clone.folder, ['cat-file', 'blob', entry.object])
    if (code !== 0 || posix.isAbsolute(stdout)) return null
    return fileInGit(clone, sha, posix.join(posix.dirname(folder), stdout, ...parts.slice(n)), links)
  }
  return null
}

/** The name that git gives to a content, by SHA-1 or SHA-256. */
const objectName = (text: string, length: number): string =>
  createHash(length === 40 ? 'sha1' : 'sha256')
    .update(`blob ${Buffer.byteLength(text)}\0`)
    .update(text)
    .digest('hex')

/** The path that a file of the checked-out commit has in another one, where git sees that it was renamed since. */
export async function nameBeforeRename({ git, folder, prefix }: Clone, sha: string, path: string) {
  const options = ['--no-ext-diff', '--no-textconv', '--name-status', '-z', '--find-renames', '--diff-filter=R']
  const { code, stdout } = await git.run(folder, ['diff', ...options, sha, 'HEAD', '--'])
  if (code !== 0) return undefined
  const fields = stdout.split('\0')
  const at = fields.findIndex((field, i) => i % 3 === 2 && field === posix.join(prefix, path))
  const before = at === -1 ? undefined : fields[at - 1]
  return before === undefined ? undefined : posix.relative(prefix, before)
}
