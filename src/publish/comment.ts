import type { Outcome } from '../journal/outcome.js'
import { characters, fit, piece } from './budget.js'
import type { Section } from './budget.js'
import { folded, prose } from './markdown.js'
import { commentMarker } from './marker.js'
import { judgedSections } from './sections-evidence.js'
import type { Detail } from './sections-evidence.js'
import {
  failedSteps,
  gateTable,
  headline,
  otherFailures,
  remarks,
  reproduction,
  stageTable,
  warnings,
} from './sections-run.js'
import { judgedParts } from './view.js'
import type { Judged } from './view.js'

/** GitHub takes 65,536 characters of a comment; a margin stays for what the service adds. */
export const commentLimit = 60_000

const detail: Detail = { items: 15, message: 300, traces: false, byFile: false }
const open = new Set<Judged['status']>(['fail', 'no-data', 'warn'])

/**
 * The comment on a pull request: a hidden marker, the verdict, the gates, and what failed with file and line; all else
 * is folded away. At most `max` characters (2,000 or more), failures first; what was left out is said.
 */
export function renderComment(outcome: Outcome, max = commentLimit): string {
  const marker = commentMarker(outcome.workflow)
  const head = `${marker}\n### ${headline(outcome)}`
  const parts = judgedParts(outcome)
  const reason = outcome.verdict === 'pass' ? '' : prose(outcome.reason, 500)
  const main: Section[] = [
    piece('the reason', reason),
    gateTable(outcome, 30),
    failedSteps(outcome, 10, 15),
    otherFailures(outcome, 10),
    ...parts.filter(({ status }) => open.has(status)).flatMap((part) => judgedSections(part, limited(part))),
    warnings(outcome, 10),
  ]
  const shown = fit(main, characters(max - head.length - foldRoom))
  const room = max - head.length - shown.length - '\n\n'.length * 2 - fold('').length
  const rest: Section[] = [
    ...remarks(outcome, 20),
    ...parts
      .filter((part) => !open.has(part.status) && part.gate !== 'coverage')
      .flatMap((part) => judgedSections(part, detail)),
    stageTable(outcome, 40),
    reproduction(outcome),
  ]
  const details = fold(fit(rest, characters(room)))
  return `${[head, shown, details].filter((part) => part !== '').join('\n\n')}\n`
}

/** The table of files with gaps is an answer to a gate that failed, and long: the first few say where to begin. */
const limited = ({ gate }: Judged): Detail => (gate === 'coverage' ? { ...detail, items: 5 } : detail)

const foldRoom = 600
const fold = (body: string): string => folded('Details', body)
