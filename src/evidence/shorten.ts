import type { TestCase } from './evidence.js'

const maxMessage = 1000
const maxDetails = 4000

/** A failure's message and details in bounded length: without a message the first line of the details is it. */
export function briefly(
  message: string | undefined,
  details: string | undefined,
): Pick<TestCase, 'message' | 'details'> {
  const text = details?.trim() ?? ''
  const said = message?.trim() || firstLine(text)
  return {
    ...(said ? { message: cut(said, maxMessage) } : {}),
    ...(text && text !== said ? { details: cutMiddle(text) } : {}),
  }
}

/** The first line that is not blank. */
export const firstLine = (text: string): string => /\S.*/.exec(text)?.[0].trimEnd() ?? ''

const cut = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`)

/** At most 4,000 characters; some languages put what matters first and some last, so the middle goes. */
export function cutMiddle(text: string): string {
  if (text.length <= maxDetails) return text
  const head = Math.floor(maxDetails * 0.6)
  return `${text.slice(0, head)}\n…\n${text.slice(text.length - (maxDetails - head - 3))}`
}
