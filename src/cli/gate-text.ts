import type { Evidence, Problem } from '../evidence/evidence.js'
import type { Verdict } from '../gates/verdict.js'
import { plain } from '../publish/terminal-text.js'
import { figureText } from '../publish/words.js'
import { evidenceLines } from './report-text.js'

/** What `wf gate` found out. */
export interface Answer {
  notes: readonly string[]
  reports: readonly { path: string; format: string | null; problems: readonly Problem[] }[]
  /** What wf itself found, without what a waiver lets off. */
  collected: readonly Evidence[]
  verdicts: readonly Verdict[]
}

/** The verdict for people: its figures, what is behind them, and the next thing to do. */
export function gateText({ notes, reports, collected, verdicts }: Answer, columns: number): string {
  const line = (depth: number, text: string): string => `${'  '.repeat(depth)}${plain(text)}\n`
  return [
    ...notes.map((note) => line(0, note)),
    ...reports.flatMap(({ path, format, problems }) => [
      line(0, `${path} (${format ?? 'not read'})`),
      ...problems.map(({ level, message }) => line(1, `${level}: ${message}`)),
    ]),
    ...collected.flatMap((one) => evidenceLines(one, columns).map((text) => `${text}\n`)),
    ...verdicts.flatMap(({ gate, status, reason, figures, lists = [], mend, later }) => [
      line(0, `${gate}: ${status}: ${reason}`),
      ...figures.map((figure) => line(1, figureText(figure))),
      ...lists.flatMap(({ name, items, more }) => [
        line(1, `${name}:`),
        ...items.map((item) => line(2, item)),
        ...(more > 0 ? [line(2, `and ${more} more`)] : []),
      ]),
      ...later.map(({ target, reason }) => line(1, `not enough for ${target}: ${reason}`)),
      ...(mend === undefined ? [] : [line(1, `next: ${mend}`)]),
    ]),
  ].join('')
}
