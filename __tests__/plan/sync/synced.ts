import { parse } from 'yaml'
import type { Json } from '../../../src/base/json.js'
import { syncWorkflow } from '../../../src/plan/sync/sync.js'
import type { SyncFrom } from '../../../src/plan/sync/sync.js'
import type { Workflow } from '../../../src/workflow/model.js'
import { workflow } from '../../support/workflows.js'

export const path = '.github/workflows/wf.yml'
export const from = (more: Partial<SyncFrom> = {}): SyncFrom => ({ path, inputs: {}, ...more })

export interface Job {
  name: string
  needs: string[]
  if: string
  strategy?: { 'fail-fast': boolean; matrix: { include: Record<string, Json>[] | string } }
  permissions: Record<string, string>
  outputs?: Record<string, string>
  steps: { id?: string; uses: string; if?: string; with?: Record<string, Json> }[]
  [key: string]: unknown
}

export function written(file: Workflow, more: Partial<SyncFrom> = {}) {
  const made = syncWorkflow(file, from(more))
  if (!made.ok) throw new Error(made.problems.map(({ message }) => message).join('; '))
  const { text, warnings } = made.value
  return { text, warnings, data: parse(text) as { jobs: Record<string, Job>; [key: string]: unknown } }
}
export const sync = async (text: string, more: Partial<SyncFrom> = {}) => written(await workflow(text), more)
export const jobsOf = async (text: string) => (await sync(text)).data.jobs
export const mistakes = async (text: string, more: Partial<SyncFrom> = {}) => {
  const made = syncWorkflow(await workflow(text), from(more))
  return made.ok
    ? []
    : made.problems.filter(({ level }) => level === 'error').map(({ message, place }) => [place?.line, message])
}

export const ours = (job: Job | undefined) => job?.steps.find(({ id }) => id === 'wf')
export const usesOf = (job: Job | undefined) => job?.steps.map(({ uses }) => uses.replace(/@.*/, ''))
export const step = '{ steps: [{ run: x }] }'
