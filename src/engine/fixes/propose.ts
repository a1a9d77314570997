import { join } from 'node:path'
import { stepAddress } from '../../base/address.js'
import { count } from '../../base/text.js'
import type { FixedFile } from '../../journal/outcome.js'
import type { Engine } from '../engine.js'
import { tryFix } from '../fix.js'
import { keep } from './keep.js'
import type { Kept } from './keep.js'
import { take } from './take.js'
import type { ProposedFile, Taken } from './take.js'
import { GitError } from './tree.js'

/** What fixes would change in the commit that was judged. */
export interface Proposal {
  /** The folder of the clone, absolute, and the commit that is checked out there. */
  root: string
  commit: string
  /** The steps whose fixes these are. */
  steps: string[]
  files: ProposedFile[]
}

/** So many characters of patches an outcome holds. */
const patchRoom = 40_000

/**
 * Runs the fixes of the steps that a gate objected to after everything was judged, takes what they change, and puts the work tree back as it
 * was: the verdict is that of the commit, and so is what follows. Nothing where no fix changed anything.
 */
export async function proposeFixes(engine: Engine): Promise<Proposal | undefined> {
  const { ports, journal, mendable, propose, folder, workspace } = engine
  if (propose === undefined || mendable.length === 0 || engine.cancel.halted) return undefined
  const aside = join(folder, 'before-fixes')
  let kept: Kept
  try {
    kept = await keep(ports.git, ports.files, workspace, aside)
  } catch (cause) {
    return refused(engine, cause)
  }
  const steps: string[] = []
  let taken: Taken | undefined
  try {
    for (const one of mendable) {
      if (engine.cancel.halted) break
      // Its stage is over and stopped listening; only a cancelled run stops what mends it.
      const files = await tryFix({ ...one, run: { ...one.run, cancel: engine.cancel, stop: engine.cancel } })
      if (files.length > 0) steps.push(stepAddress(one.run.address, one.result.step.id))
    }
  } finally {
    taken = await takeAndPutBack(engine, kept)
  }
  if (!taken || engine.cancel.halted) return undefined
  const { files, left } = taken
  if (files.length + left.length === 0) return undefined
  // What a fix has committed shows in no status before all is put back.
  if (steps.length === 0) steps.push(...mendable.map(({ run, result }) => stepAddress(run.address, result.step.id)))
  journal.append({ type: 'fixes.found', how: propose, steps, files: filesIn(engine, files), left: left.slice(0, 100) })
  writePatch(engine, files)
  return files.length > 0 ? { root: kept.root, commit: kept.head, steps, files } : undefined
}

/** What the fixes changed; the work tree is put back whether it can be told or not. */
async function takeAndPutBack(engine: Engine, kept: Kept): Promise<Taken | undefined> {
  const { ports, redactor, plan } = engine
  try {
    const now = await kept.now()
    try {
      return await take(kept, now, { ...ports, redactor, workflow: plan.workflow.path })
    } finally {
      const lost = await kept.putBack(now)
      const message = `what the fixes changed could not be put back in ${lost.slice(0, 5).join(', ')}`
      if (lost.length > 0) engine.journal.append({ type: 'note', message })
    }
  } catch (cause) {
    return refused(engine, cause)
  }
}

function refused({ journal }: Engine, cause: unknown): undefined {
  if (!(cause instanceof GitError)) throw cause
  journal.append({ type: 'note', message: `fixes could not be taken: ${cause.message}` })
  return undefined
}

/** The files as the outcome tells them, with as many patches as there is room for. */
function filesIn({ redactor }: Engine, files: readonly ProposedFile[]): FixedFile[] {
  let room = patchRoom
  return files.map(({ path, change, hunks, patch = '' }) => {
    const sum = (key: 'added' | 'removed'): number => hunks.reduce((all, hunk) => all + hunk[key].length, 0)
    const fits = patch !== '' && patch.length <= room && redactor.text(patch) === patch
    if (fits) room -= patch.length
    return { path, change, added: sum('added'), removed: sum('removed'), ...(fits ? { patch } : {}) }
  })
}

/** All patches in the folder of the run, as `git apply` takes them; without those that hold a secret. */
function writePatch({ ports, folder, redactor, journal }: Engine, files: readonly ProposedFile[]): void {
  const patches = files.flatMap(({ patch }) => (patch === undefined || redactor.text(patch) !== patch ? [] : [patch]))
  if (patches.length > 0) ports.files.write(join(folder, 'fixes.patch'), patches.join(''))
  const left = files.length - patches.length
  if (left > 0)
    journal.append({ type: 'note', message: `\`fixes.patch\` is without ${count(left, 'file')} that cannot be shown` })
}
