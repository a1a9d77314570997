import type { Reader } from './reader.js'
import type { Path } from './places.js'

/** RE2 knows neither what looks around nor what refers back. */
const beyondRe2 = /\(\?<?[=!]|\\[1-9]|\\k</
/** What RE2 has and the machine's own patterns have not: flags at the start. */
const flags = /^\(\?[imsU]+\)/

/** What a pattern must hold besides, and what is said where it does not. */
interface Needed {
  wanted: RegExp
  message: string
  hint: string
}

/** Tells what keeps a pattern from being one that RE2 reads, at its place. */
export function checkPattern(reader: Reader, pattern: string, path: Path, needed?: Needed): void {
  const say = (message: string, hint?: string): void =>
    reader.problem('bad-pattern', message, path, hint === undefined ? {} : { hint })
  if (beyondRe2.test(pattern))
    return say('the pattern looks around or refers back, which RE2 does not know', 'match the whole line instead')
  if (needed && !needed.wanted.test(pattern)) return say(needed.message, needed.hint)
  try {
    // Only whether it is well-formed: nothing is matched with it, so it cannot hang.
    RegExp(pattern.replace(flags, '').replaceAll('(?P<', '(?<'), 'u')
  } catch (cause) {
    say(`the pattern is not well-formed: ${cause instanceof Error ? cause.message.replace(/^.*\/u?: /, '') : ''}`)
  }
}
