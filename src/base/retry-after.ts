/**
 * What a `Retry-After` header asks for, in milliseconds from `now`: so many seconds, or until a date of HTTP (RFC 9110, 10.2.3). Nothing
 * for a text that is neither; a date that has passed asks for no wait.
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  // A date of HTTP begins with its day of the week; `Date.parse` alone would take `3` for a month. Its time is GMT, even where an old
  // form does not say so.
  if (!/^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(text)) return undefined
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
