import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Environment } from '../../src/workflow/expression/evaluate.js'
import { parseCondition } from '../../src/workflow/expression/template.js'
import { randomWorkflow } from '../support/random-workflow.js'
import { inTurn, said } from '../support/shapes.js'
import { walk } from '../support/walk.js'
import type { Packs, Walk, Walked } from '../support/walk.js'
import { planOf } from '../support/walk-many.js'
import { ours, written } from '../plan/sync/synced.js'
import type { Job } from '../plan/sync/synced.js'

/** What GitHub knows of a job that has ended. */
interface Ended {
  result: 'success' | 'failure' | 'skipped'
  outputs: Record<string, string>
  /** Those that it waited for, directly or not. */
  after: Set<string>
}

/** Walks the jobs of a synced workflow as GitHub does: by their `needs`, `if` and matrix, each with a file system of its own. */
async function walkSynced(text: string, { target = '', ...options }: Walk) {
  const { workflow, plan } = await planOf(text, target)
  const { jobs } = written(workflow).data
  const ended = new Map<string, Ended>()
  const packs: Record<string, Uint8Array> = {}
  const ran: string[] = []
  let verdict: Walked | undefined
  for (const [id, job] of Object.entries(jobs)) {
    const after = new Set((job.needs ?? []).flatMap((need) => [need, ...(ended.get(need)?.after ?? [])]))
    const sight = sightOf(job, ended, after)
    if (job.if !== undefined && !sight.holds(parseCondition(job.if).template)) {
      ended.set(id, { result: 'skipped', outputs: {}, after })
      continue
    }
    const { part, instance = '' } = (ours(job)?.with ?? {}) as Record<string, string>
    if (part === 'plan') {
      const stages = plan.stages.filter(({ milestone }) => !milestone).map((stage) => stage.id)
      ended.set(id, { result: 'success', outputs: { stages: JSON.stringify(stages) }, after })
    } else if (part === 'matrix') {
      const { events } = await walk(text, { ...options, target, part: { part, of: instance, packs } })
      const found = events.flatMap((event) =>
        event.type === 'stage.planned' && event.stage === instance ? event.instances : [],
      )
      const rows = found.map(({ address, matrix }) => ({ ...matrix, instance: address }))
      ended.set(id, { result: 'success', outputs: { instances: JSON.stringify(rows) }, after })
    } else if (part === 'verdict') {
      const results = Object.fromEntries(job.needs.map((need) => [need, ended.get(need)?.result ?? '']))
      verdict = await walk(text, { ...options, target, part: { part, packs, jobs: results } })
    } else {
      const include = job.strategy?.matrix.include
      const rows = typeof include === 'string' ? sight.value(parseCondition(include).template) : (include ?? [{}])
      const left: Packs[] = []
      const codes: number[] = []
      for (const row of rows as { instance?: string }[]) {
        const of = row.instance ?? instance
        ran.push(of)
        const walked = await walk(text, { ...options, target, part: { part: 'instance', of, packs } })
        left.push(walked.left)
        codes.push(walked.exit)
      }
      // What one hands over no other of its matrix finds.
      Object.assign(packs, ...left)
      ended.set(id, { result: codes.every((code) => code === 0) ? 'success' : 'failure', outputs: {}, after })
    }
  }
  if (!verdict) throw new Error('no job judged')
  return { verdict, ran, results: Object.fromEntries([...ended].map(([id, { result }]) => [id, result])) }
}

/** What the expressions of a job see before it starts; a failure is one of any job before it. */
function sightOf(job: Job, ended: ReadonlyMap<string, Ended>, after: ReadonlySet<string>): Environment {
  const needs = Object.fromEntries(
    (job.needs ?? []).map((need) => {
      const { result = 'skipped', outputs = {} } = ended.get(need) ?? {}
      return [need, { result, outputs }]
    }),
  )
  const results = [...after].map((id) => ended.get(id)?.result)
  const answers = {
    success: () => results.every((result) => result === 'success'),
    failure: () => results.includes('failure'),
    always: () => true,
    cancelled: () => false,
    hashFiles: () => '',
  }
  return new Environment(() => ({ contexts: { needs }, answers }))
}

describe('the workflow of many jobs, walked as GitHub walks it', () => {
  test('comes to the verdict of one job, for workflows of every shape', async () => {
    await fc.assert(
      fc.asyncProperty(randomWorkflow, async ({ text, scripts, concurrency, target }) => {
        const last = [...text.matchAll(/^ {2}(s\d+):/gm)].at(-1)?.[1] ?? ''
        const how = { tracked: ['.github/wf.yml'], concurrency, target: target ?? last }
        const file = text.replace('stages:', `on: { push: ${how.target} }\nstages:`)
        const one = await walk(file, { ...how, scripts: inTurn(scripts) })
        const many = await walkSynced(file, { ...how, scripts: inTurn(scripts) })
        expect(said(many.verdict.outcome)).toEqual(said(one.outcome))
        expect(many.verdict.exit).toBe(one.exit)
      }),
      { numRuns: 60 },
    )
  })

  const text = (outputs: string): string =>
    `version: 1
name: t
on: { push: last }
stages:
  find: { steps: [{ id: x, run: find }], outputs: { n: '${outputs}' } }
  each: { needs: find, matrix: { n: '\${{ fromJSON(needs.find.outputs.n) }}' }, steps: [{ run: each }] }
  m: { needs: each }
  last: { needs: m, steps: [{ run: last }] }
`

  test('a matrix that is known only then has a job for each of its instances', async () => {
    const { ran, verdict } = await walkSynced(text('[1, 2]'), { target: 'last' })
    expect(ran).toEqual(['find', 'each[n=1]', 'each[n=2]', 'last'])
    expect(verdict.outcome.stages.map(({ status }) => status)).toEqual(['success', 'success', 'success', 'success'])
  })

  test('one that is empty has none, and fails nothing', async () => {
    const [one, many] = [await walk(text('[]'), { target: 'last' }), await walkSynced(text('[]'), { target: 'last' })]
    expect(many.ran).toEqual(['find', 'last'])
    expect(said(many.verdict.outcome)).toEqual(said(one.outcome))
  })

  test('after a failure only the stages start that ask for it', async () => {
    const { ran, results } = await walkSynced(
      `version: 1
name: t
on: { push: end }
stages:
  build: { steps: [{ run: make }] }
  test: { needs: build, steps: [{ run: x }] }
  tell: { needs: test, if: failure(), steps: [{ run: x }] }
  clean: { needs: test, if: always(), steps: [{ run: x }] }
  after: { needs: clean, steps: [{ run: x }] }
  end: { needs: [tell, after] }
`,
      { target: 'end', scripts: { make: [{ code: 1 }] } },
    )
    expect(ran).toEqual(['build', 'tell', 'clean'])
    expect(results).toMatchObject({ build: 'failure', test: 'skipped', tell: 'success', after: 'skipped' })
  })
})
