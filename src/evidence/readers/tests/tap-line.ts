/** A line of the Test Anything Protocol that means something, as `ok 3 - name # SKIP why`. */
export interface TapPoint {
  ok: boolean
  name: string
  directive: 'skip' | 'todo' | undefined
  /** What follows the directive. */
  reason: string
  /** The tests of this point follow in braces. */
  opens: boolean
  /** Milliseconds, where the producer says `# time=40ms`. */
  ms: number | undefined
}

const pointLine = /^(not )?ok\b(?:\s+\d+)?\s*(?:-\s*)?(.*)$/
const directive = /(?:^|[^\\])#\s*(skip\S*|todo\b):?\s*(.*)$/i
const time = /(?:^|\s)#\s*time=([\d.]+)(ms|s)?\s*$/

/** Reads a test point, or undefined when the line is none. The line comes without its indentation. */
export function readPoint(line: string): TapPoint | undefined {
  const match = pointLine.exec(line)
  if (!match) return undefined
  let text = (match[2] ?? '').trimEnd()
  const opens = /(?:^|\s)\{$/.test(text)
  if (opens) text = text.slice(0, -1).trimEnd()
  const timed = time.exec(text)
  if (timed) text = text.slice(0, timed.index).trimEnd()
  const said = directive.exec(text)
  const name = said ? text.slice(0, said.index + (said[0].startsWith('#') ? 0 : 1)) : text
  return {
    ok: match[1] === undefined,
    name: withoutDash(name.replace(/\\([#\\])/g, '$1')),
    directive: said === null ? undefined : /^skip/i.test(said[1] ?? '') ? 'skip' : 'todo',
    reason: said?.[2] ?? '',
    opens,
    ms: timed ? milliseconds(timed[1], timed[2] === 's' ? 1000 : 1) : undefined,
  }
}

/** `ok 4 - # SKIP why` has no name. */
function withoutDash(name: string): string {
  const text = name.trimEnd()
  return text.endsWith('-') ? text.slice(0, -1).trimEnd() : text
}

/** `1..5 # why`: how many tests there are and, for `1..0`, why none. */
export function readPlan(line: string): { tests: number; reason: string } | undefined {
  const match = /^1\.\.(\d{1,9})\s*(?:#\s*(.*))?$/.exec(line)
  return match ? { tests: Number(match[1]), reason: (match[2] ?? '').replace(/^skip\S*\s*/i, '') } : undefined
}

/** What the YAML below a test point says of a failure; only the keys that producers share are read. */
export interface TapDetails {
  message?: string
  file?: string
  line?: number
  ms?: number | undefined
  type?: string
  text: string
}

const wanted = /^\s*(message|error|file|line|location|at|duration_ms|type):\s*(.*)$/

/** Reads the lines of a YAML block, without its marks, without a YAML parser: producers' dialects are no valid YAML. */
export function readDetails(lines: readonly string[]): TapDetails {
  const details: TapDetails = { text: lines.join('\n') }
  lines.forEach((line, index) => {
    const match = wanted.exec(line)
    if (!match) return
    const [, key = '', raw = ''] = match
    const value = /^[|>][+-]?$/.test(raw) ? blockBelow(lines, index) : unquoted(raw)
    if (value !== '') take(details, key, value)
  })
  return details
}

function take(details: TapDetails, key: string, value: string): void {
  if (key === 'message') details.message ??= value
  else if (key === 'error') details.message = value
  else if (key === 'file') details.file ??= value
  else if (key === 'type') details.type ??= value
  else if (key === 'line' && /^\d{1,9}$/.test(value)) details.line ??= Number(value)
  else if (key === 'duration_ms') details.ms ??= milliseconds(value)
  else if (key === 'location' || key === 'at') locate(details, value)
}

/** Node: `location: '/path/file.js:8:5'`; Vitest and tape: `at: Test.<anonymous> (/path/file.js:8:5)`. */
function locate(details: TapDetails, value: string): void {
  const match = /^(?:[^(]{0,300}\()?((?:[A-Za-z]:)?[^:()]+):(\d{1,9})(?::\d+)?\)?$/.exec(value)
  if (!match) return
  details.file = match[1] as string
  details.line = Number(match[2])
}

/** The text of a block scalar: the lines below that are indented deeper. */
function blockBelow(lines: readonly string[], index: number): string {
  const indent = (line: string): number => line.length - line.trimStart().length
  const own = indent(lines[index] ?? '')
  const block: string[] = []
  for (const line of lines.slice(index + 1, index + 41)) {
    if (line.trim() !== '' && indent(line) <= own) break
    block.push(line.trim())
  }
  return block.join('\n').trim()
}

function unquoted(value: string): string {
  const text = value.trim()
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'")
  return /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('\\"', '"') : text
}

function milliseconds(text: string | undefined, factor = 1): number | undefined {
  const value = Number(text || NaN) * factor
  return Number.isFinite(value) && value >= 0 ? value : undefined
}
