/**
 * A linter of a few rules, because Node has none and this example installs nothing. It reports as ESLint does with
 * `-f json`; in a repository of yours, write `npx eslint -f json .` instead. `--fix` repairs what can be repaired.
 */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { placeOf, sources } from './sources.js'

const rules = [
  { id: 'no-var', pattern: /\bvar(?=\s)/g, message: 'Use `let` or `const` instead of `var`.', fix: 'let' },
  { id: 'eqeqeq', pattern: /(?<![=!<>])[=!]=(?!=)/g, message: 'Compare with `===` or `!==`.' },
  { id: 'no-console', pattern: /\bconsole\.\w+/g, message: 'A library does not print.' },
  { id: 'no-debugger', pattern: /\bdebugger\b/g, message: 'A breakpoint was left behind.' },
]
const unfinished = {
  id: 'no-warning-comments',
  pattern: /\b(?:TODO|FIXME|XXX)\b/g,
  message: 'Work was left unfinished.',
}

const commentOrText = /(\/\/.*|\/\*[^]*?\*\/)|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g
const blank = (/** @type {string} */ text) => text.replace(/[^\n]/g, ' ')

/**
 * The source twice, at the same offsets: once without comments and texts, once with nothing but comments.
 * @param {string} text
 */
function apart(text) {
  let comments = blank(text)
  const code = text.replace(commentOrText, (match, comment, offset) => {
    if (comment) comments = comments.slice(0, offset) + comment + comments.slice(offset + comment.length)
    return blank(match)
  })
  return { code, comments }
}

/** @param {{ path: string, text: string }} source */
function check({ path, text }) {
  const { code, comments } = apart(text)
  const found = (/** @type {typeof rules[number]} */ rule, /** @type {string} */ where) =>
    [...where.matchAll(rule.pattern)].map((match) => ({ rule, start: match.index ?? 0, length: match[0].length }))
  const remarks = [...rules.flatMap((rule) => found(rule, code)), ...found(unfinished, comments)]
  const messages = remarks
    .sort((a, b) => a.start - b.start)
    .map(({ rule, start, length }) => {
      const { line, column } = placeOf(text, start)
      return {
        ruleId: rule.id,
        severity: 2,
        message: rule.message,
        line,
        column,
        endLine: line,
        endColumn: column + length,
      }
    })
  return { filePath: resolve(path), messages, errorCount: messages.length, warningCount: 0 }
}

/** @param {{ path: string, text: string }} source */
function repair({ path, text }) {
  let repaired = text
  for (const { pattern, fix } of rules) {
    if (!fix) continue
    const places = [...apart(repaired).code.matchAll(pattern)].reverse()
    for (const { index = 0, 0: match } of places)
      repaired = repaired.slice(0, index) + fix + repaired.slice(index + match.length)
  }
  if (repaired !== text) writeFileSync(path, repaired)
}

const files = sources(['src', 'test'], '.js')
if (process.argv.includes('--fix')) files.forEach(repair)
else {
  const results = files.map(check)
  process.stdout.write(`${JSON.stringify(results, null, 2)}\n`)
  process.exitCode = results.some((result) => result.errorCount > 0) ? 1 : 0
}
