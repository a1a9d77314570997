/**
 * What a `Retry-After` header asks for, in milliseconds from `now`: so many seconds, or until a date of HTTP (RFC 9110, 10.2.3). Nothing
 * for a text that is neither; a date that has passed asks for no wait.
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  // A date of HTTP names its weekday and its month; `Date.parse` alone would take `3` for a month.
  const at = /^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
