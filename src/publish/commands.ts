import type { Diagnostic } from '../base/diagnostic.js'
import { count, withoutOldMarks } from '../base/text.js'
import type { Annotation } from './annotations.js'

/** GitHub shows so many of each level that a step writes, and drops the rest without a word. */
const maxOfLevel = 10
const maxCommand = 4096

const names: Record<Annotation['level'], string> = { failure: 'error', warning: 'warning', notice: 'notice' }

/**
 * Annotations as commands to a runner, one a line: the first ten of each level. The remark says in a sentence how many
 * are not shown; absent when all are.
 */
export function annotationCommands(annotations: readonly Annotation[]): { commands: string[]; remark?: string } {
  const shown = Object.keys(names).flatMap((level) =>
    annotations.filter((one) => one.level === level).slice(0, maxOfLevel),
  )
  const left = annotations.length - shown.length
  const commands = shown.map(commandOf)
  if (left === 0) return { commands }
  const said = `${count(left, 'more annotation')} not shown: GitHub takes ${maxOfLevel} of each level from a step`
  return { commands, remark: said }
}

function commandOf({
  level,
  path,
  start_line,
  end_line,
  start_column,
  end_column,
  title,
  message,
}: Annotation): string {
  const properties = {
    file: path,
    line: start_line,
    endLine: end_line,
    col: start_column,
    endColumn: end_column,
    title: withoutOldMarks(title),
  }
  const written = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escapeProperty(String(value))}`],
  )
  const head = `::${names[level]} ${written.join(',')}::`
  return head + escapedWithin(withoutOldMarks(message), maxCommand - head.length)
}

/** A command's text as the runner reads it. */
export const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
/** A property's text as the runner reads it. */
export const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** Text escaped and cut to `max` characters, never within a character or an escape. */
function escapedWithin(text: string, max: number): string {
  const whole = escapeData(text)
  if (whole.length <= max) return whole
  let cut = ''
  for (const char of text) {
    const next = escapeData(char)
    if (cut.length + next.length > max - 1) break
    cut += next
  }
  return `${cut}…`
}

/** Mistakes in the user's files as commands, by which a runner shows each at its line; one without a place belongs to the run. */
export const diagnosticCommands = (problems: readonly Diagnostic[]): string[] =>
  problems.map(({ message, hint, place, level, code }) => {
    const at = place && [`file=${escapeProperty(place.file)}`, `line=${place.line}`, `col=${place.column}`]
    const head = `::${level} ${[...(at ?? []), `title=${escapeProperty(code)}`].join(',')}::`
    return (
      head +
      escapedWithin(withoutOldMarks(hint === undefined ? message : `${message}\n${hint}`), maxCommand - head.length)
    )
  })

/** Commands after which a runner masks a value in its log: the whole, and each of its lines that is no trivial one. */
export const maskCommands = (value: string): string =>
  [...new Set([value, ...value.split('\n')].map((part) => part.trim()))]
    .filter((part) => part.length >= 6)
    .map((part) => `::add-mask::${escapeData(part)}\n`)
    .join('')
