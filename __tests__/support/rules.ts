import { renderDiagnostic } from '../../src/base/diagnostic.js'
import { hostPorts } from '../../src/host/index.js'
import type { RulesOutcome } from '../../src/journal/outcome.js'
import type { GitHub, Ports } from '../../src/ports.js'
import { prepare } from '../../src/prepare.js'
import { run } from '../../src/run.js'
import type { RunOptions } from '../../src/options.js'
import type { AbsentGate } from '../../src/workflow/rules.js'
import { makeOrigin } from './origin.js'
import type { Edits, Origin, Pull } from './origin.js'
import type { Scratch } from './scratch.js'

// A shop whose tests cover six of ten lines, for tests of whose rules judge it.

const file = (stages: string): string => `version: 1
name: shop
on:
  pull_request: review
  merge_group: review
  push: [{ branches: [main], target: review }, { tags: ['v*'], target: production }]
  workflow_dispatch: review
  issue_comment: review
  schedule: review
stages:
${stages}  production: { needs: review }
`
const test_ = (gates: string): string =>
  `  test: { steps: [{ run: sh report.sh, reports: lcov.info }], gates: ${gates} }\n`
/** A stage with a linter's gate. */
export const quality = `  quality: { steps: [{ run: 'echo "[]" > eslint.json', reports: { path: eslint.json, format: eslint-json } }], gates: { lint: {} } }\n`
/** Its workflow file, with the least coverage that is asked for. */
export const workflow = (lines: string, more = ''): string =>
  file(`${test_(`{ coverage: { lines: ${lines} } }`)}${more}  review: { needs: [test${more ? ', quality' : ''}] }\n`)

/** Where that file is. */
export const path = '.github/wf.yml'
/** Six of ten lines are covered. */
export const report =
  'for n in 1 2 3 4 5 6 7 8 9 10; do echo "DA:$n,$((n < 7))"; done | sed "1iSF:a.js" > lcov.info; echo end_of_record >> lcov.info\n'
/** All files of the shop. */
export const files = (text: string): Edits => ({
  [path]: text,
  'report.sh': report,
  '.gitignore': '*.info\neslint.json\n.wf/\n',
})
/** The repository of the shop, with this workflow on `main`. */
export const shopOf = async (scratch: Scratch, text = workflow('80%')): Promise<Origin> =>
  makeOrigin(scratch, files(text))

interface More extends Partial<RunOptions> {
  github?: GitHub
}

const portsOf = ({ github }: More): Ports => ({ ...hostPorts(), ...(github ? { github } : {}) })

/** Whose rules a run in a folder has, or what is wrong, and which gates it plans. */
interface Found extends Partial<RulesOutcome> {
  problems?: { code: string; message: string; hint: string | undefined }[]
  notes?: string[]
  absent?: AbsentGate[]
  target?: string
  base?: string | null
}

export async function rulesIn(folder: string, { github, ...options }: More = {}): Promise<Found> {
  const prepared = await prepare({ folder, ...options }, portsOf(github ? { github } : {}))
  if (!prepared.ok) return { problems: prepared.problems.map(({ code, message, hint }) => ({ code, message, hint })) }
  const { rules, notes, absent, plan, context } = prepared.value
  return { ...rules, notes, absent, target: plan.target, base: context.base }
}

/** The outcome of a whole run in a folder. */
export async function outcomeIn(folder: string, { github, ...options }: More = {}) {
  const ports = portsOf(github ? { github } : {})
  const whole = { folder, ...options }
  const prepared = await prepare(whole, ports)
  if (!prepared.ok) throw new Error(prepared.problems.map(renderDiagnostic).join('\n'))
  return (await run(prepared.value, whole, ports)).outcome
}

/** What is said of a change that lowers it. */
export const lowered = [{ stage: 'test', what: 'gates.coverage.lines', base: '80%', change: '50%', effect: 'weaker' }]

/** The pull request as actions/checkout can check it out. */
export const checkouts = ({ merge, head }: Pull) =>
  [merge, head].flatMap((commit) => ([1, 'full'] as const).map((depth) => ({ commit, depth })))
