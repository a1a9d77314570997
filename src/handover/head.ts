import { fileSafe, stageOf } from '../base/address.js'
import { sha256 } from '../base/hash.js'
import type { Json } from '../base/json.js'

/** What a hand-over is of: one attempt of one instance, and the run, commit, file and plan that it belongs to. */
export interface HandOverHead {
  version: 1
  /** The record of the instance, or the files that it hands over. */
  kind: 'journal' | 'files'
  run: string
  /** Of the whole run, from 1. */
  attempt: number
  commit: string | null
  /** The path of the workflow file. */
  workflow: string
  target: string
  /** SHA-256 of the plan. */
  plan: string
  stage: string
  /** The address of the instance: `test[node=20]`. */
  instance: string
  /** Untracked files that the instance left in the workspace; of many the first `mostLeft`. */
  left?: string[]
  /** In a journal: by what the pack of its files is known, if there is one. */
  files?: string
}

/** How many names of files that were left are told, so that a head stays small. */
export const mostLeft = 10_000

/** `test-1a2b3c4d`: how the packs of an instance are named, without what not every file system takes. */
export const handOverName = (stage: string, address: string): string => `${stage}-${sha256(address).slice(0, 8)}`

/** Where the logs of an instance are, from the folder of a run, with `/`. */
export const logsOf = ({ stage, instance }: Pick<HandOverHead, 'stage' | 'instance'>): string =>
  `logs/${fileSafe(stage)}/${fileSafe(instance)}`

/** Reads a head that another machine wrote; else why it is none. */
export function readHandOverHead(json: Json): HandOverHead | { reason: string } {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return { reason: notOne }
  if (json['version'] !== 1) return { reason: 'it is of a version of hand-overs that is not known here' }
  const { kind, run, attempt, commit, workflow, target, plan, stage, instance, left, files } = json
  if (kind !== 'journal' && kind !== 'files') return { reason: notOne }
  if (typeof attempt !== 'number' || !Number.isSafeInteger(attempt) || attempt < 1) return { reason: notOne }
  if (commit !== null && typeof commit !== 'string') return { reason: notOne }
  const isText = (value: Json | undefined): value is string => typeof value === 'string'
  if (!isText(run) || !isText(workflow) || !isText(target) || !isText(plan)) return { reason: notOne }
  if (!isText(stage) || !isText(instance)) return { reason: notOne }
  if (stageOf(instance) !== stage) return { reason: 'its instance is none of its stage' }
  if (left !== undefined && !(Array.isArray(left) && left.length <= mostLeft && left.every(isText)))
    return { reason: notOne }
  return {
    version: 1,
    kind,
    run,
    attempt,
    commit,
    workflow,
    target,
    plan,
    stage,
    instance,
    ...(left ? { left: left.filter(isText) } : {}),
    ...(isText(files) ? { files } : {}),
  }
}

const notOne = 'it is no hand-over'
