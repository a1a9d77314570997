import { count } from '../base/text.js'
import type { Outcome, Published, RuleChange, RulesOutcome } from '../journal/outcome.js'
import { listed } from './budget.js'
import type { Section } from './budget.js'
import { codeSpan, escapeText, link, prose, tableHead, tableRow } from './markdown.js'
import { isOwnRepository, sortedChanges } from './view.js'
import { alteration } from './words.js'

/** That a run which may not write reported all this, and what that means; nothing where we ran it ourselves. */
export function reportedLine({ reported_by: from, context }: Outcome): string {
  if (from === undefined) return ''
  const log = link('log', from.url)
  const named = /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(from.repository)
    ? `the fork ${codeSpan(from.repository)}`
    : 'a fork'
  const who = isOwnRepository(from, context) ? 'without write rights' : `of ${named}`
  return `Reported by a run ${who}${log === '' ? '' : ` (${log})`}; nothing in it was verified.`
}

/** Whose rules judged, in a sentence; nothing where they are the commit's own. What another run reported is its word alone. */
export function rulesLine({ rules, reported_by: from }: Outcome): string {
  const name = rules.name === null ? 'The base' : codeSpan(rules.name, 80)
  const base = baseOf(rules)
  const told = from !== undefined
  const said: Record<RulesOutcome['of'], string> = {
    own: '',
    base:
      rules.changes.length > 0
        ? alteredText(rules, told)
        : told
          ? `It says that the rules of ${name} judged.`
          : `Judged by the rules of ${base}.`,
    adoption: told
      ? `It says that ${rules.name === null ? 'the base' : name} has no workflow file yet, and that the change’s own rules judged.`
      : `${name} has no workflow file yet: this change’s own rules judge.`,
    deleted: told
      ? `It says that this change removes the workflow file, and that the rules and steps of ${base} ran.`
      : `This change removes the workflow file: the rules and steps of ${base} ran.`,
    asked: 'Judged by the workflow file as it stands here, because that was asked for.',
  }
  return said[rules.of]
}

/** What is made weaker is said where nothing can leave it out, however little room there is. */
function alteredText(rules: RulesOutcome, told: boolean): string {
  const base = rules.name === null ? baseOf(rules) : codeSpan(rules.name, 80)
  const { icon, does, old, judge } = alteration(rules.changes)
  const sign = icon ? '⚠️ ' : ''
  return told
    ? `${sign}It says that this change ${does} of ${base}, and that the old ${old} judged.`
    : `${sign}This change ${does} of ${base}; until it is merged the old ${judge}.`
}

/** `main` and its commit, as far as they are known. */
function baseOf({ name, sha }: RulesOutcome): string {
  const commit = sha === null ? '' : codeSpan(sha.slice(0, 7))
  if (name === null) return commit === '' ? 'the base' : commit
  return `${codeSpan(name, 80)}${commit === '' ? '' : ` (${commit})`}`
}

const effects: Record<RuleChange['effect'], string> = {
  weaker: '⬇️ weaker',
  stricter: '⬆️ stricter',
  different: 'other',
}

/** A table of what the change says otherwise than the rules that judged, weaker ones first. */
export function ruleTable({ rules }: Outcome, max: number): Section {
  const base = rules.name === null ? 'Base' : codeSpan(rules.name, 60)
  return {
    name: 'changed rules',
    head: tableHead('Stage', 'Rule', base, 'This change', ''),
    ...listed(sortedChanges(rules), max, ({ stage, what, base, change, effect }) =>
      // What concerns all stages names none.
      tableRow(
        stage === '' ? '' : codeSpan(stage, 60),
        what === 'the stage' ? what : codeSpan(what, 80),
        valueText(base),
        valueText(change),
        effects[effect],
      ),
    ),
    more: (left) => tableRow(`… and ${count(left, 'more change')}`, '', '', '', ''),
  }
}

/** The same under a heading of its own. */
export function ruleChanges(outcome: Outcome, max: number): Section {
  const table = ruleTable(outcome, max)
  return { ...table, head: `**Changed rules**\n\n${table.head}` }
}

const valueText = (value: string | null): string => (value === null ? '–' : escapeText(value, 120))

/** What could not be posted, why, and what mends it. */
export const notPosted = ({ published }: Outcome, which: (one: Published) => boolean): string[] =>
  published
    .filter((one) => one.status === 'failed' && which(one))
    .map(({ effect, reason, mend }) => {
      const why = reason === undefined ? '' : `: ${prose(reason, 500)}`
      return `${codeSpan(effect, 60)} could not be posted${why}${mend === undefined ? '' : `. **Next:** ${prose(mend, 500)}`}`
    })
