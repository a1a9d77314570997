/** A line of a TOML file that gives a key its value, and the table that it stands in. */
export interface TomlLine {
  /** `package` of `[[package]]`, `dependencies.serde` of `[dependencies.serde]`. */
  table: string
  /** Which of equal tables it is, from 0. */
  nth: number
  key: string
  value: string
  line: number
}

/** The lines `key = value` of a TOML file, each in its table; an array over several lines is one value. Texts over several lines are passed over. */
export function tomlLines(text: string): TomlLine[] {
  const found: TomlLine[] = []
  let [table, nth] = ['', -1]
  let open: TomlLine | undefined
  let quotes: string | undefined
  text.split(/\r?\n/).forEach((raw, i) => {
    if (quotes !== undefined) {
      if (raw.includes(quotes)) quotes = undefined
      return
    }
    const line = withoutComment(raw)
    if (open) {
      open.value += `\n${line}`
      if (isClosed(open.value)) open = undefined
      return
    }
    const [, name] = /^\s*\[\[?\s*([^[\]]*(?:\[[^\]]*\][^[\]]*)*?)\s*\]\]?$/.exec(line) ?? []
    if (name !== undefined) {
      ;[table, nth] = [name, nth + 1]
      return
    }
    const [, key = '', value = ''] = /^\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=\s*(.*)$/.exec(line) ?? []
    if (key === '') return
    const entry = { table, nth, key: unquoted(key), value, line: i + 1 }
    found.push(entry)
    const [, mark] = /^("""|''')/.exec(value) ?? []
    if (mark !== undefined && !value.slice(3).includes(mark)) quotes = mark
    else if (value.startsWith('[') && !isClosed(value)) open = entry
  })
  return found
}

export const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2')

/** The texts of an array. */
export const textsOf = (value: string): string[] =>
  [...value.matchAll(/"([^"\n]*)"|'([^'\n]*)'/g)].map((m) => m[1] ?? m[2] ?? '')

/** Whether every bracket outside of texts is closed. */
function isClosed(value: string): boolean {
  const marks = value.replaceAll(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/g, '')
  return marks.split('[').length <= marks.split(']').length
}

function withoutComment(line: string): string {
  if (!line.includes('#')) return line.trimEnd()
  const [kept = ''] = /^(?:[^"'#]|"(?:[^"\\]|\\.)*"|'[^']*')*/.exec(line) ?? []
  return (line[kept.length] === '#' ? kept : line).trimEnd()
}
