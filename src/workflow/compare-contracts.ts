import type { ContractRules } from './contracts.js'
import type { Difference } from './thresholds.js'

/** What two gates ask of contracts: fewer files, or less asked of them, is weaker. */
export const compareContracts = (
  what: string,
  base: ContractRules | undefined,
  change: ContractRules | undefined,
): Difference[] => [
  files(`${what}.openapi`, base?.openapi?.files, change?.openapi?.files),
  ranked(`${what}.openapi.security`, ['optional', 'required'], [base?.openapi?.security, change?.openapi?.security]),
  ranked(`${what}.openapi.breaking`, ['allow', 'warn', 'fail'], [base?.openapi?.breaking, change?.openapi?.breaking]),
  files(`${what}.events`, base?.events?.files, change?.events?.files),
  compatibility(`${what}.events.compatibility`, base?.events?.compatibility, change?.events?.compatibility),
]

/** Fewer globs match no more; of globs that are other ones nobody can say, unless they are added. */
function files(what: string, base: readonly string[] = [], change: readonly string[] = []): Difference {
  const text = (list: readonly string[]): string | null => (list.length > 0 ? list.join(', ') : null)
  const [added, gone] = [change.some((one) => !base.includes(one)), base.some((one) => !change.includes(one))]
  const effect = added && gone ? 'different' : added ? 'stricter' : gone ? 'weaker' : undefined
  return { what, base: text(base), change: text(change), effect }
}

/** `ranks` go from what asks for least; that the files are no longer named at all is told with them. */
function ranked(
  what: string,
  ranks: readonly string[],
  [base, change]: readonly [string | undefined, string | undefined],
): Difference {
  const more = base === undefined || change === undefined ? 0 : ranks.indexOf(change) - ranks.indexOf(base)
  const effect = more === 0 ? undefined : more > 0 ? 'stricter' : 'weaker'
  return { what, base: base ?? null, change: change ?? null, effect }
}

function compatibility(what: string, base: string | undefined, change: string | undefined): Difference {
  const asks = (one: string | undefined): string[] =>
    one === 'full' ? ['backward', 'forward'] : one && one !== 'none' ? [one] : []
  const [before, after] = [asks(base), asks(change)]
  const [added, gone] = [after.some((one) => !before.includes(one)), before.some((one) => !after.includes(one))]
  const isBoth = base !== undefined && change !== undefined
  const effect = !isBoth ? undefined : added && gone ? 'different' : added ? 'stricter' : gone ? 'weaker' : undefined
  return { what, base: base ?? null, change: change ?? null, effect }
}
