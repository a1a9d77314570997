import { join } from 'node:path'
import type { Files } from '../ports.js'
import { isGitFolder, longestPath } from './entry.js'

/** As many links one after another as Linux follows. */
const mostHops = 40

/** Where a link at a path from the folder leads, as it is written with `/`; nothing for what is no link. */
export type LinkAt = (path: string) => string | undefined

/** The links of a folder on the disk. */
export const linksOf =
  (files: Files, root: string): LinkAt =>
  (path) =>
    files.stat(join(root, path))?.kind === 'link' ? files.readLink(join(root, path)) : undefined

/** Why a link at a path of the folder is not one that stays inside, all links on its way followed; nothing when it does. */
export function whyNoLink(path: string, target: string, linkAt: LinkAt): string | undefined {
  if (target === '' || target.length > longestPath || /[\u0000-\u001F\u007F\\]/.test(target))
    return 'leads to no name that every machine takes'
  const ahead = [...path.split('/').slice(0, -1), ...target.split('/')].reverse()
  if (isAbsolute(target)) return absolute
  const at: string[] = []
  for (let hops = 0; ahead.length;) {
    const name = ahead.pop() ?? ''
    if (name === '' || name === '.') continue
    if (name === '..') {
      if (at.pop() === undefined) return 'leads out of the repository'
      continue
    }
    if (isGitFolder(name)) return "leads into git's own folder"
    at.push(name)
    const further = at.join('/') === path ? target : linkAt(at.join('/'))
    if (further === undefined) continue
    if ((hops += 1) > mostHops) return 'leads in a circle'
    if (isAbsolute(further)) return absolute
    at.pop()
    ahead.push(...further.split('/').reverse())
  }
  return undefined
}

const absolute = 'leads to an absolute path'
const isAbsolute = (target: string): boolean => target.startsWith('/') || /^[A-Za-z]:/.test(target)
