import type { Outcome, RulesOutcome } from '../journal/outcome.js'
import { paint, plain } from './terminal-text.js'
import type { Look } from './terminal-text.js'
import { isOwnRepository, sortedChanges } from './view.js'
import { alteration } from './words.js'

const maxItems = 50

/** Sentences that stand below the verdict: whose rules judged, and that somebody else reported it. */
export function verdictNotices({ rules, reported_by: from, context }: Outcome): string[] {
  if (from === undefined) return rulesSentence(rules)
  const who = isOwnRepository(from, context) ? 'without write rights' : `of the fork ${plain(from.repository, 150)}`
  const says = rulesSentence(rules).map((said) => `it says: ${said}`)
  return [`reported by a run ${who}; nothing in it was verified`, ...says]
}

function rulesSentence(rules: RulesOutcome): string[] {
  const commit = rules.sha === null ? '' : plain(rules.sha.slice(0, 7))
  const name = plain(rules.name ?? '', 100)
  const base = name === '' ? commit || 'the base' : `${name}${commit === '' ? '' : ` (${commit})`}`
  const { does, judge } = alteration(rules.changes)
  const altered = `this change ${does} of ${name || base}; until it is merged the old ${judge}`
  const said: Record<RulesOutcome['of'], string[]> = {
    own: [],
    base: [rules.changes.length > 0 ? altered : `judged by the rules of ${base}`],
    adoption: [`${name || 'the base'} has no workflow file yet: this change's own rules judge`],
    deleted: [`this change removes the workflow file: the rules and steps of ${base} ran`],
    asked: ['judged by the workflow file as it stands here, because that was asked for'],
  }
  return said[rules.of]
}

const signs = { weaker: '↓ weaker', stricter: '↑ stricter', different: '  other' } as const

/** What the change says otherwise than the rules that judged, weaker ones first. */
export function ruleLines({ rules }: Outcome, look: Look): string[] {
  const changes = sortedChanges(rules)
  const lines = changes.slice(0, maxItems).map(({ stage, what, base, change, effect }) => {
    const sign = signs[effect].padEnd(signs.stricter.length)
    const shown = effect === 'weaker' ? paint(look, 'yellow', sign) : sign
    const values = `${plain(base ?? 'none', 200)} → ${plain(change ?? 'none', 200)}`
    const where = [stage, what].map((text) => plain(text, 100)).filter((text) => text !== '')
    return `  ${shown}  ${where.join('  ')}: ${values}`
  })
  const left = changes.length - lines.length
  return left > 0 ? [...lines, `  … and ${left} more`] : lines
}

/** What could not be posted, why, and what mends it. */
export const notPostedSentences = ({ published }: Outcome): string[] =>
  published
    .filter(({ status }) => status === 'failed')
    .slice(0, maxItems)
    .map(({ effect, reason, mend }) => {
      const why = reason === undefined ? '' : `: ${plain(reason, 500)}`
      return `${plain(effect, 100)}${why}${mend === undefined ? '' : `; next: ${plain(mend, 500)}`}`
    })
