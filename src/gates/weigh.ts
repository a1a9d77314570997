import { whole } from '../workflow/gates.js'
import { boundText, meets, valueText } from './amount.js'
import { limitAt } from './gate.js'
import type { Measure, Measurement } from './gate.js'
import type { Figure, Verdict } from './verdict.js'

/** Whose thresholds judge: the target that is walked to, and the words for where the bar stands in the file. */
export interface Scale {
  target: string
  /** Targets that exist; a default that names another says nothing. Absent: all count. */
  targets?: ReadonlySet<string>
  gate: string
  stage: string
  /** No gate is written: the bar is a default. */
  implied: boolean
}

type Weighed = Pick<Verdict, 'status' | 'reason' | 'figures' | 'lists' | 'mend' | 'later'>

/** Lays the thresholds of the target on what was measured; exact, and the same for equal input. */
export function weigh(measurement: Measurement, scale: Scale): Weighed {
  const { measures, told, passed, faults = [], remarks = [], lists = [], warning, empty } = measurement
  const listed = lists.length > 0 ? { lists } : {}
  const withRemarks = (...reasons: string[]): string => [...new Set([...reasons, ...remarks])].join('; ')
  if (empty && faults.length === 0)
    return {
      status: 'no-data',
      reason: withRemarks(empty.reason),
      figures: told,
      ...listed,
      mend: empty.mend,
      later: [],
    }
  const figures = [...measures.flatMap((measure) => figureOf(measure, scale.target)), ...told]
  const shown = { figures, ...listed }
  const later = laterTargets(measures, scale)
  const limited = measures.map((measure) => ({ measure, limit: limitAt(measure.limit, scale.target) }))
  const missed = limited.flatMap(({ measure, limit }) =>
    limit !== undefined && measure.value !== undefined && !meets(measure.value, measure.bound, limit)
      ? [{ measure, reason: measure.miss(limit) }]
      : [],
  )
  const blind = limited.flatMap(({ measure, limit }) =>
    limit !== undefined && measure.value === undefined ? [{ measure, reason: measure.none }] : [],
  )
  const bad = missed.length > 0 ? missed : blind
  const first = bad[0]
  const [fault] = faults
  if (first || fault) {
    const reason = withRemarks(...[...faults, ...missed, ...blind].map((entry) => entry.reason))
    const mend = fault?.mend ?? (first ? `${first.measure.mend}; ${barOf(first.measure, scale)}` : '')
    return { status: fault || missed.length > 0 ? 'fail' : 'no-data', reason, ...shown, mend, later }
  }
  if (warning) return { status: 'warn', reason: withRemarks(warning.reason), ...shown, mend: warning.mend, later }
  return { status: 'pass', reason: withRemarks(passed), ...shown, later }
}

function figureOf(measure: Measure, target: string): Figure[] {
  const limit = limitAt(measure.limit, target)
  if (limit === undefined && !measure.told) return []
  const { name, value, bound } = measure
  const threshold = limit === undefined ? {} : { threshold: boundText(bound, limit) }
  if (value === undefined) return limit === undefined ? [] : [{ name, value: 'no data', ...threshold, met: false }]
  const met = limit === undefined || meets(value, bound, limit)
  return [{ name, value: valueText(value, bound, limit), ...threshold, met }]
}

/** Every other target with a threshold of its own that these values do not meet, in the order of the file. */
function laterTargets(measures: readonly Measure[], { target, targets }: Scale): Verdict['later'] {
  const reasons = new Map<string, string[]>()
  for (const measure of measures) {
    for (const [other, limit] of Object.entries(measure.limit?.targets ?? {})) {
      if (other === target || (targets && !targets.has(other))) continue
      const { value, bound } = measure
      if (value !== undefined && meets(value, bound, limit)) continue
      const list = reasons.get(other) ?? []
      list.push(value === undefined ? measure.none : measure.miss(limit))
      reasons.set(other, list)
    }
  }
  return [...reasons].map(([other, list]) => ({ target: other, reason: list.join('; ') }))
}

/** Where the bar stands, said last: mending comes before lowering it. */
function barOf(measure: Measure, { target, gate, stage, implied }: Scale): string {
  const own = measure.limit && Object.hasOwn(measure.limit.targets, target) ? `.${target}` : ''
  const name = measure.key === whole ? gate : `${gate}.${measure.key}`
  const key = `\`gates.${name}${own}\` of stage \`${stage}\``
  return implied ? `the bar is the default; ${key} would set another` : `the bar is ${key}`
}
