import { compareShares } from '../base/share.js'
import { writtenDuration } from '../base/duration.js'
import { asShare } from './amount.js'
import type { Amount } from './amount.js'
import type { ByTarget } from './model.js'

/** What a change of a rule does to what is asked of the change; `different` where neither rule asks for all that the other asks. */
export type Effect = 'weaker' | 'stricter' | 'different'

/** One rule in two files: as people read it, null where there is none, and what the change of it does; nothing when it is the same. */
export interface Difference {
  what: string
  base: string | null
  change: string | null
  effect: Effect | undefined
}

type Limit = ByTarget<Amount> | undefined

/** Thresholds by name, as one gate or one suite has them. */
export type Thresholds = Readonly<Record<string, ByTarget<Amount>>>

/** The thresholds that are the least that is allowed; every other is the most. */
export const leastAllowed: ReadonlySet<string> = new Set([
  'pass-rate',
  'minimum',
  'lines',
  'branches',
  'functions',
  'patch',
  'files-under',
])

/** A threshold that speaks of other targets says nothing of this one: such a run is refused. */
const unsaid = 'no value'

/** What holds where a threshold is not written: no limit, but that no test ran is never good. */
const unwritten = (key: string): Amount | undefined => (key === 'minimum' ? 1 : undefined)

/**
 * What follows when `change` takes the place of `base`: each effect that it has at some target, none when both ask for the same. Only
 * `targets` are looked at, the stages that there are.
 */
export function compareLimits(key: string, base: Limit, change: Limit, targets: ReadonlySet<string>): Effect[] {
  const named = [...targets].filter((target) => [base, change].some((one) => one && Object.hasOwn(one.targets, target)))
  const at = (limit: Limit, target?: string): Amount | undefined | typeof unsaid => {
    if (limit === undefined) return unwritten(key)
    return target !== undefined && Object.hasOwn(limit.targets, target)
      ? limit.targets[target]
      : (limit.default ?? unsaid)
  }
  return [undefined, ...named].flatMap((target) => {
    const [before, after] = [at(base, target), at(change, target)]
    if (before !== unsaid && after !== unsaid) return effectOf(key, before, after)
    // Of targets that nobody names, a run that is refused asks for nothing less.
    return target === undefined || before === after ? [] : ['different']
  })
}

function effectOf(key: string, before: Amount | undefined, after: Amount | undefined): Effect[] {
  if (before === undefined || after === undefined)
    return before === after ? [] : [after === undefined ? 'weaker' : 'stricter']
  const more = compareShares(asShare(after), asShare(before)) * (leastAllowed.has(key) ? 1 : -1)
  return more === 0 ? [] : [more > 0 ? 'stricter' : 'weaker']
}

/** Several effects as one; none when there is none. */
export function effectOfAll(effects: readonly Effect[]): Effect | undefined {
  const [first] = effects
  return effects.every((one) => one === first) ? first : 'different'
}

/** All thresholds of two lists against each other. */
export const compareThresholds = (base: Thresholds, change: Thresholds, targets: ReadonlySet<string>): Effect[] =>
  keysOf(base, change).flatMap((key) => compareLimits(key, base[key], change[key], targets))

/** The keys of both, each once. */
export const keysOf = (base: object, change: object): string[] => [
  ...new Set([...Object.keys(base), ...Object.keys(change)]),
]

/** A threshold as people read it: `80%`, `default 50%, production 80%`; a value for a target that there is not is left out. */
export function limitText(limit: Limit, targets: ReadonlySet<string>): string | null {
  if (limit === undefined) return null
  const own = Object.entries(limit.targets).filter(([target]) => targets.has(target))
  if (limit.default !== undefined && !own.length) return amountText(limit.default)
  const rest = limit.default === undefined ? [] : [`default ${amountText(limit.default)}`]
  return [...rest, ...own.map(([target, amount]) => `${target} ${amountText(amount)}`)].join(', ')
}

/** Thresholds in one line: `pass-rate 100%, minimum 400`. */
export const thresholdsText = (thresholds: Thresholds, targets: ReadonlySet<string>): string =>
  Object.entries(thresholds)
    .map(([key, limit]) => {
      const text = limitText(limit, targets) ?? ''
      if (key === '') return text
      return text.includes(' ') ? `${key} (${text})` : `${key} ${text}`
    })
    .join(', ')

/** Every decimal that was written is told: 99.995 % is not 100 %. */
function amountText(amount: Amount): string {
  if (typeof amount === 'number') return String(amount)
  if ('ms' in amount) return writtenDuration(amount.ms)
  const decimals = Math.max(0, String(amount.whole).length - 3)
  const digits = String(amount.part).padStart(decimals + 1, '0')
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  const integer = digits.slice(0, digits.length - decimals)
  return decimals === 0 || fraction === '' ? `${integer}%` : `${integer}.${fraction}%`
}
