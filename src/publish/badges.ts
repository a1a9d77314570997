import { compareShares, formatShare } from '../base/share.js'
import type { Outcome, RunVerdict } from '../journal/outcome.js'
import { coverageIn, linesOf, testsIn } from './change.js'
import { stripControls, truncate } from '../base/text.js'

/** A small picture for a README: as shields.io's endpoint asks for it, and drawn. */
export interface Badge {
  /** The name of its files, without what follows the dot. */
  name: 'coverage' | 'tests' | 'verdict'
  json: string
  svg: string
}

const colours = { green: '#2da44e', yellow: '#bf8700', red: '#cf222e', grey: '#6e7781' } as const
type Colour = keyof typeof colours

/** Badges of what a run measured, and always of its verdict. */
export function renderBadges(outcome: Outcome): Badge[] {
  const lines = linesOf(coverageIn(outcome))
  const tests = testsIn(outcome)
  return [
    ...(lines.whole > 0 ? [badge('coverage', 'coverage', formatShare(lines), coverageColour(lines))] : []),
    ...(tests > 0 ? [testsBadge(outcome, tests)] : []),
    badge('verdict', outcome.workflow.name, words[outcome.verdict], verdictColours[outcome.verdict]),
  ]
}

const words: Record<RunVerdict, string> = {
  pass: 'passed',
  warn: 'passed with warnings',
  fail: 'failed',
  'no-data': 'not judged',
  cancelled: 'cancelled',
}
const verdictColours: Record<RunVerdict, Colour> = {
  pass: 'green',
  warn: 'yellow',
  fail: 'red',
  'no-data': 'grey',
  cancelled: 'grey',
}

/** What is good enough is a matter of the gates; the colours only say more or less. */
function coverageColour(lines: { part: number; whole: number }): Colour {
  if (compareShares(lines, { part: 80, whole: 100 }) >= 0) return 'green'
  return compareShares(lines, { part: 50, whole: 100 }) >= 0 ? 'yellow' : 'red'
}

function testsBadge({ evidence }: Outcome, tests: number): Badge {
  const all = evidence.flatMap((one) => one.evidence.flatMap((e) => (e.kind === 'tests' ? [e] : [])))
  const failed = all.reduce((sum, one) => sum + one.failed + one.errors, 0)
  const passed = all.reduce((sum, one) => sum + one.passed, 0)
  if (failed > 0) return badge('tests', 'tests', `${failed} of ${tests} failed`, 'red')
  return badge('tests', 'tests', `${passed} passed`, passed > 0 ? 'green' : 'grey')
}

function badge(name: Badge['name'], label: string, message: string, colour: Colour): Badge {
  const shown = truncate(stripControls(label.slice(0, 1000)).replaceAll(/\s+/g, ' ').trim(), 60) || 'wf'
  const endpoint = { schemaVersion: 1, label: shown, message, color: colours[colour].slice(1) }
  return { name, json: `${JSON.stringify(endpoint, null, 2)}\n`, svg: drawn(shown, message, colours[colour]) }
}

const height = 20
const room = 10

/** Two fields beside each other. The width of the text is set, so that it fits whatever font there is. */
function drawn(label: string, message: string, colour: string): string {
  const [left, right] = [widthOf(label), widthOf(message)]
  const [first, second] = [left + room, right + room]
  const whole = first + second
  const title = escaped(`${label}: ${message}`)
  const text = (said: string, x: number, width: number): string =>
    `<text x="${x}" y="14" textLength="${width}" lengthAdjust="spacingAndGlyphs">${escaped(said)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${whole}" height="${height}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<clipPath id="r"><rect width="${whole}" height="${height}" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${first}" height="${height}" fill="#444c56"/>`,
    `<rect x="${first}" width="${second}" height="${height}" fill="${colour}"/></g>`,
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`,
    text(label, room / 2, left),
    text(message, first + room / 2, right),
    `</g></svg>`,
    '',
  ].join('\n')
}

/** About how wide a text of 11 pixels is; signs beyond Latin are as wide as they are high. */
const widthOf = (text: string): number =>
  Math.ceil(
    Array.from(text).reduce(
      (sum, sign) => sum + (/[ijl.,:;|!' ]/.test(sign) ? 4 : /[mwMW%]/.test(sign) ? 10 : sign > '\u02FF' ? 12 : 6.8),
      0,
    ),
  )

/** Text for XML: no markup, and no character that XML does not have. */
const escaped = (text: string): string =>
  text
    .replaceAll(/\p{Surrogate}|[\uFFFE\uFFFF]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
