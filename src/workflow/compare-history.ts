import { writtenDuration } from '../base/duration.js'
import type { HistorySetting } from './model.js'
import type { Difference, Effect } from './thresholds.js'

/**
 * Where the past is kept and how much of it. Without one nothing is known or new, so to turn it off or to keep less is weaker; another
 * place is something different.
 */
export function compareHistory(base: HistorySetting, change: HistorySetting): Difference[] {
  const place = placeOf(base, change)
  if (base.store === 'off' || change.store === 'off') return [place]
  return [
    place,
    amount('history.keep', [base.keep, change.keep], writtenDuration),
    amount('history.entries', [base.entries, change.entries], String),
  ]
}

function placeOf(base: HistorySetting, change: HistorySetting): Difference {
  const [before, after] = [storeText(base), storeText(change)]
  const effect = change.store === 'off' ? 'weaker' : base.store === 'off' ? 'stricter' : 'different'
  return { what: 'history', base: before, change: after, effect: before === after ? undefined : effect }
}

const storeText = ({ store, folder }: HistorySetting): string =>
  [store ?? 'by default', ...(folder === undefined ? [] : [folder])].join(' ')

function amount(what: string, [base, change]: readonly [number, number], text: (n: number) => string): Difference {
  const effect: Effect | undefined = base === change ? undefined : change < base ? 'weaker' : 'stricter'
  return { what, base: text(base), change: text(change), effect }
}
