import { sortDiagnostics } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import type { OnFile, RuleFile } from '../language/events.js'
import type { EventName } from '../language/names.js'
import { gateNames } from '../language/names.js'
import type { InputFile, WorkflowFile } from '../language/workflow.js'
import { readCache } from './cache.js'
import { whole } from './gates.js'
import { ancestors } from './graph.js'
import { NotCompiled, recorded, takeCompiled } from './compiled.js'
import type { Shelf } from './compiled.js'
import { checkLetOff } from './let-off.js'
import { readHistory } from './history.js'
import { readLimits } from './limits.js'
import type { ByTarget, Input, Rule, Stage, Workflow, WorkflowContent } from './model.js'
import { missing, Reader } from './reader.js'
import { referenceCheck } from './references.js'
import type { Path } from './places.js'
import { checkGraph, readStage } from './stages.js'
import { readEnv } from './steps.js'

/** A workflow, or every mistake in the file at once; warnings stand beside a workflow that can run. */
export type Loaded = { ok: true; workflow: Workflow; warnings: Diagnostic[] } | { ok: false; problems: Diagnostic[] }

/**
 * Reads and checks a workflow file; `path` is used in messages only. A mistake is a value with its place, never an exception. What a file
 * without a mistake holds is kept in `shelf`, by its content, so that the same file need not be parsed and checked again.
 */
export async function loadWorkflow(path: string, text: string, shelf?: Shelf): Promise<Loaded> {
  const known = shelf && compiledWorkflow(shelf, path, text)
  if (known) return { ok: true, workflow: known, warnings: [] }
  const [{ parseSource }, { checkStructure }] = await Promise.all([import('./source.js'), import('./structure.js')])
  const parsed = parseSource(path, text)
  if (!parsed.ok) return { ok: false, problems: sortDiagnostics(parsed.problems) }
  const source = parsed.value
  const structure = await checkStructure(source)
  if (!structure.whole) return { ok: false, problems: sortDiagnostics(structure.problems) }
  const places = recorded(source)
  const reader = new Reader(places)
  const workflow = read(reader, path, structure.value as WorkflowFile)
  if (!structure.problems.length && reader.problems.every((d) => d.level === 'warning')) {
    const warnings = sortDiagnostics(reader.problems)
    if (shelf && !warnings.length) places.keep(shelf, text, structure.value as WorkflowFile)
    source.release()
    return { ok: true, workflow, warnings }
  }
  return {
    ok: false,
    problems: sortDiagnostics([...structure.problems, ...withoutConsequences(reader.problems, structure.removed)]),
  }
}

/** The workflow of a text that was without a mistake before. */
function compiledWorkflow(shelf: Shelf, path: string, text: string): Workflow | undefined {
  const known = takeCompiled(shelf, path, text)
  if (!known) return undefined
  try {
    return read(new Reader(known.places), path, known.value)
  } catch (cause) {
    if (cause instanceof NotCompiled) return undefined
    throw cause
  }
}

/** Keys whose members others refer to: when one of them had to be taken out, "there is no such name" may be its consequence. */
const naming = new Set(['needs', 'matrix', 'inputs', 'outputs', 'secrets', 'id'])

function withoutConsequences(problems: Diagnostic[], removed: Path[]): Diagnostic[] {
  const nameless = removed.some((path) => path.slice(-2).some((part) => naming.has(String(part))))
  const emptied = removed.some((path) => path[0] === 'stages' && path.length === 3)
  return problems.filter(
    (d) => !(nameless && /^there (is|are) no /.test(d.message)) && !(emptied && d.code === 'milestone'),
  )
}

/** Names of stages that mean something else where a target is named. */
const reserved = [
  ['default', 'thresholds by target use that word'],
  ['all', 'a run that walks to no single stage is called so'],
] as const

function read(reader: Reader, path: string, file: WorkflowFile): Workflow {
  const check = referenceCheck({
    inputs: Object.keys(file.inputs ?? {}),
    matrix: [],
    needs: new Map(),
    steps: () => new Map(),
    otherSteps: [],
    secrets: [],
  })
  const ids = Object.keys(file.stages)
  if (!ids.length)
    reader.problem('empty', 'the file has no stages', ['stages'], {
      key: true,
      hint: 'add one: `test: { steps: [{ run: npm test }] }`',
    })
  for (const [word, why] of reserved)
    if (ids.includes(word))
      reader.problem('reserved', `a stage cannot be called \`${word}\`: ${why}`, ['stages', word], { key: true })
  checkGraph(reader, new Map(ids.map((id) => [id, [file.stages[id]?.needs ?? []].flat()])), ['stages'], 'stage')
  const stages = new Map(ids.map((id) => [id, readStage(reader, id, file)]))
  const on = readOn(reader, file.on, ids)
  checkThresholds(reader, stages, on)
  checkSuites(reader, stages)
  checkLetOff(reader, file)
  const workflow: WorkflowContent = {
    path,
    name: reader.plain(file.name, ['name']),
    on,
    inputs: Object.fromEntries(
      Object.entries(file.inputs ?? {}).map(([name, input]) => [name, readInput(reader, name, input)]),
    ),
    env: readEnv(reader, file.env, ['env'], { scope: 'workflow-env', check }),
    history: readHistory(reader, file.history),
    cache: readCache(reader, file.cache),
    limits: readLimits(reader, file),
    waivers: file.waivers ?? [],
    stages,
  }
  return workflow as Workflow
}

function readInput(reader: Reader, name: string, file: InputFile): Input {
  const type = file.type ?? (file.options ? 'choice' : 'string')
  const path = ['inputs', name]
  if (type === 'choice' && !file.options)
    reader.problem('missing-key', `\`${name}\` needs \`options\``, path, { key: true, hint: 'list the allowed values' })
  if (type !== 'choice' && file.options)
    reader.problem('not-here', '`options` belong to `type: choice`', [...path, 'options'], { key: true })
  const given = file.default
  const fits =
    given === undefined || (type === 'choice' ? (file.options ?? []).includes(String(given)) : typeof given === type)
  if (!fits)
    reader.problem(
      'bad-default',
      `the default is no ${type === 'choice' ? 'allowed value' : type}`,
      [...path, 'default'],
      type === 'string' ? { hint: 'put it in quotes' } : {},
    )
  return {
    type,
    ...(file.description === undefined ? {} : { description: file.description }),
    ...(given === undefined ? {} : { default: given }),
    required: file.required ?? false,
    ...(file.options ? { options: file.options } : {}),
  }
}

function readOn(reader: Reader, file: OnFile | undefined, stages: string[]): Workflow['on'] {
  const on: Workflow['on'] = {}
  for (const [event, written] of Object.entries(file ?? {}) as [EventName, string | RuleFile | RuleFile[]][]) {
    const list = Array.isArray(written)
    on[event] = [written].flat().map((one, i) => {
      const path = ['on', event, ...(list ? [i] : [])]
      const rule: RuleFile = typeof one === 'string' ? { target: one } : one
      // An empty target stands in for one that is missing, which has been told.
      if (rule.target !== '' && !stages.includes(rule.target)) {
        const wrong = missing('stage', rule.target, stages, ' to walk to')
        reader.problem(
          'unknown-target',
          wrong.message,
          typeof one === 'string' ? path : [...path, 'target'],
          wrong.hint ? { hint: wrong.hint } : {},
        )
      }
      return readRule(rule)
    })
  }
  return on
}

function readRule(file: RuleFile): Rule {
  const lists = {
    branches: file.branches,
    branchesIgnore: file['branches-ignore'],
    tags: file.tags,
    tagsIgnore: file['tags-ignore'],
    types: file.types,
  }
  const given = Object.entries(lists).flatMap(([key, value]) => (value === undefined ? [] : [[key, [value].flat()]]))
  return {
    target: file.target,
    ...(Object.fromEntries(given) as Omit<Rule, 'target'>),
    ...(file.cron === undefined ? {} : { cron: file.cron }),
  }
}

/** Targets named in thresholds exist, and every target that an event walks to has a value. */
function checkThresholds(reader: Reader, stages: Map<string, Stage>, on: Workflow['on']): void {
  const graph = new Map([...stages].map(([id, stage]) => [id, stage.needs]))
  const targets = [...new Set(Object.values(on).flatMap((rules) => rules.map((rule) => rule.target)))].filter((t) =>
    stages.has(t),
  )
  for (const [id, stage] of stages)
    for (const gate of gateNames) {
      const setting = stage.gates[gate]
      if (!setting) continue
      const named: [string[], ByTarget<unknown>][] = [
        ...Object.entries(setting.thresholds).map(([name, t]): [string[], ByTarget<unknown>] => [
          name === whole ? [] : [name],
          t,
        ]),
        ...(['suites', 'markers'] as const).flatMap((key) =>
          Object.entries(setting[key] ?? {}).flatMap(([part, limits]) =>
            Object.entries(limits).map(([name, t]): [string[], ByTarget<unknown>] => [[key, part, name], t]),
          ),
        ),
      ]
      for (const [keys, threshold] of named) {
        const path = ['stages', id, 'gates', gate, ...keys]
        // A default that the file does not write speaks of `staging` and `production` whether or not they exist.
        if (!reader.source.has(path)) continue
        for (const target of Object.keys(threshold.targets))
          if (!stages.has(target)) {
            const wrong = missing('target', target, [...stages.keys(), 'default'])
            reader.problem('unknown-target', wrong.message, [...path, target], {
              key: true,
              ...(wrong.hint ? { hint: wrong.hint } : {}),
            })
          }
        const without = targets.filter(
          (t) =>
            threshold.default === undefined && !(t in threshold.targets) && (t === id || ancestors(graph, [t]).has(id)),
        )
        if (without.length)
          reader.problem('no-threshold', `there is no value for the target \`${without.join('`, `')}\``, path, {
            key: true,
            hint: 'add it, or a `default`',
          })
      }
    }
}

/** A suite that a gate names is one that a report carries. */
function checkSuites(reader: Reader, stages: Map<string, Stage>): void {
  const graph = new Map([...stages].map(([id, stage]) => [id, stage.needs]))
  for (const [id, stage] of stages) {
    const suites = (['tests', 'coverage'] as const).flatMap((gate) =>
      Object.keys(stage.gates[gate]?.suites ?? {}).map((suite) => ({ gate, suite })),
    )
    if (!suites.length) continue
    const seen = stage.steps.length ? [id] : [...ancestors(graph, [id])]
    const there = seen
      .flatMap((name) => stages.get(name)?.steps ?? [])
      .flatMap((step) => step.reports.flatMap((r) => r.suite ?? []))
    for (const { gate, suite } of suites) {
      if (there.includes(suite)) continue
      const wrong = missing('suite', suite, there)
      reader.problem('unknown-suite', wrong.message, ['stages', id, 'gates', gate, 'suites', suite], {
        key: true,
        hint: wrong.hint ?? 'name it at a report: `reports: { path: …, suite: … }`',
      })
    }
  }
}
