import { formatDuration } from '../base/duration.js'
import { count } from '../base/text.js'
import type { Outcome } from '../journal/outcome.js'
import { bytes, fit, listed, piece } from './budget.js'
import type { Section } from './budget.js'
import { codeHtml, codeSpan, fence, folded, prose, tableHead, tableRow } from './markdown.js'
import { changeLine, missingLine, trends } from './sections-change.js'
import { judgedSections } from './sections-evidence.js'
import type { Detail } from './sections-evidence.js'
import { fixPatches, fixesLine } from './sections-fixes.js'
import { gateTable } from './sections-gates.js'
import { reportedLine, ruleChanges, rulesLine } from './sections-notices.js'
import { slowest } from './sections-slow.js'
import {
  failedSteps,
  headline,
  otherFailures,
  remarks,
  reproduction,
  unaffectedLine,
  warnings,
} from './sections-run.js'
import { asParagraph, titleOf } from './title.js'
import { allSteps, judgedParts } from './view.js'
import { backgroundText, isTolerated, statusIcons, statusWords } from './words.js'

/** GitHub drops a job summary of more than 1 MiB; a margin stays for what else the job writes. */
export const summaryLimit = 1_000_000

const detail: Detail = { items: 1000, message: 1000, traces: true, byFile: true, links: {} }

/**
 * The summary of a job: the verdict, the gates, and everything that the evidence holds, failures first. At most `max`
 * bytes (2,000 or more); what was left out is said.
 */
export function renderSummary(outcome: Outcome, max = summaryLimit): string {
  const head = `## ${headline(outcome)}`
  const sections: Section[] = [
    piece('who reported it', reportedLine(outcome)),
    piece('the reason', prose(asParagraph(outcome, titleOf(outcome)), 1000)),
    piece('whose rules judged', rulesLine(outcome)),
    changeLine(outcome),
    gateTable(outcome, 300),
    fixesLine(outcome),
    ruleChanges(outcome, 300),
    failedSteps(outcome, 100),
    otherFailures(outcome, 100),
    missingLine(outcome),
    ...judgedParts(outcome).flatMap((part) => judgedSections(part, detail)),
    warnings(outcome, 200),
    ...fixPatches(outcome, 100_000),
    ...remarks(outcome, 100, ({ effect }) => effect !== 'fixes'),
    trends(outcome),
    slowest(outcome, 10),
    ownSummaries(outcome),
    stepTable(outcome),
    unaffectedLine(outcome),
    reproduction(outcome),
  ]
  return `${head}\n\n${fit(sections, bytes(max - Buffer.byteLength(head) - 3))}\n`
}

/** What steps wrote to `$GITHUB_STEP_SUMMARY`: the Markdown of strangers, shown as its source. */
function ownSummaries(outcome: Outcome): Section {
  const steps = allSteps(outcome).filter(({ step }) => step.summary !== undefined && step.summary.trim() !== '')
  return {
    name: 'what steps wrote',
    head: '#### Written by steps',
    ...listed(steps, 50, ({ step }) => {
      const body = fence(step.summary ?? '', { lines: 200, width: 500, keep: 'head' })
      return folded(codeHtml(step.address), body)
    }),
    between: '\n\n',
    more: (left) => `… and ${count(left, 'more step')}`,
  }
}

function stepTable(outcome: Outcome): Section {
  const steps = allSteps(outcome)
  return {
    name: 'the steps',
    head: `#### Steps\n\n${tableHead('Step', 'Result', 'Time:', 'Reports')}`,
    ...listed(steps, 1000, ({ step }) => {
      const reports = [...new Set(step.reports.map(({ path }) => path))].slice(0, 10).map((path) => codeSpan(path))
      const ended = [statusWords[step.status], backgroundText(step)].filter((part) => part !== undefined).join(', ')
      const told = step.status === 'success' || step.reason === undefined ? ended : step.reason
      const icon = isTolerated(step) ? '⚠️' : statusIcons[step.status]
      const again = step.attempts > 1 ? `, attempt ${step.attempts}` : ''
      const time = step.attempts > 0 ? `${formatDuration(step.duration_ms)}${again}` : ''
      return tableRow(codeSpan(step.address), `${icon} ${prose(told, 200)}`, time, reports.join(', '))
    }),
    more: (left) => tableRow(`… and ${count(left, 'more step')}`, '', '', ''),
  }
}
