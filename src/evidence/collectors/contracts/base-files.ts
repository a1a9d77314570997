import picomatch from 'picomatch'
import type { Git } from '../../../ports.js'
import { collectRenames } from '../change.js'
import { loadLibrary } from './library.js'
import type { Library } from './library.js'
import { caps } from './values.js'

/** Where the files of the base are. */
interface BaseFolder {
  git: Git
  folder: string
  base: string
}

/** Contracts of the base. */
export interface Base {
  library: Library
  /** What a file was called at the base; nothing where it is new. */
  before: (path: string) => string | undefined
  /** Files of the base of which there is none now. */
  gone: readonly string[]
}

/** Reads the contracts of the base that `globs` match, and pairs them with those of now; or says why it cannot. */
export async function readBase(
  { git, folder, base }: BaseFolder,
  globs: readonly string[],
  now: readonly string[],
): Promise<Base | { missing: string }> {
  const listed = await git.run(folder, ['ls-tree', '-r', '-z', '--name-only', base])
  if (listed.code !== 0) return { missing: 'git cannot list the files of the base' }
  const all = new Set(listed.stdout.split('\0').filter(Boolean))
  const isWanted = picomatch([...globs], { dot: true })
  const matched = [...all].filter((path) => isWanted(path))
  const lost = matched.filter((path) => !now.includes(path))
  const isMoved = now.some((path) => !all.has(path))
  const renamed = isMoved ? await collectRenames(base, { git, folder }) : new Map<string, string>()
  const before = (path: string): string | undefined => (all.has(path) ? path : renamed.get(path))
  const known = now.flatMap((path) => before(path) ?? [])
  const library = await loadLibrary([...new Set([...known, ...lost])], async (path) => {
    if (!all.has(path)) return undefined
    const { code, stdout } = await git.run(folder, ['cat-file', 'blob', `${base}:./${path}`], {
      maxBytes: caps.jsonBytes,
    })
    return code === 0 ? stdout : undefined
  })
  return { library, before, gone: lost.filter((path) => !known.includes(path)) }
}
