import { count } from '../base/text.js'
import type { Outcome, RunVerdict, Status } from '../journal/outcome.js'
import { bytes, fit, listed, piece } from './budget.js'
import type { Section } from './budget.js'
import { codeSpan, escapeText, link, oneLine } from './markdown.js'
import type { Links } from './places.js'
import { changeLine, missingLine } from './sections-change.js'
import { judgedSections } from './sections-evidence.js'
import type { Detail } from './sections-evidence.js'
import { fixPatches, fixesLine } from './sections-fixes.js'
import { gateTable } from './sections-gates.js'
import { reportedLine, ruleChanges, rulesLine } from './sections-notices.js'
import { failedSteps, otherFailures, remarks, reproduction, stageTable, warnings } from './sections-run.js'
import { maxTitle, titleOf } from './title.js'
import { isOwnRepository, judgedParts } from './view.js'
import { shortSha, statusIcons } from './words.js'

/** GitHub takes 65,535 of each text; counted in bytes, which are never fewer than characters. */
const maxText = 65_000

/** What GitHub shows of a check. */
export interface CheckText {
  name: string
  title: string
  summary: string
}

/** A check that has ended. */
export interface RenderedCheck extends CheckText {
  text: string
  conclusion: 'success' | 'failure' | 'cancelled' | 'neutral'
}

/** The name of a check, which branch rules ask for: `wf / shop / review`. Plain characters, at most 220 of them. */
export function checkName(workflow: { name: string }, target: string): string {
  return ['wf', nameOf(workflow.name), nameOf(target)].join(' / ')
}

const nameOf = (text: string): string => oneLine(text.replaceAll(/[^\p{L}\p{M}\p{N}\s ._,:;+=()[\]/-]/gu, '-'), 100)

const conclusions: Record<RunVerdict, RenderedCheck['conclusion']> = {
  pass: 'success',
  warn: 'success',
  fail: 'failure',
  'no-data': 'failure',
  cancelled: 'cancelled',
}

/**
 * The check of a run that has ended: what came of it in one line, the gates and what failed as its summary, the rest as
 * its text. What a fork's run reported is never a success, since nobody verified it.
 */
export function renderCheck(outcome: Outcome, links: Links = {}): RenderedCheck {
  const { workflow, target, verdict, context, reported_by: reported } = outcome
  const conclusion = conclusions[verdict]
  const own = reported !== undefined && isOwnRepository(reported, context)
  const from = reported === undefined ? '' : own ? 'reported, not verified: ' : 'reported by a fork: '
  return {
    name: checkName(workflow, target),
    title: oneLine(from + titleOf(outcome), maxTitle),
    summary: summaryOf(outcome, links),
    text: textOf(outcome, links),
    conclusion: reported !== undefined && conclusion === 'success' ? 'neutral' : conclusion,
  }
}

function summaryOf(outcome: Outcome, links: Links): string {
  const sections: Section[] = [
    piece('who reported it', reportedLine(outcome)),
    piece(
      'whose rules judged',
      [rulesLine(outcome), commitLine(outcome, links)].filter((part) => part !== '').join(' '),
    ),
    changeLine(outcome),
    gateTable(outcome, 100),
    fixesLine(outcome),
    ruleChanges(outcome, 50),
    failedSteps(outcome, 20),
    otherFailures(outcome, 50),
    missingLine(outcome),
  ]
  return fit(sections, bytes(maxText)) || 'Nothing was judged.'
}

function commitLine({ context }: Outcome, links: Links): string {
  const sha = shortSha(context)
  const log = link('log', links.run)
  const parts = [...(sha === undefined ? [] : [`Commit ${codeSpan(sha)}`]), ...(log === '' ? [] : [log])]
  return parts.length > 0 ? `${parts.join(', ')}.` : ''
}

function textOf(outcome: Outcome, links: Links): string {
  const detail: Detail = { items: 50, message: 500, traces: false, byFile: false, links }
  const sections: Section[] = [
    ...judgedParts(outcome).flatMap((part) => judgedSections(part, detail)),
    warnings(outcome, 50),
    ...remarks(outcome, 50, () => false),
    stageTable(outcome, 100),
    ...fixPatches(outcome, 15_000),
    reproduction(outcome),
  ]
  return fit(sections, bytes(maxText))
}

/** A run as far as it has come. A stage without a status has not ended. */
export interface Progress {
  workflow: { name: string }
  target: string
  stages: readonly { id: string; name?: string; status?: Status }[]
}

/** The check while its run goes on: `2 of 5 stages`, and how each of them ended. */
export function renderProgress({ workflow, target, stages }: Progress): CheckText {
  const done = stages.filter(({ status }) => status !== undefined).length
  const list: Section = {
    name: 'stages',
    head: '',
    ...listed(stages, 200, ({ id, name, status }) => {
      const said = name === undefined ? '' : ` ${escapeText(name, 80)}`
      return `- ${status === undefined ? '⏳' : statusIcons[status]} ${codeSpan(id, 100)}${said}`
    }),
    more: (left) => `- … and ${count(left, 'more stage')}`,
  }
  return {
    name: checkName(workflow, target),
    title: `${done} of ${count(stages.length, 'stage')}`,
    summary: fit([list], bytes(maxText)) || 'There are no stages.',
  }
}
