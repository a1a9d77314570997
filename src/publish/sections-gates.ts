import { count } from '../base/text.js'
import type { Figure, Verdict } from '../gates/verdict.js'
import type { Outcome } from '../journal/outcome.js'
import { listed } from './budget.js'
import type { Section } from './budget.js'
import { codeSpan, prose, tableHead, tableRow } from './markdown.js'
import { sortedVerdicts } from './view.js'
import { boundText, figureText, verdictIcons } from './words.js'

/**
 * A table of what the gates measured against which limit, the worst first. Of a gate that is not met the figures that
 * decided stand there, of others the first one; the rest of them, and what later targets want, are remarks.
 */
export function gateTable(outcome: Outcome, max: number): Section {
  const isTold = outcome.compared !== undefined && 'sha' in outcome.compared.baseline
  return {
    name: 'gates',
    head: tableHead('Gate', 'Measured:', 'Limit', 'Remarks'),
    ...listed(sortedVerdicts(outcome), max, (verdict) => gateRow(isTold ? withoutTold(verdict) : verdict)),
    more: (left) => tableRow(`… and ${count(left, 'more verdict')}`, '', '', ''),
  }
}

/** Without figures that the line of the change against its base says better. */
const withoutTold = (verdict: Verdict): Verdict => ({
  ...verdict,
  figures: verdict.figures.filter(
    ({ name, threshold }) => threshold !== undefined || !/^(?:patch|added|lines at \w+)$/.test(name),
  ),
})

function gateRow(verdict: Verdict): string {
  const { gate, address, status } = verdict
  const shown = leading(verdict)
  const measured = shown.map(({ name, value, met }) => {
    const figure = prose(value, 60)
    return `${prose(name, 60)} ${met ? figure : `**${figure}**`}`
  })
  const limits = shown.map(({ threshold = '' }) => prose(boundText(threshold), 60))
  const name = `${unbroken(`${verdictIcons[status]} ${gate} · `)}${codeSpan(address, 100)}`
  return tableRow(name, unbroken(measured.join('<br>')), unbroken(limits.join('<br>')), remarksOf(verdict, shown))
}

/** Figures stay in one line, however narrow the column. */
const unbroken = (text: string): string => text.replaceAll(' ', '\u00A0').replaceAll('-', '\u2011')

const maxLeading = 5

/** The figures that decided: those over their limit, else the first that has one. */
function leading({ figures }: Verdict): Figure[] {
  const limited = figures.filter(({ threshold }) => threshold !== undefined)
  const missed = limited.filter(({ met }) => !met)
  if (missed.length > 0) return missed.slice(0, maxLeading)
  return (limited.length > 0 ? limited : figures).slice(0, 1)
}

function figureOf(figure: Figure): string {
  const text = prose(figureText(figure), 120)
  return figure.met ? text : `**${text}**`
}

function remarksOf(verdict: Verdict, shown: readonly Figure[]): string {
  const { status, reason, figures, later } = verdict
  const explained = (status === 'pass' && figures.length > 0) || (status === 'fail' && shown.some(({ met }) => !met))
  const rest = figures.filter((figure) => !shown.includes(figure)).map(figureOf)
  const others = later.map(({ target }) => codeSpan(target, 60))
  const also = status === 'pass' ? 'not yet enough' : 'also not enough'
  return [
    ...(explained ? [] : [prose(reason, 300)]),
    ...(rest.length > 0 ? [rest.join(', ')] : []),
    ...(others.length > 0 ? [`${also} for ${others.join(', ')}`] : []),
  ].join('; ')
}
