import type { Git } from '../../ports.js'

/** The files that git tracks in a folder, with `/`, from there; nothing outside of a repository. */
export async function trackedFiles(git: Git, folder: string): Promise<string[] | undefined> {
  const { code, stdout } = await git.run(folder, ['ls-files', '-z'])
  return code === 0 ? stdout.split('\0').filter(Boolean) : undefined
}
