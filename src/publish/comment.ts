import type { Outcome } from '../journal/outcome.js'
import { characters, fit } from './budget.js'
import type { Section } from './budget.js'
import { folded, prose } from './markdown.js'
import { commentMarker, runStamp } from './marker.js'
import type { Stamp } from './marker.js'
import type { Links } from './places.js'
import { changeLine, missingLine } from './sections-change.js'
import { patchFold } from './sections-coverage.js'
import { judgedSections } from './sections-evidence.js'
import type { Detail } from './sections-evidence.js'
import { fixPatches, fixesLine } from './sections-fixes.js'
import { gateTable } from './sections-gates.js'
import { reportedLine, ruleChanges, rulesLine, ruleTable } from './sections-notices.js'
import { slowest } from './sections-slow.js'
import { failedSteps, headline, otherFailures, remarks, reproduction, stageTable, warnings } from './sections-run.js'
import { asParagraph, sentenceOf } from './title.js'
import { judgedParts } from './view.js'
import type { Judged } from './view.js'

/** GitHub takes 65,536 characters of a comment; a margin stays for what the service adds. */
export const commentLimit = 60_000

/** How a comment is written. */
export interface CommentOptions {
  /** Characters, 8,000 or more: hostile names fill the head alone with thousands. */
  max?: number
  /** The run that speaks. */
  stamp?: Stamp
  links?: Links
}

const open = new Set<Judged['status']>(['fail', 'no-data', 'warn'])

/**
 * The comment on a pull request: hidden markers, the verdict, whose rules judged, the gates, and what failed with file
 * and line; all else is folded away. Failures stand first; what was left out is said.
 */
export function renderComment(outcome: Outcome, options: CommentOptions = {}): string {
  const { max = commentLimit, links = {} } = options
  const detail: Detail = { items: 10, message: 300, traces: false, byFile: false, links }
  const head = headOf(outcome, options)
  const parts = judgedParts(outcome)
  const changes = ruleTable(outcome, 20)
  const weaker = outcome.rules.changes.some(({ effect }) => effect === 'weaker')
  const gates = gateTable(outcome, 30)
  const main: Section[] = [
    // What is made weaker stands first, so that nothing can crowd it out.
    ...(weaker ? [changes] : []),
    changeLine(outcome),
    ...(weaker ? [{ ...gates, head: `**Gates**\n\n${gates.head}` }] : [gates]),
    fixesLine(outcome),
    failedSteps(outcome, 10),
    otherFailures(outcome, 10),
    ...parts.filter(({ status }) => open.has(status)).flatMap((part) => judgedSections(part, limited(part, detail))),
    ...parts.filter((part) => !open.has(part.status)).flatMap((part) => patchFold(part, detail)),
    warnings(outcome, 10),
    ...(weaker ? [] : [ruleChanges(outcome, 20)]),
    missingLine(outcome),
  ]
  const shown = fit(main, characters(max - head.length - foldRoom))
  const room = max - head.length - shown.length - '\n\n'.length * 2 - fold('').length
  const rest: Section[] = [
    ...remarks(outcome, 20, ({ effect }) => effect === 'check'),
    ...parts
      .filter((part) => !open.has(part.status) && part.gate !== 'coverage')
      .flatMap((part) => judgedSections(part, detail)),
    slowest(outcome, 5, links),
    stageTable(outcome, 40),
    ...fixPatches(outcome, 15_000),
    reproduction(outcome),
  ]
  const details = fold(fit(rest, characters(room)))
  return `${[head, shown, details].filter((part) => part !== '').join('\n\n')}\n`
}

/** What always stands there, however little room there is. */
function headOf(outcome: Outcome, { stamp, links }: CommentOptions): string {
  const markers = [commentMarker(outcome.workflow), ...(stamp ? [runStamp(stamp)] : [])]
  const lines = [...markers, `### ${headline(outcome, links)}`].join('\n')
  const title = prose(asParagraph(outcome, sentenceOf(outcome)), 300)
  return [lines, reportedLine(outcome), title, rulesLine(outcome)].filter((part) => part !== '').join('\n\n')
}

/** The table of files with gaps is an answer to a gate that failed, and long: the first few say where to begin. */
const limited = ({ gate }: Judged, detail: Detail): Detail => (gate === 'coverage' ? { ...detail, items: 5 } : detail)

const foldRoom = 600
const fold = (body: string): string => folded('Details', body)
