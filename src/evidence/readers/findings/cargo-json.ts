import type { Severity } from '../../evidence.js'
import { at, items, number, text } from '../../values.js'
import { lineReader, parsed, remarkOf } from './lines.js'

const grades: Readonly<Record<string, Severity>> = { warning: 'warning', note: 'note', help: 'note' }
const tool = 'cargo'

/** `cargo check` or `cargo clippy` with `--message-format=json`; the same remark for several targets counts once. */
export const cargoJson = lineReader({
  format: 'cargo-json',
  recognised: 'a row of JSON with `reason`: `compiler-message`, `compiler-artifact` and `build-finished`',
  proven: 'Cargo and Clippy 1.95',
  tool,
  jsonLines: true,
  repeats: true,
  sign: /^\{"reason":"(?:compiler-message|compiler-artifact|build-script-executed|build-finished)"/,
  remark: (line) => (line.startsWith('{') ? diagnostic(parsed(line)) : undefined),
  own: /^\{"reason":|^\s+[A-Z][a-z]+ |^(?:warning|error|note|help): |^\s*(?:\||=|-->|\d+ \|)/,
  clean: /^\{"reason":"build-finished","success":true/,
  broken: /^\{"reason":"build-finished","success":false|^error: could not compile /,
  end: /^\{"reason":"build-finished"/,
  failed: /^error: (?!could not compile|aborting )/,
})

function diagnostic(value: unknown) {
  if (at(value, 'reason') !== 'compiler-message') return undefined
  const message = at(value, 'message')
  const level = text(at(message, 'level')) ?? 'error'
  const spans = items(at(message, 'spans')) ?? []
  const words = text(at(message, 'message'))
  const summary = spans.length === 0 && at(message, 'code') == null
  if (level === 'failure-note' || (summary && /^aborting due to |^\d+ warnings? emitted/.test(words ?? '')))
    return undefined
  const place = spans.find((span) => at(span, 'is_primary') === true) ?? spans[0]
  const whole = (key: string): string => String(number(at(place, key)))
  return remarkOf({
    tool,
    rule: text(at(at(message, 'code'), 'code')) ?? level,
    severity: Object.hasOwn(grades, level) ? (grades[level] as Severity) : 'error',
    message: words,
    file: text(at(place, 'file_name')),
    line: whole('line_start'),
    column: whole('column_start'),
    end_line: whole('line_end'),
    end_column: whole('column_end'),
  })
}
