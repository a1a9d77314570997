import type { Remark } from '../../build-findings.js'
import { remark } from './remark.js'
import type { Atom } from './schemas/atom.js'

/** A change as a finding: where it shows, what changed, and what to do. */
export function told(
  { rule, level, text, keep, place, users }: Atom,
  { remedy, file, isError }: { remedy: string; file: string; isError: boolean },
): Remark {
  const [first, ...others] = users
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  const where = first === undefined || first === '' ? '' : `\`${first}\`${more}: `
  const severity = level === 'breaking' && isError ? 'error' : 'warning'
  const mend = level === 'breaking' ? `${remedy}, or ${keep}` : keep
  return remark([rule, severity], `${where}${text}: ${mend}`, place, file)
}
