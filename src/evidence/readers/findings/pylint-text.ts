import type { Severity } from '../../evidence.js'
import { lineReader, pathPart, remarkOf, type Where } from './lines.js'

const plain = new RegExp(String.raw`^${pathPart}:(\d+):(\d+): ([CRWEFI]\d{4}): (.*)$`)
const bracketed = new RegExp(
  String.raw`^${pathPart}(?::[\w.]+)?:(\d+): \[([CRWEFI](?:\d{4})?)(?:\(([\w-]+)\))?(?:,[^\]]*)?\] (.*)$`,
)
const msvs = /^(\S.*?)\((\d+)\): \[([CRWEFI]\d{4})\(([\w-]+)\)[^\]]{0,300}\] (.*)$/
const old = /^([CRWEFI]):\s*(\d+),\s*(\d+): (.*)$/
const tool = 'Pylint'

/** Errors and fatal ones are errors, warnings are warnings; conventions, refactorings and information are notes. */
export const pylintGrade = (letter: string | undefined): Severity =>
  letter === 'W' ? 'warning' : letter === 'C' || letter === 'R' || letter === 'I' ? 'note' : 'error'

/** Pylint's text: `text`, `colorized`, `parseable` and `msvs`, and the lines of versions before 2. */
export const pylintText = lineReader({
  format: 'pylint-text',
  recognised: 'lines `file:1:2: C0114: message (symbol)`, or `file:1: [C0114(symbol), object] message`',
  proven: 'Pylint 4.1 (text, parseable, msvs)',
  tool,
  remark(line) {
    const found = plain.exec(line)
    if (found) return named(found[4], found[5], { file: found[1], line: found[2], column: from1(found[3]) })
    const parsed = bracketed.exec(line) ?? msvs.exec(line)
    // Flake8 in Pylint's form has neither symbol nor object, and its codes are of other lengths or letters.
    if (parsed && (parsed[3]?.length === 1 || parsed[4] !== undefined || line.includes(`${parsed[3]},`)))
      return named(parsed[3], parsed[5], { file: parsed[1], line: parsed[2] }, parsed[4])
    const early = old.exec(line)
    return early ? named(early[1], early[4], { file: undefined, line: early[2], column: from1(early[3]) }) : undefined
  },
  own: /^\*{5,} Module |^-{5,}$|^Your code has been rated at /,
  clean: /^Your code has been rated at 10(?:\.0+)?\/10/,
  failed: /^usage: pylint|^pylint: error: /,
})

/** Columns count from 0. */
const from1 = (column: string | undefined): string | undefined => column && String(Number(column) + 1)

function named(id: string | undefined, text = '', where: Where, symbol?: string) {
  const tail = / \(([a-z][\w-]*)\)$/.exec(text)
  const message = tail ? text.slice(0, tail.index) : text
  return remarkOf({ tool, rule: symbol ?? tail?.[1] ?? id, severity: pylintGrade(id?.[0]), message, ...where })
}
