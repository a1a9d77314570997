import { lineReader, pathPart, remarkOf, type Where } from './lines.js'

const code = String.raw`([A-Z]{1,10}\d{1,6}|invalid-syntax|unformatted|SyntaxError)`
const concise = new RegExp(String.raw`^${pathPart}:(?:cell \d+:)?(\d+):(\d+): ${code}:? (?:\[\*\] )?(.*)$`)
const title = new RegExp(`^${code}:? (?:\\[[*-]\\] )?(.*)$`)
const arrow = /^\s*--> (.+?):(?:cell \d+:)?(\d+):(\d+)$/
const grouped = new RegExp(String.raw`^\s+(?:cell \d+:)?(\d+):(\d+)\s+${code}:? (?:\[\*\] )?(.*)$`)
const unformatted = /^Would reformat: (.+)$/
const tool = 'Ruff'

/** Ruff's text: `concise`, `full` and `grouped` of `ruff check`, and `ruff format --check`. What it prints, it fails for. */
export const ruffText = lineReader({
  format: 'ruff-text',
  recognised: 'its remarks together with `[*]`, `Found 2 errors.`, `All checks passed!` or its arrows `-->`',
  proven: 'Ruff 0.17 (concise, full, grouped, format)',
  tool,
  sign: /^Found \d+ errors?\b|^All checks passed!|: \S+ \[\*\] |: invalid-syntax: |^\s*--> .+:\d+:\d+$|^Would reformat: |^\d+ files? already formatted$/,
  remark(line, heading) {
    const format = unformatted.exec(line)
    if (format) return remark('unformatted', 'would be reformatted', { file: format[1] })
    const placed = concise.exec(line)
    if (placed) return remark(placed[4], placed[5], { file: placed[1], line: placed[2], column: placed[3] })
    const titled = heading === undefined ? null : title.exec(heading)
    const at = titled && arrow.exec(line)
    if (at) return remark(titled[1], titled[2], { file: at[1], line: at[2], column: at[3] })
    const row = heading?.endsWith(':') ? grouped.exec(line) : null
    return row ? remark(row[3], row[4], { file: heading?.slice(0, -1), line: row[1], column: row[2] }) : undefined
  },
  heading: (line) => (title.test(line) || /^\S[^:]*:$/.test(line) ? line : undefined),
  own: /^\s*(?:\d+\s+)?[|+-]|^\s*-{5,}$|^(?:help|note|warning): |^\[\*\] \d+ |^No fixes available|^\d+ hidden fix/,
  claim(line) {
    const found = /^Found (\d+) errors?(?: \(\d+ fixed, (\d+) remaining\))?\.?$/.exec(line)
    if (found) return [{ count: Number(found[2] ?? found[1]) }]
    const files = /^(\d+) files? would be reformatted/.exec(line)
    return files ? [{ count: Number(files[1]) }] : undefined
  },
  clean: /^All checks passed!$|^\d+ files? already formatted$/,
  failed: /^(?:error: |ruff failed)/,
})

function remark(code: string | undefined, message: string | undefined, where: Where) {
  return remarkOf({
    tool,
    rule: code === 'invalid-syntax' ? 'syntax-error' : code,
    severity: 'error',
    message,
    ...where,
  })
}
