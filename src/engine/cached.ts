import { join } from 'node:path'
import { stepAddress } from '../base/address.js'
import { cleaned, hidesSomething } from '../journal/clean.js'
import { formatDuration } from '../base/duration.js'
import type { FileStates } from './cache/fingerprints.js'
import type { Pairs } from './cache/manifest.js'
import { pairsOf } from './cache/manifest.js'
import { sha256 } from '../base/hash.js'
import type { Manifest } from './cache/manifest.js'
import type { StepRecord } from './cache/pack.js'
import type { Looked, StepCache } from './cache/step-cache.js'
import { ancestors } from '../workflow/graph.js'
import { leadsOut } from '../workflow/caching.js'
import type { Environment } from '../workflow/expression/evaluate.js'
import { stepGraph } from '../workflow/path.js'
import { noteLeft } from './left.js'
import type { Step, StepCaching } from '../workflow/model.js'
import { madeBefore } from './attempt.js'
import { environmentOf } from './contexts.js'
import type { InstanceRun } from './engine.js'
import { keptVariables } from './environment.js'
import type { Variables } from './environment.js'
import { logName } from './output.js'
import type { StepRun } from './step-run.js'
import type { Ended } from './ended.js'
import { neededBy } from './stage-condition.js'
import { fillJson } from './steps/json.js'

/**
 * Takes a step's result from the cache where all that decides about it is as it was; else lets it work, and keeps what it left when it
 * succeeded at once. A cache that cannot be had changes nothing.
 */
export async function throughCache(run: StepRun, work: () => Promise<Ended>): Promise<Ended> {
  const { instance, step } = run
  const { cache } = instance.engine
  if (!cache || !step.cache) return work()
  // What is deployed there is made anew, unless the user trusts the cache with it.
  if (instance.stage.job.environment !== undefined && !step.cache.inEnvironment) return work()
  const expressions = environmentOf(run.sight, instance.engine)
  const asked = patternsOf(step, step.cache, expressions)
  const outside = [...asked.inputs, ...asked.outputs].find((pattern) => leadsOut(pattern.replace(/^!/, '')))
  if (outside !== undefined)
    return { status: 'failure', reason: `a path of its \`cache\` leads out of the repository: ${outside}` }
  const states = cache.fingerprints.of(asked.inputs)
  const manifest = manifestOf(run, {
    definition: definitionOf(run, asked.outputs, expressions),
    files: [...(states instanceof Promise ? await states : states)],
  })
  const looked = await cache.restore(manifest, asked.outputs, step.cache.ttl)
  const address = stepAddress(instance.address, step.id)
  const { journal } = instance.engine
  if (looked.hit) {
    journal.hold({ type: 'cache.hit', step: address, key: looked.key, saved_ms: looked.saved_ms })
    const ended = replay(run, looked)
    await noteContent(run, cache, asked.outputs, ended)
    return ended
  }
  journal.hold({ type: 'cache.miss', step: address, key: looked.key, why: looked.why })
  const began = instance.engine.ports.clock.monotonic()
  const ended = await work()
  const duration_ms = Math.round(instance.engine.ports.clock.monotonic() - began)
  if (ended.status !== 'success') return ended
  await noteContent(run, cache, asked.outputs, ended)
  const kept = await keep(run, cache, { key: looked.key, manifest, asked, ended, duration_ms })
  journal.hold({ type: 'cache.kept', step: address, ...kept })
  return ended
}

interface Patterns {
  inputs: string[]
  outputs: string[]
}

/** The paths and globs of a step's files; one that is empty after evaluation is none. */
function patternsOf(step: Step, cache: StepCaching, expressions: Environment): Patterns {
  const read = (templates: StepCaching['inputs']): string[] =>
    templates.map((template) => expressions.text(template)).filter((pattern) => pattern !== '')
  // What a plug-in does is told by its module.
  const own = step.body.kind === 'plugin' ? [step.body.module] : []
  return { inputs: [...read(cache.inputs), ...own], outputs: read(cache.outputs) }
}

function manifestOf(
  { instance, step, surroundings }: StepRun,
  { definition, files }: Pick<Manifest, 'definition' | 'files'>,
): Manifest {
  const { processes } = instance.engine.ports
  return {
    version: 1,
    step: stepAddress(instance.address, step.id),
    platform: `${processes.platform}-${processes.architecture}`,
    definition,
    env: decidingOf(surroundings.variables(), step.cache?.env ?? []),
    requires: pairsOf(instance.versions),
    needs: pairsOf(leftBefore(instance, step)),
    files,
  }
}

const decided = new WeakMap<Variables, Map<string, Pairs>>()

/** The hashes of the variables that a step is known by; made once for all steps that see and name the same. */
function decidingOf(variables: Variables, named: readonly string[]): Pairs {
  const known = decided.get(variables) ?? new Map<string, Pairs>()
  decided.set(variables, known)
  const names = named.join('\0')
  const pairs = known.get(names) ?? hashesOf(variables, named)
  known.set(names, pairs)
  return pairs
}

function hashesOf(variables: Variables, named: readonly string[]): Pairs {
  const { declared, paths = [] } = variables
  const env = new Map([...keptVariables(variables, named).deciding, ...Object.entries(declared)])
  if (paths.length) env.set('GITHUB_PATH', JSON.stringify(paths))
  return pairsOf([...env].map(([name, value]) => [name, sha256(value)]))
}

/** What a step is, after evaluation: what else than its surroundings decides what it does and what of it counts. */
function definitionOf({ instance, step }: StepRun, outputs: readonly string[], expressions: Environment): Pairs {
  const { body } = step
  const folder = step.workingDirectory ?? instance.stage.workingDirectory
  const parts: [string, string][] = [['kind', body.kind]]
  if (body.kind === 'run') parts.push(['script', sha256(expressions.text(body.script))], ['shell', body.shell])
  if (body.kind === 'plugin')
    parts.push(['module', body.module], ['inputs', sha256(JSON.stringify(fillJson(body.with, expressions)))])
  if (folder) parts.push(['working directory', expressions.text(folder)])
  if (step.reports.length) {
    const reports = step.reports.map((report) => ({
      ...report,
      source: report.source === 'stdout' ? 'stdout' : expressions.text(report.source.path),
    }))
    parts.push(['reports', sha256(JSON.stringify(reports))])
  }
  if (step.outputs) parts.push(['types of outputs', JSON.stringify(Object.entries(step.outputs))])
  if (outputs.length) parts.push(['list of outputs', JSON.stringify(outputs)])
  if (step.secrets.length) parts.push(['list of secrets', JSON.stringify(step.secrets)])
  if (step.cache?.key) parts.push(['key', sha256(expressions.text(step.cache.key))])
  return pairsOf(parts)
}

/** What cached steps left that come before this one: in its stage, and in all stages that this one needs. */
function leftBefore({ engine, stage, address, results }: InstanceRun, step: Step): [string, string][] {
  if (!engine.left.size) return []
  const before = stage.ordered ? results : ancestors(stepGraph(stage), [step.id])
  const stages = neededBy(engine, stage)
  return [...engine.left].flatMap(([name, { instance, stage: of, step: id, content }]): [string, string][] =>
    (instance === address ? before.has(id) : stages.has(of)) ? [[name, content]] : [],
  )
}

/** Notes the content of what a step left, so that what comes after it is known by that and not by how it was made. */
async function noteContent(
  run: StepRun,
  cache: StepCache,
  outputs: readonly string[],
  { outputs: told }: Ended,
): Promise<void> {
  const { instance, step } = run
  if (!outputs.length && !Object.keys(told ?? {}).length) return
  const states = await cache.fingerprints.of(outputs)
  // What leaves nothing decides about nothing: a thousand such steps need no notes.
  if (!states.size && !Object.keys(told ?? {}).length) return
  const content = sha256(
    JSON.stringify([[...states], pairsOf(Object.entries(told ?? {}).map(([k, v]) => [k, JSON.stringify(v)]))]),
  )
  noteLeft(instance, step.id, content)
}

/** What a hit answers: as if the step had run, without an attempt. */
function replay(run: StepRun, { record, log, saved_ms }: Extract<Looked, { hit: true }>): Ended {
  const { instance, step } = run
  const { engine } = instance
  const address = stepAddress(instance.address, step.id)
  for (const report of record.reports) engine.journal.append({ type: 'report.read', step: address, attempt: 0, report })
  const name = logName(instance.stage.id, instance.address, step.id, 0)
  if (log.length) {
    engine.ports.files.write(join(engine.folder, name), log)
    engine.live(address, 'stdout', Buffer.from(log).toString('utf8'))
  }
  const attempt = madeBefore(0, { ...record, log: log.length ? name : undefined })
  const reason = `from the cache, which saves ${formatDuration(saved_ms)}`
  return { status: 'success', reason, outputs: record.outputs, attempts: [attempt] }
}

interface Done {
  key: string
  manifest: Manifest
  asked: Patterns
  ended: Ended
  duration_ms: number
}

/** Keeps a success; what would make a wrong hit of it is a reason not to. */
async function keep(run: StepRun, cache: StepCache, done: Done): Promise<{ bytes: number } | { reason: string }> {
  const { engine } = run.instance
  const { key, manifest, asked, ended, duration_ms } = done
  const [attempt, second] = ended.attempts ?? []
  if (!attempt || second) return { reason: 'it did not succeed at its first attempt' }
  const names = cache.fingerprints.match(asked.outputs)
  const changed = await changedInput(cache, manifest, { inputs: asked.inputs, written: new Set(names) })
  if (changed !== undefined) return { reason: `${changed} changed while it ran` }
  const unwritten = asked.outputs.find((pattern) => isPath(pattern) && !cache.fingerprints.match([pattern]).length)
  if (unwritten !== undefined) return { reason: `it did not write ${unwritten}` }
  const record: StepRecord = {
    outputs: ended.outputs ?? {},
    env: attempt.told.env,
    paths: attempt.told.paths,
    summary: attempt.told.summary,
    warnings: attempt.warnings,
    reports: attempt.reports,
  }
  const masked = maskedOf(record, (text) => engine.redactor.text(text))
  if (!masked) return { reason: 'what it told holds a secret' }
  const log = attempt.log === undefined ? undefined : engine.ports.files.readBytes(join(engine.folder, attempt.log))
  return cache.keep(manifest, names, { key, record: masked, log: log ?? new Uint8Array(), duration_ms })
}

/** A path, not a glob; a step that does not write it has not done what it declares. */
const isPath = (pattern: string): boolean => !/[*?[\]{}()!]/.test(pattern)

/** What people read is masked, as the journal masks it; what later steps are given cannot be: it would be something else. */
function maskedOf(record: StepRecord, clean: (text: string) => string): StepRecord | undefined {
  if (!hidesSomething(JSON.stringify(record), clean)) return record
  const { outputs, env, paths, reports, summary, warnings } = record
  if (hidesSomething(JSON.stringify({ outputs, env, paths }), clean)) return undefined
  return { ...record, ...cleaned({ reports, summary, warnings }, clean) }
}

/** An input that is not as it was when the key was made, if the step itself does not write it. */
async function changedInput(
  cache: StepCache,
  manifest: Manifest,
  { inputs, written }: { inputs: readonly string[]; written: ReadonlySet<string> },
): Promise<string | undefined> {
  const after = await cache.fingerprints.of(inputs)
  if (isSame(manifest.files, after)) return undefined
  const before = new Map(manifest.files)
  const names = [...new Set([...before.keys(), ...after.keys()])]
  return names.find((name) => !written.has(name) && before.get(name) !== after.get(name))
}

const isSame = (files: Pairs, states: FileStates): boolean =>
  files.length === states.size && files.every(([name, state]) => states.get(name) === state)
