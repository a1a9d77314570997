import type { Severity } from '../../evidence.js'
import { gradeOf, lineReader, remarkOf, type Where } from './lines.js'

const word = '(fatal error|error|warning)'
const located = new RegExp(
  String.raw`^(?:\d+>)?\s*(\S.*?)\((\d+)(?:,(\d+)(?:,(\d+),(\d+))?|-\d+)?\)\s?: ${word}(?: ([A-Za-z@][\w@/.-]*))?\s?: (.*)$`,
)
const global = new RegExp(
  String.raw`^(?:\d+>)?\s*((?:[A-Za-z]:\\)?[^\s:(][^:(]*?)\s?: ${word} ([A-Z]{1,10}\d{1,6})\s?: (.*)$`,
)
const bare = new RegExp(String.raw`^()${word} ([A-Z]{1,10}\d{1,6})\s?: (.*)$`)
const grades: Readonly<Record<string, Severity>> = { 'fatal error': 'error', error: 'error', warning: 'warning' }
const tool = 'MSBuild'

/** The text of MSBuild, `dotnet build`, Visual C++ and Roslyn; the summary repeats remarks, so that equal ones count once. */
export const msvc = lineReader({
  format: 'msvc',
  recognised: 'lines `file(1,2): error CS1002: message [project]`, or `LINK : fatal error LNK1104: message`',
  proven: 'Mono 6.8 (mcs); MSBuild and Visual C++: unproven by a run of ours',
  tool,
  repeats: true,
  remark(raw) {
    const line = raw.trimStart()
    const found = located.exec(line)
    if (found) {
      const [, file, row, column, endRow, endColumn, grade, rule, text] = found
      const end = { end_line: endRow, end_column: endColumn }
      return of(grade, rule, text, { file, line: row, column, ...end })
    }
    const whole = global.exec(line) ?? bare.exec(line)
    if (!whole) return undefined
    const [, origin = '', grade, rule, text] = whole
    return of(grade, rule, text, { file: /[\\/.]/.test(origin) ? origin : undefined })
  },
  goesOn: /^\s*(?:\d+>)?\S.*\(\d+(?:,\d+)?\)\s?: (?:note|message|info)\b/,
  // The project tells remarks of several builds of one file apart, and so do the tool's counts.
  whole: (remark) => ({ ...remark, message: remark.message.replace(/ \[[^\][\n]+\.\w*proj(?:::[^\][\n]*)?\]/, '') }),
  own: /^\s|^\d+>|^=+ |^Build (?:FAILED|succeeded)|^Time Elapsed|^MSBuild version|^Restore /,
  claim(line) {
    const counted = /^\s*(\d+) (Warning|Error)\(s\)$/.exec(line)
    if (counted) return [{ count: Number(counted[1]), of: [counted[2] === 'Error' ? 'error' : 'warning'] }]
    if (!/^\s*Build (?:failed|succeeded) with /.test(line)) return undefined
    return [...line.matchAll(/\b(\d{1,9}) (error|warning)\(s\)/g)].map(([, count, of]) => ({
      count: Number(count),
      of: [of === 'error' ? ('error' as const) : ('warning' as const)],
    }))
  },
  clean: /^\s*Build succeeded|^Compilation succeeded/,
  broken: /^\s*Build (?:FAILED\.|failed )|^Compilation failed: /,
})

function of(grade: string | undefined, rule: string | undefined, message: string | undefined, where: Where) {
  return remarkOf({ tool, rule, severity: gradeOf(grades, grade), message, ...where })
}
