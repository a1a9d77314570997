import { count } from '../base/text.js'
import type { Outcome, Published, RuleChange, RulesOutcome } from '../journal/outcome.js'
import { listed } from './budget.js'
import type { Section } from './budget.js'
import { codeSpan, escapeText, link, prose, tableHead, tableRow } from './markdown.js'
import { sortedChanges } from './view.js'

/** That a fork's run reported all this, and what that means; nothing where we ran it ourselves. */
export function reportedLine({ reported_by: from }: Outcome): string {
  if (from === undefined) return ''
  const run = link('run', from.url)
  const named = /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(from.repository) ? ` ${codeSpan(from.repository)}` : ''
  return `Reported by a run of the fork${named}${run === '' ? '' : ` (${run})`}. **Nothing in it was verified.**`
}

/** Whose rules judged, in a sentence; nothing where they are the commit's own. */
export function rulesLine({ rules }: Outcome): string {
  const base = baseOf(rules)
  const weaker = weakerText(rules.changes)
  const name = rules.name === null ? 'The base' : codeSpan(rules.name, 80)
  const said: Record<RulesOutcome['of'], string> = {
    own: '',
    base: `Judged by the rules of ${base}${weaker}.`,
    adoption: `${name} has no workflow file yet: this change’s own rules judge.`,
    deleted: `This change removes the workflow file: the rules and steps of ${base} ran${weaker}.`,
    asked: 'Judged by the workflow file as it stands here, because that was asked for.',
  }
  return said[rules.of]
}

/** `main` and its commit, as far as they are known. */
function baseOf({ name, sha }: RulesOutcome): string {
  const commit = sha === null ? '' : codeSpan(sha.slice(0, 7))
  if (name === null) return commit === '' ? 'the base' : commit
  return `${codeSpan(name, 80)}${commit === '' ? '' : ` (${commit})`}`
}

/** Said where nothing can leave it out, however little room there is. */
function weakerText(changes: readonly RuleChange[]): string {
  const weaker = changes.filter(({ effect }) => effect === 'weaker').length
  return weaker === 0 ? '' : `, of which **this change makes ${weaker} weaker** ⬇️`
}

const effects: Record<RuleChange['effect'], string> = {
  weaker: '⬇️ weaker',
  stricter: '⬆️ stricter',
  different: 'other',
}

/** What the change says otherwise than the rules that judged, weaker ones first. */
export function ruleChanges({ rules }: Outcome, max: number): Section {
  const base = rules.name === null ? 'Base' : codeSpan(rules.name, 60)
  const head = tableHead('Stage', 'Rule', base, 'This change', '')
  return {
    name: 'changed rules',
    head: `**This change alters the rules**; they count after the merge.\n\n${head}`,
    ...listed(sortedChanges(rules), max, ({ stage, what, base, change, effect }) =>
      // What concerns all stages names none.
      tableRow(
        stage === '' ? '' : codeSpan(stage, 60),
        codeSpan(what, 80),
        valueText(base),
        valueText(change),
        effects[effect],
      ),
    ),
    more: (left) => tableRow(`… and ${count(left, 'more change')}`, '', '', '', ''),
  }
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
