import { canonicalJson } from '../base/json.js'
import type { EventName, GateName } from '../language/names.js'
import { gateNames } from '../language/names.js'
import { compareHistory } from './compare-history.js'
import { impliedGate, whole } from './gates.js'
import { compareOptions, compareWaivers } from './gate-options.js'
import type { GateSetting, Report, Rule, Stage, Workflow } from './model.js'
import { pathTo } from './path.js'
import { compareLimits, compareThresholds, effectOfAll, keysOf, limitText, thresholdsText } from './thresholds.js'
import type { Difference, Effect, Thresholds } from './thresholds.js'
import { compareTolerance } from './tolerance.js'

export interface RuleChange {
  stage: string
  /** `gates.coverage.lines`, `gates.lint`, `the stage`, `on.pull_request`. */
  what: string
  /** As people read it: `80%`, `default 50%, production 80%`, `off`; null where there is none. */
  base: string | null
  change: string | null
  effect: 'weaker' | 'stricter' | 'different'
}

/** Two workflows, and what the comparison of any of their stages needs. */
interface Pair {
  base: Workflow
  change: Workflow
  /** The stages of either: only for them a value by target means something. */
  targets: ReadonlySet<string>
  /** For each target that both can walk to, the stages on the path to it. */
  paths: { target: string; base: ReadonlySet<string>; change: ReadonlySet<string> }[]
}

/**
 * Every rule that `change` has otherwise than `base`: gates, thresholds, suites, reports, conditions, which stages lie on the path to a
 * target, how far events walk. Rules of the same effect are no difference, however they are written.
 */
export function compareRules(base: Workflow, change: Workflow, target: string | undefined): RuleChange[] {
  const walked = [base, change].flatMap(({ on }) => Object.values(on).flatMap((rules) => rules.map((r) => r.target)))
  const common = [...new Set([...(target === undefined ? [] : [target]), ...walked])].filter(
    (one) => base.stages.has(one) && change.stages.has(one),
  )
  const pair: Pair = {
    base,
    change,
    targets: new Set([...base.stages.keys(), ...change.stages.keys()]),
    paths: common.map((one) => ({ target: one, base: pathTo(base, one), change: pathTo(change, one) })),
  }
  const name =
    base.name === change.name
      ? []
      : [{ stage: target ?? '', what: 'name', base: base.name, change: change.name, effect: 'different' as const }]
  return [
    ...name,
    ...[...pair.targets].flatMap((id) => compareStage(id, pair)),
    ...changed('', compareWaivers(base.waivers, change.waivers)),
    ...changed('', compareHistory(base.history, change.history)),
    ...compareEvents(pair),
  ]
}

/** The differences from `base` that are the change's own: what it has as it was where it left its base, the base has altered since. */
export function ownChanges(changes: readonly RuleChange[], sinceFork: readonly RuleChange[]): RuleChange[] {
  const nameOf = ({ stage, what }: RuleChange): string => JSON.stringify([stage, what])
  const own = new Set(sinceFork.map(nameOf))
  return changes.filter((one) => own.has(nameOf(one)))
}

function compareStage(id: string, pair: Pair): RuleChange[] {
  const [base, change] = [pair.base.stages.get(id), pair.change.stages.get(id)]
  const entries = base && change ? compareBoth(base, change, pair) : [presence(id, pair)]
  return changed(id, entries)
}

/** What differs, under the stage that it concerns. */
const changed = (stage: string, entries: readonly Difference[]): RuleChange[] =>
  entries.flatMap(({ effect, ...entry }) => (effect === undefined ? [] : [{ stage, ...entry, effect }]))

const compareBoth = (base: Stage, change: Stage, pair: Pair): Difference[] => [
  presence(base.id, pair),
  compareSteps(base, change),
  compareConditions(base, change),
  ...compareTolerance(base, change),
  ...gateNames.flatMap((gate) => compareGate(gate, base.gates[gate], change.gates[gate], pair.targets)),
  ...compareReports(base, change),
]

/** Whether the stage is there, and on the path to which targets. */
function presence(id: string, { base, change, paths }: Pair): Difference {
  const before = paths.filter((path) => path.base.has(id)).map(({ target }) => target)
  const after = paths.filter((path) => path.change.has(id)).map(({ target }) => target)
  const text = (stages: Workflow['stages'], targets: string[]): string | null =>
    stages.has(id) ? (targets.length ? `on the path to ${targets.join(', ')}` : 'on no path') : null
  const lost = !change.stages.has(id) || before.some((target) => !after.includes(target))
  const won = after.some((target) => !before.includes(target))
  const effect = lost && won ? 'different' : lost ? 'weaker' : won ? 'stricter' : undefined
  return { what: 'the stage', base: text(base.stages, before), change: text(change.stages, after), effect }
}

/** The gates of a milestone see what it needs, those of a stage with steps what its steps left. */
function compareSteps(base: Stage, change: Stage): Difference {
  const text = ({ steps }: Stage): string => (steps.length ? 'steps of its own' : 'a milestone')
  const effect = text(base) === text(change) ? undefined : 'different'
  return { what: 'steps', base: text(base), change: text(change), effect }
}

function compareConditions(base: Stage, change: Stage): Difference {
  const [before, after] = [base.if?.source ?? null, change.if?.source ?? null]
  const effect = before === null ? 'weaker' : after === null ? 'stricter' : 'different'
  return { what: 'if', base: before, change: after, effect: before === after ? undefined : effect }
}

function compareGate(
  gate: GateName,
  base: GateSetting | undefined,
  change: GateSetting | undefined,
  targets: ReadonlySet<string>,
): Difference[] {
  const what = `gates.${gate}`
  const [before, after] = [base ?? impliedGate(gate), change ?? impliedGate(gate)]
  if (!before || before.off || !after || after.off) {
    const [judged, judges] = [before && !before.off, after && !after.off]
    const text = (setting: GateSetting | undefined, written: boolean): string | null =>
      setting === undefined ? null : gateText(setting, targets) + (written ? '' : ', by default')
    const effect = judged ? 'weaker' : judges ? 'stricter' : before?.off === after?.off ? undefined : 'different'
    return [{ what, base: text(before, base !== undefined), change: text(after, change !== undefined), effect }]
  }
  const demand = (setting: GateSetting | undefined): string => (setting ? 'data required' : 'where there is data')
  const dropped = base && !change ? 'weaker' : !base && change ? 'stricter' : undefined
  return [
    { what, base: demand(base), change: demand(change), effect: dropped },
    ...compareLists(what, before.thresholds, after.thresholds, targets),
    ...compareParts('suites', gate, [before, after], targets),
    ...compareParts('markers', gate, [before, after], targets),
    compareInstances(gate, before, after),
    ...compareOptions(what, before, after),
  ]
}

function gateText(
  { off, thresholds, suites, markers = {}, perInstance, expression }: GateSetting,
  targets: ReadonlySet<string>,
): string {
  if (off) return 'off'
  const parts = [
    expression?.source ?? '',
    thresholdsText(thresholds, targets),
    ...Object.entries(suites).map(([name, limits]) => `suite ${name}: ${thresholdsText(limits, targets)}`),
    ...Object.entries(markers).map(([name, limits]) => `marker ${name}: ${thresholdsText(limits, targets)}`),
    perInstance ? 'each instance' : '',
  ].filter((part) => part !== '')
  return parts.length ? parts.join(', ') : 'judged'
}

const compareLists = (what: string, base: Thresholds, change: Thresholds, targets: ReadonlySet<string>): Difference[] =>
  keysOf(base, change).map((key) => ({
    what: key === whole ? what : `${what}.${key}`,
    base: limitText(base[key], targets),
    change: limitText(change[key], targets),
    effect: effectOfAll(compareLimits(key, base[key], change[key], targets)),
  }))

/**
 * Tests of a suite or a marker that gets thresholds of its own leave the rest: that asks for more where its thresholds do, since each
 * part then has to meet what was asked of the whole. One that loses them goes back to the rest. What a suite covers is judged besides.
 */
function compareParts(
  key: 'suites' | 'markers',
  gate: GateName,
  [base, change]: readonly [GateSetting, GateSetting],
  targets: ReadonlySet<string>,
): Difference[] {
  const [own = {}, other = {}] = [base[key], change[key]]
  const what = `gates.${gate}.${key}`
  return keysOf(own, other).flatMap((name) => {
    const [before, after] = [own[name], other[name]]
    if (before && after) return compareLists(`${what}.${name}`, before, after, targets)
    const [less, more] = gate === 'tests' ? [base.thresholds, change.thresholds] : [{}, {}]
    const effects = compareThresholds(before ?? less, after ?? more, targets)
    const whole = before ? 'weaker' : 'stricter'
    // A test may have several markers: what each asks for does not tell what is asked of all.
    const overlap = key === 'markers' && whole === 'stricter' && Object.keys(other).length > 1
    const effect = !overlap && effects.every((one) => one === whole) ? whole : 'different'
    const text = (limits: Thresholds | undefined): string | null => (limits ? thresholdsText(limits, targets) : null)
    return [{ what: `${what}.${name}`, base: text(before), change: text(after), effect }]
  })
}

/** Tests that pass in each instance pass in all together; of findings and coverage neither follows from the other. */
function compareInstances(gate: GateName, base: GateSetting, change: GateSetting): Difference {
  const text = ({ perInstance }: GateSetting): string => (perInstance ? 'each instance' : 'all instances together')
  const effect = gate !== 'tests' ? 'different' : change.perInstance ? 'stricter' : 'weaker'
  return {
    what: `gates.${gate}.per-instance`,
    base: text(base),
    change: text(change),
    effect: base.perInstance === change.perInstance ? undefined : effect,
  }
}

/** A stage's reports, whichever of its steps declares them; of several that read alike, each for itself. */
function reportsOf({ steps, finally: last }: Stage): Map<string, Report> {
  const found = new Map<string, Report>()
  for (const report of [...steps, ...last].flatMap((step) => step.reports)) {
    const name = report.source === 'stdout' ? `stdout (${report.format ?? 'any'})` : report.source.path.source
    let key = name
    for (let n = 2; found.has(key); n++) key = `${name} #${n}`
    found.set(key, report)
  }
  return found
}

function compareReports(base: Stage, change: Stage): Difference[] {
  const [before, after] = [reportsOf(base), reportsOf(change)]
  return [...new Set([...before.keys(), ...after.keys()])].map((name) => {
    const [one, other] = [before.get(name), after.get(name)]
    const entry = {
      what: `reports.${name}`,
      base: one ? reportText(one) : null,
      change: other ? reportText(other) : null,
    }
    if (!one || !other) return { ...entry, effect: one ? 'weaker' : 'stricter' }
    const onlyRequired = reportText({ ...one, required: true }) === reportText({ ...other, required: true })
    const effect = !onlyRequired ? 'different' : other.required ? 'stricter' : 'weaker'
    return { ...entry, effect: entry.base === entry.change ? undefined : effect }
  })
}

const reportText = ({ source, required, format, suite, category, stored, custom }: Report): string =>
  [
    required ? 'required' : 'optional',
    ...(format === undefined || source === 'stdout' ? [] : [`format ${format}`]),
    ...(suite === undefined ? [] : [`suite ${suite}`]),
    ...(category === undefined ? [] : [`category ${category}`]),
    ...(stored ? ['stored'] : []),
    ...(custom ? [canonicalJson(custom)] : []),
  ].join(', ')

function compareEvents({ base, change }: Pair): RuleChange[] {
  const events = keysOf(base.on, change.on) as EventName[]
  return events.flatMap((event) => {
    const [before, after] = [base.on[event], change.on[event]]
    if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return []
    const effect = !before ? 'stricter' : !after ? 'weaker' : (compareTargets(base, before, after) ?? 'different')
    // The stage of `on` is the one that the event walks to.
    const stage = (before ?? after)?.[0]?.target ?? ''
    return [{ stage, what: `on.${event}`, base: rulesText(before), change: rulesText(after), effect }]
  })
}

/** Of rules with the same filters, how much of the base's path they walk; nothing when that cannot be said. */
function compareTargets(workflow: Workflow, base: readonly Rule[], change: readonly Rule[]): Effect | undefined {
  const filters = ({ target: _, ...rest }: Rule): string => canonicalJson(rest)
  if (canonicalJson(base.map(filters)) !== canonicalJson(change.map(filters))) return undefined
  return effectOfAll(
    base.flatMap((rule, i): Effect[] => {
      const target = change[i]?.target ?? ''
      if (target === rule.target) return []
      const [before, after] = [pathTo(workflow, rule.target), pathTo(workflow, target)]
      return [after.has(rule.target) ? 'stricter' : before.has(target) ? 'weaker' : 'different']
    }),
  )
}

const words = [
  ['branches', 'branches'],
  ['branchesIgnore', 'not branches'],
  ['tags', 'tags'],
  ['tagsIgnore', 'not tags'],
  ['types', 'types'],
] as const

/** `review`, or `staging for branches develop; production for tags v*`. */
function rulesText(rules: readonly Rule[] | undefined): string | null {
  if (!rules) return null
  return rules
    .map((rule) => {
      const filters = words.flatMap(([key, word]) => (rule[key] ? [`${word} ${rule[key].join(' ')}`] : []))
      const all = [...filters, ...(rule.cron === undefined ? [] : [`cron ${rule.cron}`])]
      return all.length ? `${rule.target} for ${all.join(', ')}` : rule.target
    })
    .join('; ')
}
