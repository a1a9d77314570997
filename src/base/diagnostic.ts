/** One remark about what a user wrote. Lines and columns count from 1; columns are UTF-16 units as editors show them. */
export interface Diagnostic {
  /** A stable, kebab-case name of the rule, for suppressing and linking. */
  code: string
  level: 'error' | 'warning'
  message: string
  /** What to write or do instead. */
  hint?: string
  place?: Place
}

/** Where a remark points to, with the source line itself, so that rendering needs no file. */
export interface Place {
  file: string
  line: number
  column: number
  /** How many characters of the line are underlined; at least 1. */
  length: number
  /** The source line without its line break. */
  source: string
}

/** Builds an error; a warning is one with `level` overridden. */
export const error = (code: string, message: string, more: Partial<Diagnostic> = {}): Diagnostic => ({
  code,
  level: 'error',
  message,
  ...more,
})

/** Renders `file:line:col`, the message, the underlined source line and the hint, as compilers do. */
export function renderDiagnostic(d: Diagnostic): string {
  const { place } = d
  const head = place ? `${place.file}:${place.line}:${place.column}: ` : ''
  const lines = [`${head}${d.level}: ${d.message} [${d.code}]`]
  if (place) {
    const gutter = String(place.line)
    const { text, start, length } = excerpt(place)
    lines.push(`  ${gutter} | ${text}`, `  ${' '.repeat(gutter.length)} | ${' '.repeat(start)}${'~'.repeat(length)}`)
  }
  if (d.hint) lines.push(`  hint: ${d.hint}`)
  return lines.join('\n')
}

const maxExcerpt = 110

/** Cuts a long source line around the marked place, and keeps tabs from moving the squiggle. */
function excerpt(place: Place): { text: string; start: number; length: number } {
  const text = place.source.replaceAll('\t', ' ')
  const start = Math.min(place.column - 1, text.length)
  const from = text.length > maxExcerpt && start > maxExcerpt - 30 ? start - 30 : 0
  const cut = text.slice(from, from + maxExcerpt)
  const lead = from > 0 ? '…' : ''
  const at = start - from + lead.length
  const length = Math.max(1, Math.min(place.length, cut.length + lead.length - at))
  return { text: lead + cut + (from + maxExcerpt < text.length ? '…' : ''), start: at, length }
}

/** Orders remarks by file, line and column, for a stable report. */
export function sortDiagnostics(list: readonly Diagnostic[]): Diagnostic[] {
  const key = (d: Diagnostic): [string, number, number] => [
    d.place?.file ?? '',
    d.place?.line ?? 0,
    d.place?.column ?? 0,
  ]
  return [...list].sort((a, b) => {
    const [fa, la, ca] = key(a)
    const [fb, lb, cb] = key(b)
    return fa === fb ? la - lb || ca - cb : fa < fb ? -1 : 1
  })
}
