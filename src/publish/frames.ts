import { isOwnFile, isOwnType, javaType } from '../evidence/trace.js'

/** How the frames of a stack begin or end, and lines that are nothing but a place. */
const frames: readonly RegExp[] = [
  /^\s*at\s.*(?::\d+\)?|\)|:line \d+|<anonymous>)(?: \{)?$/,
  /^\s*\.{3} \d+ (?:more|common frames)/,
  /^\s*File "[^"]*", line \d+/,
  /^\s*Traceback \(most recent call last\):$/,
  /^\s*❯ \S+:\d+/,
  /^\s*(?:async )?\S+(?: \[as \w+\])? \([^()\s]+:\d+:\d+\)(?: \{)?$/,
  /^\s*#\d+ .*(?:\(\d+\)|:\d+)/,
  /^\s*(?:# ?|from )?\(?(?:[A-Za-z]:)?[^\s:()]+\.\w{1,6}(?::\d+){1,2}\)?(?::in .*|: \w+(?:Error|Exception|Failed))?:?$/,
]

/** Longer lines are no frames; what they hold is worth showing. */
const longest = 600

/** Whether a line of a failure's text is a frame of a stack, or nothing but a place. */
export const isFrame = (line: string): boolean => line.length <= longest && frames.some((frame) => frame.test(line))

/** Frames that name no file of a library and yet are none of the reader's own. */
const libraries = /[\\/]gems[\\/]|^\s*at (?:System|Microsoft|Xunit|NUnit)\.|Promise\.all \(index \d+\)/

/** Whether a line is a frame in code that is not the reader's own: a library's, a runtime's, a test framework's. */
export function isForeignFrame(line: string): boolean {
  if (!isFrame(line)) return false
  if (libraries.test(line)) return true
  const java = /^\s*at ([^\s()]+)\([^()]*\)$/.exec(line)
  if (java) {
    const type = javaType(java[1] ?? '')
    if (type !== undefined && !isOwnType(type)) return true
  }
  const words = line.split(/[\s()"'@]+/).filter((word) => word !== '' && word !== '{')
  return line.endsWith('(<anonymous>)') || words.some((word) => /[\\/:]/.test(word) && !isOwnFile(word))
}
