import { formatDuration } from '../base/duration.js'
import { formatShare } from '../base/share.js'
import type { Share } from '../base/share.js'
import type { EarlierRun, Outcome } from '../journal/outcome.js'
import { piece } from './budget.js'
import type { Section } from './budget.js'
import {
  baselineText,
  changeFacts,
  coverageIn,
  isShare,
  linesBefore,
  linesOf,
  missingText,
  testsBefore,
  testsIn,
} from './change.js'
import { codeSpan, prose, tableHead, tableRow } from './markdown.js'
import { asParagraph } from './title.js'

/** The change against its base in one line of figures, after which commit they are compared with. */
export function changeLine(outcome: Outcome): Section {
  const facts = changeFacts(outcome)
  const base = outcome.compared ? baselineText(outcome.compared, (text) => codeSpan(text, 80)) : ''
  const said = facts.map((fact) => fact.replace(/^(.+?) (?=\d)/, '$1 **').replace(/(\*\*[\d.%]+)/, '$1**'))
  if (said.length === 0) return piece('the change in figures', '')
  return piece('the change in figures', `${base === '' ? 'This change' : `Against ${base}`}: ${said.join(' · ')}`)
}

/** One quiet line: why there is nothing to compare with. */
export function missingLine(outcome: Outcome): Section {
  const text = outcome.compared ? missingText(outcome.compared) : ''
  return piece('what it is compared with', text === '' ? '' : `<sub>${prose(asParagraph(outcome, text), 500)}.</sub>`)
}

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** Numbers as a small chart of one line, the least one lowest; all in the middle where they are equal. */
export function chart(values: readonly number[]): string {
  const least = Math.min(...values)
  const range = Math.max(...values) - least
  const height = (value: number): number => (range > 0 ? Math.round(((value - least) / range) * (bars.length - 1)) : 3)
  return values.map((value) => bars[height(value)] ?? '').join('')
}

/** A series from the oldest run to this one, and how its values are said. */
interface Series {
  name: string
  values: number[]
  said: (value: number) => string
  now: string
}

/** Fewer are no trend. */
const fewest = 3
const most = 20

/** How coverage, tests and times went over earlier runs of the same stages; nothing where too few are known. */
export function trends(outcome: Outcome): Section {
  const runs = (outcome.compared?.earlier ?? []).slice(0, most).reverse()
  const rows = [coverageSeries(outcome, runs), testsSeries(outcome, runs), timeSeries(outcome, runs)]
    .filter(({ values }) => values.length >= fewest && values.every((value) => Number.isFinite(value)))
    .map(({ name, values, said, now }) => {
      const [least, greatest] = [said(Math.min(...values)), said(Math.max(...values))]
      const range = least === greatest ? least : `${least} – ${greatest}`
      return tableRow(name, chart(values), now, range, String(values.length - 1))
    })
  return {
    name: 'the trend',
    head: `#### Trend\n\n${tableHead('', 'Until now', 'Now:', 'Between:', 'Earlier runs:')}`,
    items: rows,
    omitted: 0,
    more: () => '',
  }
}

const percent = ({ part, whole }: Share): number => (100 * part) / whole

function coverageSeries(outcome: Outcome, runs: readonly EarlierRun[]): Series {
  const now = linesOf(coverageIn(outcome))
  const said = (value: number): string => `${Math.floor(value * 100 + 1e-6) / 100}%`
  const old = runs.flatMap((run) => linesBefore(outcome, run) ?? []).map(percent)
  return {
    name: 'Coverage',
    values: isShare(now) ? [...old, percent(now)] : [],
    said,
    now: isShare(now) ? formatShare(now) : '',
  }
}

function testsSeries(outcome: Outcome, runs: readonly EarlierRun[]): Series {
  const now = testsIn(outcome)
  const values = now > 0 ? [...runs.flatMap((run) => testsBefore(outcome, run) ?? []), now] : []
  return { name: 'Tests', values, said: String, now: String(now) }
}

/** The time of the stages that left evidence: how far a run walks differs between branches. */
function timeSeries({ evidence, stages }: Outcome, runs: readonly EarlierRun[]): Series {
  const measured = evidence.map(({ stage }) => stage)
  const timeOf = (list: readonly { id: string; duration_ms: number }[]): number | undefined => {
    const times = measured.map((id) => list.find((one) => one.id === id)?.duration_ms)
    return times.includes(undefined) ? undefined : times.reduce<number>((all, time) => all + (time ?? 0), 0)
  }
  const old = runs.flatMap(
    (run) => timeOf(run.stages.map(({ stage, duration_ms }) => ({ id: stage, duration_ms }))) ?? [],
  )
  const now = measured.length > 0 ? timeOf(stages) : undefined
  const values = now === undefined ? [] : [...old, now]
  return { name: 'Time of these stages', values, said: formatDuration, now: formatDuration(now ?? 0) }
}
