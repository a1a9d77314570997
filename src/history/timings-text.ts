import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { readTimings } from './check.js'
import { keptSeconds, maxFiles } from './timings.js'
import type { Timings } from './timings.js'

/**
 * An input of an action is a variable of its process, of which Linux takes 128 KB; the last job is given the outputs of all others as one.
 */
const maxText = 48 * 1024
const maxBytes = 8 * 2 ** 20

/**
 * Times as one word of at most 48 KB, in which one job hands them to others: by the history, which may have moved meanwhile, these would
 * split otherwise. Where there are too many, the longest are told.
 */
export function timingsText(timings: Timings): string {
  for (let most = maxFiles; ; most = Math.floor((most * 3) / 4)) {
    const stages = Object.entries(timings).map(([stage, all]) => [
      stage,
      keptSeconds(new Map(Object.entries(all)), most),
    ])
    const text = deflateRawSync(JSON.stringify(Object.fromEntries(stages))).toString('base64url')
    if (text.length <= maxText || most === 0) return text.length <= maxText ? text : timingsText({})
  }
}

/** The times in such a word; nothing for anything else. */
export function timingsIn(text: string): Timings | undefined {
  try {
    const json = inflateRawSync(Buffer.from(text, 'base64url'), { maxOutputLength: maxBytes }).toString('utf8')
    return readTimings(JSON.parse(json))
  } catch {
    return undefined
  }
}
