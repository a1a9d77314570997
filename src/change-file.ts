import { join, relative, resolve, sep } from 'node:path'
import { error } from './base/diagnostic.js'
import type { Diagnostic } from './base/diagnostic.js'
import { OutsideError } from './base/errors.js'
import type { Files, Git } from './ports.js'
import type { RulesQuestion } from './trigger/rules.js'
import type { Shelf } from './workflow/compiled.js'
import type { Loaded } from './workflow/load.js'

/** Where the workflow file is when nobody says so. */
export const defaultFile = '.github/wf.yml'

/** The folder of a run, and its workflow file, absolute or from the folder. */
interface Where {
  folder: string
  file?: string
}

/** The workflow file of the change as it lies here. */
export interface ChangeFile {
  /** Left out only where there is nothing at its path; `loaded` says so. */
  text: string | undefined
  loaded: Loaded
  /** Where files without a mistake are kept as plain data. */
  shelf?: Shelf
}

/** Reads and checks the workflow file. */
export const load = async (where: Where, ports: { files: Files }): Promise<Loaded> =>
  (await readChange(where, ports)).loaded

/** Reads and checks the workflow file, and keeps its text. */
export async function readChange({ folder, file }: Where, { files }: { files: Files }): Promise<ChangeFile> {
  const path = resolve(folder, file ?? defaultFile)
  const name = relative(folder, path)
  const real = files.real(path)
  const stat = real === undefined ? undefined : files.stat(real)
  const text = real !== undefined && stat?.kind === 'file' && stat.size <= maxFile ? files.readText(real) : undefined
  if (text === undefined) {
    const problem =
      stat?.kind === 'file'
        ? error('too-large', `the workflow file ${name} is larger than ${maxFile / 2 ** 20} MB`)
        : error('no-file', stat ? `${name} is no file` : `there is no workflow file ${name}`, { hint: shortest })
    return { text: stat ? '' : undefined, loaded: { ok: false, problems: [problem] } }
  }
  const { loadWorkflow } = await import('./workflow/load.js')
  const shelf = shelfIn(join(folder, '.wf'), files)
  return { text, loaded: await loadWorkflow(name, text, shelf), ...(shelf ? { shelf } : {}) }
}

/** How many files without a mistake are kept as plain data. */
const mostKept = 20

/** What is kept in the folder of runs, once a run has made it; on a machine that forgets nothing is gained by it. */
function shelfIn(home: string, files: Files): Shelf | undefined {
  if (files.stat(join(home, '.gitignore')) === undefined) return undefined
  const folder = join(home, 'compiled')
  return {
    get: (key) => files.readText(join(folder, key)),
    put(key, text) {
      const kept = files.list(folder).map(({ name }) => join(folder, name))
      const changed = (path: string): number => files.stat(path)?.changed ?? 0
      const oldest = kept.length < mostKept ? [] : kept.sort((a, b) => changed(b) - changed(a)).slice(mostKept - 1)
      try {
        for (const path of oldest) files.remove(path)
        files.write(join(folder, key), text)
      } catch (cause) {
        // A folder that cannot be written costs time, nothing else.
        if (!(cause instanceof OutsideError)) throw cause
      }
    },
  }
}

/** More is not even read into memory; the loader says how much a workflow may hold. */
const maxFile = 16 * 2 ** 20
const shortest =
  'name another with --file, or write one: `version: 1`, `name: …` and `stages: { test: { steps: [{ run: npm test }] } }`'

/**
 * Why a file that is not there says nothing of the change: no commit is checked out, or the one that is has the file. Nothing when the
 * change itself took it away.
 */
export async function whyAbsent(
  { folder, file }: Where,
  checkout: string | null,
  { git, files }: { git: Git; files: Files },
): Promise<Diagnostic | undefined> {
  if (checkout === null)
    return error('no-checkout', `nothing is checked out in ${folder}`, {
      hint: 'let `actions/checkout` come before this step',
    })
  const [path = defaultFile] = namesOf({ folder, ...(file === undefined ? {} : { file }) }, files).paths
  const { code, stdout } = await git.run(folder, ['ls-tree', '-z', 'HEAD', '--', path])
  if (code !== 0 || stdout === '') return undefined
  return error('not-checked-out', `${path} is in the commit, and not in the folder`, {
    hint: 'does a sparse checkout leave it out, or does an earlier step take it away?',
  })
}

/** What the workflow file is called in git, and whether the usual one may have been renamed to it. */
export function namesOf({ folder, file }: Where, files: Files): Pick<RulesQuestion, 'paths' | 'gone'> {
  const path = resolve(folder, file ?? defaultFile)
  const names = [path, files.real(path) ?? path].map((one) => relative(folder, one).replaceAll(sep, '/'))
  const isMoved = names[0] !== defaultFile && files.stat(resolve(folder, defaultFile)) === undefined
  return { paths: [...new Set(names)], ...(isMoved ? { gone: defaultFile } : {}) }
}
