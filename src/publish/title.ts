import { count } from '../base/text.js'
import type { Verdict } from '../gates/verdict.js'
import { noneAffected, nothingAffected } from '../journal/conclude.js'
import type { Outcome } from '../journal/outcome.js'
import { oneLine } from './markdown.js'
import { allSteps, sortedVerdicts } from './view.js'
import { alteration, verdictWords } from './words.js'

/** GitHub's limit for the title of a check; whoever writes something before it cuts again. */
export const maxTitle = 255

/**
 * What came of a run in one line of plain text, at most 255 characters: `1 of 11 tests failed, lint: 1 issue`, or
 * `all gates pass`.
 */
export const titleOf = (outcome: Outcome): string => oneLine(wordsOf(outcome), maxTitle)

/** The same below a headline that already says the verdict: nothing where it adds nothing to that. */
export function sentenceOf(outcome: Outcome): string {
  const title = titleOf(outcome)
  const words = verdictWords[outcome.verdict]
  const isGood = outcome.verdict === 'pass' && !nothingAffected(outcome.stages)
  return isGood || title === words || title === `the run ${words}` ? '' : title
}

/** A sentence of ours as it begins a paragraph; a name at its start stays as it is written. */
export function asParagraph({ stages }: Outcome, sentence: string): string {
  const word = /^[a-z]+(?=[\s:,])/.exec(sentence)?.[0]
  if (word === undefined || stages.some(({ id }) => id === word)) return sentence
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function wordsOf(outcome: Outcome): string {
  const { verdict, verdicts, reason } = outcome
  const also = weakening(outcome)
  if (verdict === 'pass' && nothingAffected(outcome.stages)) return noneAffected + also
  if (verdict === 'pass')
    return (verdicts.length > 0 ? 'all gates pass' : 'all steps passed; there was nothing to judge') + also
  if (verdict === 'warn') return ['passed with warnings', ...gatesThat(outcome, 'warn')].join(': ') + also
  const parts =
    verdict === 'fail'
      ? [...gatesThat(outcome, 'fail'), ...failedSteps(outcome)]
      : verdict === 'no-data'
        ? gatesThat(outcome, 'no-data')
        : []
  return parts.length > 0 ? joined(parts) : reason
}

/** A green check must not hide that the change lowers the bar that judges it after the merge. */
function weakening({ rules }: Outcome): string {
  if (rules.of === 'deleted') return '; removes the workflow file'
  const { icon, does } = alteration(rules.of === 'base' ? rules.changes : [])
  return icon ? `; ${does}` : ''
}

/** As many whole parts as there is room for, at least one. */
function joined(parts: readonly string[]): string {
  let text = parts[0] ?? ''
  for (const [at, part] of parts.entries()) {
    if (at === 0) continue
    if (text.length + part.length > maxTitle - 40) return `${text} and ${parts.length - at} more`
    text += `, ${part}`
  }
  return text
}

/** What each gate of a status found; the stage is named where one gate says it of several. */
function gatesThat(outcome: Outcome, status: Verdict['status']): string[] {
  const list = sortedVerdicts(outcome).filter((verdict) => verdict.status === status)
  const times = new Map<string, number>()
  for (const { gate } of list) times.set(gate, (times.get(gate) ?? 0) + 1)
  const said = list.map(
    (verdict) => `${brief(verdict)}${times.get(verdict.gate) === 1 ? '' : ` in ${verdict.address}`}`,
  )
  return status === 'warn' && said.length > 0 ? [said.join(', ')] : said
}

/** A gate's reason without what its threshold says anyway: `lint: 1 issue`, `lines 48.5% < 50%`, `lint: stage quality was removed`. */
function brief({ gate, reason, status, figures }: Verdict): string {
  const short = reason
    .split('; ')
    .filter((part) => !/^the rules of .+ judge it$/.test(part))
    .map((part) => part.replace(/, \d+ allowed$/, '').replace(/ \(\d+ of \d+\)$/, ''))
    .join(' and ')
    .replaceAll('`', '')
  // What measured nothing does not say by itself what it is about.
  const bare = gate === 'lint' || status === 'no-data' || figures.length === 0
  return bare ? `${gate}: ${short.replace(/^the (?=stage )/, '')}` : short
}

function failedSteps(outcome: Outcome): string[] {
  const failed = allSteps(outcome).filter(({ step }) => step.conclusion === 'failure')
  if (failed.length > 2) return [`${count(failed.length, 'step')} failed`]
  return failed.map(({ step }) => `${step.address} failed`)
}
