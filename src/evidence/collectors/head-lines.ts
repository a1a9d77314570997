import type { Git } from '../../ports.js'
import { fetchCommit, openClone } from '../../trigger/clone.js'
import { lineMap } from '../line-map.js'
import type { LineMap } from '../line-map.js'

/**
 * Where lines of the files that are checked out stand in another commit: a pull request is tested as GitHub merges it, and shown at its
 * head. Fetches the commit where it is not here; nothing when it cannot be had.
 */
export async function headLines(git: Git, folder: string, sha: string): Promise<LineMap | undefined> {
  const clone = await openClone(git, folder)
  const there = clone && (await fetchCommit(clone, sha))
  if (!there?.ok) return undefined
  const options = ['--unified=0', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--relative']
  const { code, stdout } = await git.run(folder, ['diff', ...options, 'HEAD', sha, '--'])
  return code === 0 ? lineMap(stdout) : undefined
}
