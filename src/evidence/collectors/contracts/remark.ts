import type { Remark } from '../../build-findings.js'
import type { Place } from './places.js'

/** A remark of wf itself at a place; without one at the beginning of `file`. */
export const remark = (
  [rule, severity]: readonly [rule: string, severity: Remark['severity']],
  message: string,
  place: Place | undefined,
  file: string,
): Remark => ({ rule, severity, tool: 'wf', message, file: place?.file ?? file, line: place?.line ?? 1 })
