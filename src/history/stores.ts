import { resolve } from 'node:path'
import type { Clock, Files, GitHub, Random } from '../ports.js'
import type { Clone } from '../trigger/clone.js'
import { isCloneOf } from '../trigger/tip.js'
import type { HistorySetting } from '../workflow/model.js'
import { branchStore } from './branch-store.js'
import type { Entry } from './entry.js'
import { folderStore } from './folder-store.js'
import { gitHubStore } from './github-store.js'
import { either, together } from './store.js'
import type { Store } from './store.js'

/** Where a run takes place, and whose history it is. */
export interface Place {
  clone: Clone
  /** Of the repository, absolute. */
  folder: string
  workflow: Entry['workflow']
  /** A runner starts without anything that earlier runs left on the machine. */
  onRunner: boolean
  /** `owner/name` of the repository whose history it is. */
  repository: string | null
}

interface Tools {
  files: Files
  clock: Clock
  random: Random
  github?: GitHub | undefined
}

/** Where histories are on a laptop, and elsewhere when no other folder is named. */
const usualFolder = '.wf/history'

/** Where earlier runs are told of, as the workflow file says; a text says why nowhere. */
export async function readingStore(setting: HistorySetting, place: Place, tools: Tools): Promise<Store | string> {
  const { clone, workflow, onRunner } = place
  if (setting.store === 'off') return 'the workflow file says `history: off`'
  const onBranch = onRunner ? remoteBranch(place, tools) : branchStore(clone, workflow, 'fetched', tools)
  if (setting.store === 'branch' || (onRunner && setting.store !== 'folder')) return onBranch
  const inFolder = folderOf(setting, place, tools)
  if (onRunner && (await isTracked(clone, setting)))
    return `git tracks files in \`${folderName(setting)}\`, so a change could write its own history; take them out of git`
  return setting.store === 'folder' ? inFolder : together(inFolder, onBranch)
}

/** Where this run is added to; nothing where it is not. A runner writes only where it is asked to. */
export function writingStore(setting: HistorySetting, place: Place, tools: Tools): Store | undefined {
  const { onRunner } = place
  if (setting.store === 'folder' || (setting.store === undefined && !onRunner)) return folderOf(setting, place, tools)
  return setting.store === 'branch' && onRunner ? remoteBranch(place, tools) : undefined
}

/** By git where the clone is of the repository and may do it, else by GitHub. */
function remoteBranch({ clone, workflow, repository }: Place, { github, ...tools }: Tools): Store {
  const byGit = branchStore(clone, workflow, 'remote', tools)
  if (!github) return byGit
  const byGitHub = gitHubStore(github, workflow, tools)
  return isCloneOf(repository, clone) ? either(byGit, byGitHub) : byGitHub
}

const folderName = ({ folder }: HistorySetting): string => folder ?? usualFolder

const folderOf = (setting: HistorySetting, { folder, workflow }: Place, { files, clock }: Tools): Store =>
  folderStore(resolve(folder, folderName(setting)), workflow, { files, now: () => clock.now() })

async function isTracked({ git, folder }: Clone, setting: HistorySetting): Promise<boolean> {
  const { stdout } = await git.run(folder, ['ls-files', '-z', '--', folderName(setting)])
  return stdout !== ''
}
