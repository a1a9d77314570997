import type { Remark } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { type Claim, gradeOf, lineReader, pathPart, remarkOf, type Where } from './lines.js'

const grades: Readonly<Record<string, Severity>> = {
  'fatal error': 'error',
  error: 'error',
  warning: 'warning',
  note: 'note',
  info: 'note',
  style: 'note',
}
const excerpt = /^\s|^\^|^\d+ \|/
const made = /^In (?:file included|module) |^\S[^:]*: (?:In|At) |^\S[^:]*: (?:Assembler messages|Warning: Assembler)/
const note = /^[^\s:](?:[^:]|:[\\/])*:\d+(?::\d+)?: (?:(?:note|remark): | {2}\S|instantiated from )/

const shell = new RegExp(String.raw`^${pathPart}:(\d+):(\d+): (error|warning|note|info|style): (.*) \[(SC\d{4,5})\]$`)

/** `shellcheck -f gcc`; information and style are notes. */
export const shellcheckGcc = lineReader({
  format: 'shellcheck-gcc',
  recognised: 'lines `file:1:2: warning: message [SC2086]`',
  proven: 'ShellCheck 0.11 (gcc)',
  tool: 'ShellCheck',
  remark(line) {
    const found = shell.exec(line)
    if (!found) return undefined
    const [, file, row, column, word, message, rule] = found
    return remarkOf({ tool: 'ShellCheck', rule, severity: gradeOf(grades, word), message, file, line: row, column })
  },
  failed: /: openBinaryFile: |^Usage: shellcheck|^No files specified/,
})

const located = new RegExp(String.raw`^${pathPart}:(\d+)(?::(\d+))?: (fatal error|error|warning): (.*)$`)
const global =
  /^(?:\S*[\\/])?(cc1\w*|lld(?:-link)?|gcc|g\+\+|cpp|clang|clang\+\+|ld(?:\.\w+)?|collect2|lto\w*|as|f951)(?:-[\d.]+)?: (fatal error|error|warning): (.*)$/
const link = new RegExp(
  String.raw`^(?:\S*[\\/]ld(?:\.\w+)?: )?${pathPart}:(?:(\d+):|\(\.[^)]*\):)? ?(undefined reference to .*|multiple definition of .*)$`,
)

const tidy = new RegExp(String.raw`^${pathPart}:(\d+):(\d+): (error|warning): (.*) \[([a-zA-Z][\w.-]*(?:,[\w.-]+)*)\]$`)

/** clang-tidy's text; its notes belong to the remark above. */
export const clangTidy = lineReader({
  format: 'clang-tidy',
  recognised: 'lines `file:1:2: warning: message [check-name]`',
  proven: 'clang-tidy 23.1',
  tool: 'clang-tidy',
  repeats: true,
  sign: tidy,
  remark(line) {
    const found = tidy.exec(line)
    // A compiler may write between.
    if (!found) return gccRemark(line)
    const [, path, row, column, word, message, checks = ''] = found
    // run-clang-tidy prints its command before, on the same line where the two race.
    const file = path?.startsWith('clang-tidy') ? path.slice(path.lastIndexOf(' ') + 1) : path
    const rule = checks.replace(/,-warnings-as-errors$/, '')
    return remarkOf({ tool: 'clang-tidy', rule, severity: gradeOf(grades, word), message, file, line: row, column })
  },
  goesOn: note,
  own: /^\s|^\d+ (?:warning|error)s?(?: and \d+ errors?)? (?:generated|treated)|^Suppressed \d+ warnings|^Use -(?:header|system)|^\[\d+\/\d+\]|^clang-tidy(?:-\d+)? /,
  failed: /^Error while processing |^Found compiler errors?|^error: |^Error (?:reading|parsing)|^USAGE: clang-tidy/,
})

/** The text of GCC and Clang, of their linkers too; notes belong to the remark above. */
export const gcc = lineReader({
  format: 'gcc',
  recognised: 'lines `file:1:2: warning: message [-Wname]` of GCC or Clang, and those of their linkers',
  proven: 'GCC 12.2 (compiler and linker)',
  tool: 'GCC',
  remark: gccRemark,
  goesOn: note,
  own: new RegExp(
    [
      excerpt,
      made,
      /all warnings being treated as errors$|^compilation terminated\.$|^(?:\S*[\\/])?ld\S*: |^(?:gcc|g\+\+|cc|c\+\+|clang)\S* /,
    ]
      .map(({ source }) => source)
      .join('|'),
  ),
  claim: generated,
  broken: /^make(?:\[\d+\])?: \*\*\* |^ninja: build stopped/,
})

function gccRemark(line: string): Remark | undefined {
  const placed = located.exec(line)
  if (placed) return withOption(placed[4], placed[5], { file: placed[1], line: placed[2], column: placed[3] })
  const whole = global.exec(line)
  if (whole)
    return line.endsWith(': all warnings being treated as errors')
      ? undefined
      : withOption(whole[2], whole[3], { file: undefined }, whole[1])
  const linked = link.exec(line)
  return linked ? withOption('error', linked[3], { file: linked[1], line: linked[2] }, 'ld') : undefined
}

/** Clang counts what it wrote for each file. */
function generated(line: string): Claim[] | undefined {
  if (!line.endsWith(' generated.')) return undefined
  const errors = /\b(\d{1,9}) errors?\b/.exec(line)
  const warnings = /\b(\d{1,9}) warnings?\b/.exec(line)
  return [
    ...(warnings ? [{ count: Number(warnings[1]), of: ['warning'] as const }] : []),
    ...(errors ? [{ count: Number(errors[1]), of: ['error'] as const }] : []),
  ]
}

function withOption(word: string | undefined, text = '', where: Where, program?: string) {
  const option = / \[(-W[\w=+-]+)(?:,-W[\w=+-]+)*\]$/.exec(text)
  const message = option ? text.slice(0, option.index) : text
  const rule = option?.[1]?.replace(/^-Werror=/, '-W') ?? program ?? (word === 'warning' ? 'warning' : 'error')
  // Other compilers write such lines of their own files.
  const tool =
    where.file === undefined ||
    /\.(?:[chsmdfo]|[ch]{2}|[ch](?:pp|xx|\+\+)|[it]pp|inl|mm|cu|f\d\d|ad[bs]|l|y)$/i.test(where.file)
      ? 'GCC'
      : undefined
  return remarkOf({ tool, rule, severity: gradeOf(grades, word), message, ...where })
}
