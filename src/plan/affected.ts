import picomatch from 'picomatch'
import type { Stage, Workflow } from '../workflow/model.js'
import { notAffected } from './plan.js'
import type { Plan, PlannedStage } from './plan.js'

/** The files that a change touches, by their paths from the folder of the run, or why they are not known. */
export type Touched = { base: string; files: readonly string[] } | { missing: string }

/** What decides beside the files about which stages a change affects. */
export interface Asked {
  /** The workflow file, under all of its names: who changes it changes everything. */
  workflowFiles: readonly string[]
  /** A stage that somebody asked for by its name. */
  named?: string | undefined
  /** Nobody said what the change is compared with. */
  isGuess?: boolean
  /** Whether there is a file or a folder at a path. */
  isThere: (path: string) => boolean
}

/** Whether a stage with `paths` runs, and why. */
export interface Fate {
  runs: boolean
  why: string
}

type Component = Pick<Stage, 'id' | 'needs' | 'if' | 'steps' | 'artifacts' | 'outputs' | 'paths'>

/**
 * The plan as a change needs it: a stage with `paths` that the change does not affect has nothing to run. What is not known of the change
 * makes everything run, and is told.
 */
export function planForChange(
  plan: Plan,
  { stages }: Pick<Workflow, 'stages'>,
  touched: Touched,
  asked: Asked,
): { plan: Plan; notes: string[] } {
  const planned = plan.stages.flatMap(({ id }) => stages.get(id) ?? [])
  if (!planned.some(({ paths }) => paths.length)) return { plan, notes: [] }
  if ('missing' in touched) return withEverything(plan, touched.missing)
  const everything = whyEverything(touched, asked)
  if (everything !== undefined) return withEverything(plan, everything)
  const lost = planned.flatMap((stage) => lostPaths(stage, asked.isThere).map((path) => ({ stage: stage.id, path })))
  const fates = fatesOf(planned, (stage) => whyTouched(stage, touched.files, asked))
  return {
    plan: {
      ...plan,
      change: { base: touched.base, files: touched.files.length },
      stages: plan.stages.map((stage) => fated(stage, fates.get(stage.id))),
    },
    notes: lost.map(
      ({ stage, path }) =>
        `\`${stage}\` runs for every change: there is no \`${path}\`, which its \`paths\` name; correct it or take it out`,
    ),
  }
}

/** The same plan where it is known already which stages have something to run: of those with `paths` all others are not affected. */
export function planOfStages(plan: Plan, { stages }: Pick<Workflow, 'stages'>, running: readonly string[]): Plan {
  const idle = ({ id, milestone }: PlannedStage): boolean =>
    !milestone && (stages.get(id)?.paths.length ?? 0) > 0 && !running.includes(id)
  return { ...plan, stages: plan.stages.map((stage) => (idle(stage) ? unaffectedStage(stage) : stage)) }
}

const withEverything = (plan: Plan, everything: string): { plan: Plan; notes: string[] } => ({
  plan: { ...plan, change: { everything } },
  notes: [`every stage runs, whatever its \`paths\`: ${everything}`],
})

/** Why a change affects everything; nothing where its files say what it affects. */
function whyEverything(
  { base, files }: Extract<Touched, { files: unknown }>,
  { workflowFiles, isGuess = false }: Asked,
): string | undefined {
  const file = files.find((one) => workflowFiles.includes(one))
  if (file !== undefined) return `this change touches the workflow file ${file}`
  if (files.length) return undefined
  return `nothing differs from ${base.slice(0, 7)}${isGuess ? '; `--base REV` compares with another commit' : ''}`
}

function fated(stage: PlannedStage, fate: Fate | undefined): PlannedStage {
  // A milestone has nothing to run, and its gates look at what did.
  if (!fate || stage.milestone) return stage
  if (fate.runs) return { ...stage, why: fate.why }
  return { ...unaffectedStage(stage), why: fate.why }
}

function unaffectedStage({ dynamic: _, ...stage }: PlannedStage): PlannedStage {
  return { ...stage, instances: [], gates: [], unaffected: true }
}

/** Why a change touches a component by itself; nothing where it does not. */
function whyTouched(stage: Component, files: readonly string[], { named, isThere }: Asked): string | undefined {
  const matches = pathMatcher(stage.paths)
  const file = files.find(matches)
  if (file !== undefined) return `touches ${file}`
  if (stage.id === named) return 'asked for by its name'
  const [lost] = lostPaths(stage, isThere)
  return lost === undefined ? undefined : `there is no \`${lost}\`, which its \`paths\` name`
}

/**
 * What becomes of each stage with `paths`; `touched` says why a change touches one by itself. Affected are those and all with `paths` that
 * need them, directly or not. What is not affected runs all the same where a stage that runs waits for what it leaves. `stages` come after
 * those that they need.
 */
export function fatesOf(
  stages: readonly Component[],
  touched: (stage: Component) => string | undefined,
): Map<string, Fate> {
  const fates = new Map<string, Fate>()
  /** By stage, a stage with `paths` that is affected: itself, or one that it needs. */
  const affected = new Map<string, string>()
  for (const stage of stages) {
    const cause = stage.needs.flatMap((need) => affected.get(need) ?? [])[0]
    const own = stage.paths.length ? touched(stage) : undefined
    const source = own === undefined ? cause : stage.id
    if (source !== undefined) affected.set(stage.id, stage.paths.length ? stage.id : source)
    if (!stage.paths.length) continue
    const why = own ?? (cause === undefined ? notAffected : `\`${cause}\` is affected`)
    fates.set(stage.id, { runs: source !== undefined, why })
  }
  for (const [id, why] of awaited(stages, fates)) fates.set(id, { runs: true, why })
  return fates
}

/** The stages that a change does not affect and that run because of those that wait for what they leave, with the reason. */
function awaited(stages: readonly Component[], fates: ReadonlyMap<string, Fate>): Map<string, string> {
  const found = new Map<string, string>()
  /** By stage, one that runs and needs it, directly or not; and one that sees its outputs. */
  const [later, next] = [new Map<string, string>(), new Map<string, string>()]
  for (const stage of [...stages].reverse()) {
    const { id, needs } = stage
    const runs = fates.get(id)?.runs ?? true
    const [files, outputs] = [later.get(id), next.get(id)]
    if (!runs && stage.artifacts.length && files !== undefined) found.set(id, `\`${files}\` waits for its artifacts`)
    else if (!runs && Object.keys(stage.outputs).length && outputs !== undefined)
      found.set(id, `\`${outputs}\` waits for its outputs`)
    const works = stage.steps.length > 0 && (runs || found.has(id))
    const waiter = works ? id : files
    for (const need of needs) {
      if (waiter !== undefined) later.set(need, waiter)
      if (works || seesNeeds(stage)) next.set(need, id)
    }
  }
  return found
}

/** A milestone waits for outputs only where its condition asks for them. */
const seesNeeds = ({ steps, if: condition }: Component): boolean =>
  !steps.length && condition !== undefined && /\bneeds\b/i.test(condition.source)

/**
 * Tells whether a path belongs to a component. What stands later wins, `!` takes out; a path without a wildcard, and one that ends with
 * a slash, stand for all in that folder.
 */
export function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const all = patterns.map((pattern) => {
    const isOut = pattern.startsWith('!')
    return { isOut, fits: picomatch(globsOf(isOut ? pattern.slice(1) : pattern), { dot: true }) }
  })
  return (path) => all.reduce((within, { isOut, fits }) => (within === isOut && fits(path) ? !isOut : within), false)
}

const wildcard = /[*?[{\\]/

function globsOf(pattern: string): string[] {
  const bare = pattern.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '')
  if (bare === '' || bare === '.') return ['**']
  if (pattern.endsWith('/')) return [`${bare}/**`]
  return wildcard.test(bare) ? [bare] : [bare, `${bare}/**`]
}

/** What stands in a stage's `paths` before the first wildcard and is not there: most likely a slip, after which nothing would run it. */
function lostPaths({ paths }: Component, isThere: Asked['isThere']): string[] {
  return paths.flatMap((pattern) => {
    if (pattern.startsWith('!')) return []
    const parts = pattern.replace(/^(?:\.\/)+/, '').split('/')
    const at = parts.findIndex((part) => wildcard.test(part))
    const plain = (at === -1 ? parts : parts.slice(0, at)).join('/').replace(/\/+$/, '')
    return plain === '' || isThere(plain) ? [] : [plain]
  })
}
