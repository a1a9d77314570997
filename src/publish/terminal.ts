import { formatDuration } from '../base/duration.js'
import { count } from '../base/text.js'
import type { Outcome } from '../journal/outcome.js'
import { baselineText, changeFacts, missingText } from './change.js'
import { failureText } from './failure.js'
import { fixesText } from './sections-fixes.js'
import { notPostedSentences, ruleLines, verdictNotices } from './terminal-notices.js'
import { stageLines } from './terminal-stages.js'
import { block, finish, mark, paint, plain, wrap } from './terminal-text.js'
import type { Look } from './terminal-text.js'
import { sentenceOf } from './title.js'
import {
  allSteps,
  failingTests,
  findingsApart,
  flakyTests,
  judgedParts,
  laterFailures,
  notJudged,
  quarantinedTests,
  sortedVerdicts,
  uncovered,
} from './view.js'
import type { Judged, Listing } from './view.js'
import {
  coverageText,
  datalessText,
  figureText,
  nounsOf,
  placeText,
  rangeText,
  shortSha,
  stepWarnings,
  testName,
  verdictWords,
} from './words.js'

const maxItems = 50

/**
 * The end report for a terminal: stages and steps, what gates measured and what to do next, failing tests and findings
 * with file and line, and the verdict last, where it is seen. Nothing in it can move the cursor or command a runner.
 */
export function renderTerminal(outcome: Outcome, look: Look): string {
  const { ungated, dataless } = notJudged(outcome)
  const sections = [
    titled(look, 'stages', stageLines(outcome, look)),
    titled(look, 'gates', gateLines(outcome, look)),
    ...judgedParts(outcome).map((part) => partLines(part, look)),
    titled(look, 'warnings', warningLines(outcome, look)),
    titled(look, 'would fail at a later target', laterLines(outcome, look)),
    titled(
      look,
      'not judged by any gate',
      ungated.map(({ stage, what }) => `  ${plain(stage)}: ${plain(what.join(', '))}`),
    ),
    titled(
      look,
      'not judged',
      dataless.map(
        ({ stage, gates, failed }) =>
          `  ${plain(stage)}: ${plain(gates.join(', '))}: ${datalessText(gates.length, failed)}`,
      ),
    ),
    titled(look, 'changed by --fix', fixedLines(outcome)),
    titled(look, 'fixes', fixesText(outcome) === '' ? [] : sentence(look, plain(fixesText(outcome), 500), 2)),
    titled(
      look,
      'notes',
      outcome.notes.slice(0, maxItems).flatMap((note) => sentence(look, plain(note, 500), 2)),
    ),
    titled(
      look,
      'could not be posted',
      notPostedSentences(outcome).flatMap((said) => sentence(look, said, 2)),
    ),
    titled(look, 'changed rules', ruleLines(outcome, look)),
    verdictLines(outcome, look),
  ]
  const shown = sections.filter((lines) => lines.length > 0)
  return finish(shown.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines])))
}

const titled = (look: Look, title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [paint(look, 'bold', title), ...lines]

const sentence = (look: Look, text: string, indent: number): string[] =>
  wrap(text, look.columns - indent).map((line) => ' '.repeat(indent) + line)

function verdictLines(outcome: Outcome, look: Look): string[] {
  const { context, run, target, verdict, workflow } = outcome
  const sha = shortSha(context)
  const commit = sha === undefined ? [] : [`${plain(sha)}${context.dirty ? ' with uncommitted changes' : ''}`]
  const words = `${plain(workflow.name, 100)} / ${plain(target, 100)} ${verdictWords[verdict]}`
  const line = [paint(look, 'bold', words), ...commit, formatDuration(run.duration_ms)].join(' · ')
  const reason = sentence(look, plain(sentenceOf(outcome)), 2)
  const notices = verdictNotices(outcome).flatMap((said) => sentence(look, said, 2))
  return [`${mark(look, verdict)} ${line}`, ...reason, ...changeLines(outcome, look), ...notices]
}

/** The change against its base in figures, or why there are none. */
function changeLines(outcome: Outcome, look: Look): string[] {
  const { compared } = outcome
  if (!compared) return []
  const facts = changeFacts(outcome)
  const base = baselineText(compared, (text) => plain(text, 80))
  const said = facts.length === 0 ? [] : [`${base === '' ? 'this change' : `against ${base}`}: ${facts.join(', ')}`]
  const missing = missingText(compared)
  return [
    ...said.flatMap((text) => sentence(look, text, 2)),
    ...(missing === '' ? [] : sentence(look, plain(missing, 500), 2).map((text) => paint(look, 'grey', text))),
  ]
}

function gateLines(outcome: Outcome, look: Look): string[] {
  const verdicts = sortedVerdicts(outcome)
  const width = Math.min(40, Math.max(0, ...verdicts.map(({ gate, address }) => gate.length + address.length + 4)))
  return verdicts.flatMap((verdict) => {
    const { gate, address, status, reason, figures, mend } = verdict
    const name = `${gate} of ${plain(address)}`.padEnd(width)
    const measured = figures.map((figure) => plain(figureText(figure), 200)).join(', ')
    const first =
      `  ${mark(look, status)} ${name}  ${status === 'pass' && figures.length > 0 ? measured : plain(reason)}`.trimEnd()
    if (status === 'pass') return [first]
    const more = [
      ...(measured === '' ? [] : sentence(look, measured, 6).map((line) => paint(look, 'grey', line))),
      ...(mend === undefined ? [] : sentence(look, `next: ${plain(mend)}`, 6)),
    ]
    return [first, ...more]
  })
}

/** What a gate found fault with, one by one. */
function partLines(part: Judged, look: Look): string[] {
  if (part.status === 'pass' || part.status === 'not-judged') return []
  if (part.gate === 'tests')
    return [
      ...spaced(testLines(part, failingTests(part.evidence), look, 'failing tests')),
      ...spaced(testLines(part, flakyTests(part.evidence), look, 'flaky tests')),
      ...spaced(testLines(part, { list: quarantinedTests(part.evidence), unlisted: 0 }, look, 'tests in quarantine')),
    ].slice(1)
  if (part.gate === 'coverage') {
    const files = part.status === 'fail' ? uncovered(part.evidence) : []
    const lines = files.slice(0, 10).map((file) => `  ${plain(file.path)}  ${coverageText(file)}`)
    const left = files.length - lines.length
    const title = `files with the most uncovered lines, of ${part.stage}`
    const whole = titled(look, plain(title), left > 0 ? [...lines, `  … and ${count(left, 'more file')}`] : lines)
    return [...spaced(patchLines(part, look)), ...spaced(whole)].slice(1)
  }
  return findingLines(part, look)
}

const spaced = (lines: readonly string[]): string[] => (lines.length > 0 ? ['', ...lines] : [])

function testLines(
  part: Judged,
  { list, unlisted }: Listing<Parameters<typeof testName>[0]>,
  look: Look,
  what: string,
) {
  const lines = list.slice(0, maxItems).flatMap((test) => {
    const place = plain(placeText(test), 500)
    const head = `  ${place === '' ? '' : `${place}  `}${paint(look, 'bold', plain(testName(test), 300))}`
    return [head, ...block(failureText(test), 7, look.columns - 6).map((line) => `      ${line}`)]
  })
  return titled(look, `${what} of ${plain(part.stage)}`, [...lines, ...more(list.length + unlisted)])
}

const more = (total: number): string[] =>
  total > maxItems ? [`  … and ${total - maxItems} more; summary.md lists them`] : []

/** The lines of the change that no test reaches, the file with the most of them first. */
function patchLines({ evidence, stage }: Judged, look: Look): string[] {
  const files = evidence.flatMap((one) => (one.kind === 'coverage' ? (one.patch?.files ?? []) : []))
  const lines = files.slice(0, 10).map(({ path, missed }) => {
    const ranges = missed.slice(0, 12).map(rangeText)
    return `  ${plain(path)}  ${ranges.join(', ')}${missed.length > ranges.length ? ', …' : ''}`
  })
  const left = files.length - lines.length
  const more = left > 0 ? [`  … and ${count(left, 'more file')}`] : []
  return titled(look, plain(`lines of this change that no test reaches, of ${stage}`), [...lines, ...more])
}

function findingLines(part: Judged, look: Look): string[] {
  const { open: list, known, waived, unlisted } = findingsApart(part)
  const lines = list.slice(0, maxItems).flatMap((finding) => {
    const place = plain(placeText(finding), 500)
    const bad = finding.severity === 'critical' || finding.severity === 'high' || finding.severity === 'error'
    const severity = finding.category === 'secrets' ? [] : [paint(look, bad ? 'red' : 'yellow', finding.severity)]
    const words = [...severity, plain(finding.rule, 100)]
    const head = [...(place === '' ? [] : [place]), ...words].join('  ')
    return [`  ${head}`, ...block(finding.message, 3, look.columns - 6).map((line) => `      ${line}`)]
  })
  const [, many] = nounsOf(part.gate, list)
  const aside = [
    ...(known.length > 0 ? [`${known.length} known`] : []),
    ...(waived.length > 0 ? [`${waived.length} waived`] : []),
  ]
  const quiet = aside.length > 0 ? [paint(look, 'grey', `  besides ${aside.join(' and ')}; summary.md lists them`)] : []
  const title = `${known.length > 0 ? 'new ' : ''}${many} of ${plain(part.stage)}`
  const all = list.length + unlisted
  return titled(look, all > 0 ? title : `${many} of ${plain(part.stage)}`, [...lines, ...more(all), ...quiet])
}

function warningLines(outcome: Outcome, look: Look): string[] {
  const all = allSteps(outcome).flatMap(({ step }) =>
    stepWarnings(step).flatMap((said) => sentence(look, `${plain(step.address)}: ${plain(said, 500)}`, 2)),
  )
  return all.length > maxItems ? [...all.slice(0, maxItems), `  … and ${all.length - maxItems} more lines`] : all
}

const laterLines = (outcome: Outcome, look: Look): string[] =>
  laterFailures(outcome)
    .slice(0, maxItems)
    .flatMap(({ target, gate, address, reason }) =>
      sentence(look, `${plain(target)}: ${gate} of ${plain(address)}, ${plain(reason)}`, 2),
    )

const fixedLines = (outcome: Outcome): string[] =>
  outcome.fixed.slice(0, maxItems).flatMap(({ step, files }) => {
    const shown = files.slice(0, 20).map((file) => `    ${plain(file)}`)
    const left = files.length - shown.length
    return [`  ${plain(step)}`, ...shown, ...(left > 0 ? [`    … and ${count(left, 'more file')}`] : [])]
  })
