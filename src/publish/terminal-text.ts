import { stripControls, truncate, withoutCommands } from '../base/text.js'
import type { VerdictStatus } from '../gates/verdict.js'
import type { RunVerdict, Status } from '../journal/outcome.js'

/** How a terminal is written to. */
export interface Look {
  colours: boolean
  columns: number
  /** The folder of the run as the reader can open it; logs are named from it. */
  folder?: string
}

const codes = { red: '31', green: '32', yellow: '33', grey: '90', bold: '1' } as const
export type Colour = keyof typeof codes

/** Text in a colour where colours are wanted. */
export const paint = (look: Look, colour: Colour, text: string): string =>
  look.colours ? `\u001B[${codes[colour]}m${text}\u001B[0m` : text

const signs: Record<RunVerdict | VerdictStatus | Status, [sign: string, colour: Colour]> = {
  pass: ['✓', 'green'],
  success: ['✓', 'green'],
  warn: ['!', 'yellow'],
  judged: ['!', 'yellow'],
  fail: ['✗', 'red'],
  failure: ['✗', 'red'],
  'no-data': ['?', 'yellow'],
  'not-run-here': ['?', 'yellow'],
  skipped: ['-', 'grey'],
  cancelled: ['-', 'yellow'],
}

/** One sign for how something ended. */
export function mark(look: Look, status: keyof typeof signs): string {
  const [sign, colour] = signs[status]
  return paint(look, colour, sign)
}

/** Untrusted text in one line, without controls. */
export const plain = (text: string, max = 2000): string =>
  truncate(
    stripControls(text.slice(0, max * 4))
      .replaceAll(/\s+/g, ' ')
      .trim(),
    max,
  )

/** The first lines of an untrusted text, each as wide as there is room. */
export function block(text: string, lines: number, width: number): string[] {
  const all = stripControls(text.replaceAll(/\r\n?/g, '\n'))
    .split('\n')
    .map((line) => line.replaceAll('\t', '  ').trimEnd())
    .filter((line) => line !== '')
  const shown = all.slice(0, lines).map((line) => truncate(line, Math.max(20, width)))
  return all.length > lines ? [...shown, `… ${all.length - lines} more lines`] : shown
}

/**
 * The lines as one text in which nothing is a command to a runner: `::` is one at the start of a line, `##[` anywhere.
 */
export const finish = (lines: readonly string[]): string => lines.map((line) => `${withoutCommands(line)}\n`).join('')

/** Breaks a sentence into lines at blanks, so that none is wider than the room. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > Math.max(20, width)) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}
