import type { Finding, TestCase, Waived } from '../evidence/evidence.js'
import { count } from '../base/text.js'
import { listed } from './budget.js'
import type { Section } from './budget.js'
import { detailsOf, failureOf } from './failure.js'
import {
  codeHtml,
  codeSpan,
  escapeText,
  fence,
  foldFoot,
  foldHead,
  indent,
  linked,
  oneLine,
  prose,
} from './markdown.js'
import { placeSpan } from './places.js'
import type { Links } from './places.js'
import { coverageLists } from './sections-coverage.js'
import { failingTests, findingsApart, flakyTests, quarantinedTests } from './view.js'
import type { Judged } from './view.js'
import { nounsOf, testName } from './words.js'

/** How much is shown: items in a list, characters of a message, whether stack traces are shown too. */
export interface Detail {
  items: number
  message: number
  traces: boolean
  /** Findings stand under their file instead of each with its place. */
  byFile: boolean
  links: Links
}

const icons: Record<Judged['status'], string> = {
  fail: '❌ ',
  'no-data': '❔ ',
  warn: '⚠️ ',
  pass: '',
  'not-judged': '',
}
const remarks: Partial<Record<Judged['status'], string>> = {
  pass: ', within the limit',
  'not-judged': ', not judged',
}

/** What a gate judged, in full: the failing tests, findings or files with gaps, and the next thing to do. */
export function judgedSections(part: Judged, detail: Detail): Section[] {
  const { shown, folds } = listsOf(part, detail)
  const next = nextSteps(part)
  const [first, ...rest] = shown
  const hidden = [...folds, ...listFolds(part, detail)]
  if (first) return [{ ...first, ...(next === '' ? {} : { foot: next }) }, ...rest, ...hidden]
  if (next === '') return hidden
  const head = headOf(part, `${part.gate} of ${codeSpan(part.stage)}: ${prose(part.verdicts[0]?.reason ?? '')}`)
  return [{ name: `${part.gate} of ${part.stage}`, head, items: [next], omitted: 0, more: () => '' }, ...hidden]
}

/** The heading of a gate's part: where one verdict is not good, what it says; else `title`. */
function headOf(part: Judged, title: string): string {
  const { gate, status, verdicts } = part
  const [verdict] = verdicts
  return `#### ${icons[status]}${verdict && isSaid(part) ? `${gate} · ${codeSpan(verdict.address, 100)}: ${prose(verdict.reason, 300)}` : title}`
}

/** Whether the heading is what the one verdict says. */
const isSaid = ({ status, verdicts }: Judged): boolean =>
  verdicts.length === 1 && (status === 'fail' || status === 'no-data')

function nextSteps({ verdicts }: Judged): string {
  const mends = [...new Set(verdicts.flatMap(({ mend }) => (mend === undefined ? [] : [mend])))]
  return mends.map((mend) => `> **Next:** ${prose(mend)}`).join('\n\n')
}

/** What is seen at once, and what is folded away. */
interface Lists {
  shown: Section[]
  folds: Section[]
}

function listsOf(part: Judged, detail: Detail): Lists {
  if (part.gate === 'tests') return testSections(part, detail)
  if (part.gate === 'coverage') {
    // Said once: here, or in the heading.
    const said = isSaid(part)
    return coverageLists(part, detail, { said, head: (title) => headOf(part, title) })
  }
  return findingSections(part, detail)
}

function findingSections(part: Judged, detail: Detail): Lists {
  const { open, known, waived, unlisted } = findingsApart(part)
  const itemsOf = (list: readonly Finding[]): Pick<Section, 'items' | 'omitted'> =>
    detail.byFile
      ? byFile(list, detail)
      : listed(list, detail.items, (finding) => findingItem(finding, detail, placeSpan(finding, detail.links)))
  const total = open.length + unlisted
  const [one, many] = nounsOf(part.gate, open)
  const words: [string, string] = known.length > 0 ? [`new ${one}`, `new ${many}`] : [one, many]
  const items = itemsOf(open)
  const shown = { ...section(part, total, words), ...items, omitted: items.omitted + unlisted }
  const old = foldedList(part, [known.length, 'known ', nounsOf(part.gate, known)], itemsOf(known))
  const off = foldedList(part, [waived.length, 'waived ', nounsOf(part.gate, waived)], itemsOf(waived))
  return { shown: total > 0 ? [shown] : [], folds: [...old, ...off] }
}

/** A list under a line that says how many there are of what; nothing where there are none. */
function foldedList(
  { stage }: Judged,
  [total, which, [one, many]]: [total: number, which: '' | 'known ' | 'waived ', nouns: [string, string]],
  items: Pick<Section, 'items' | 'omitted'>,
): Section[] {
  if (total === 0) return []
  const words = count(total, which + one, which + many)
  return [
    {
      name: which + many,
      head: foldHead(`${words} in ${codeHtml(stage, 100)}`),
      ...items,
      more: (left) => `- … and ${left} more`,
      foot: foldFoot,
    },
  ]
}

const toldElsewhere = new Set(['waived findings', 'tests in quarantine'])

/** What gates list by name, such as tests that are no longer there; what is let off is told with places and reasons. */
const listFolds = ({ verdicts, stage }: Judged, { items: max }: Detail): Section[] =>
  verdicts.flatMap(({ lists = [] }) =>
    lists
      .filter(({ name }) => !toldElsewhere.has(name))
      .map(({ name, items, more }) => {
        const { items: texts, omitted } = listed(items, max, (item) => `- ${escapeText(item, 300)}`)
        // Nothing in it can be markup: Markdown is not read there.
        const words = oneLine(name, 100).replaceAll(/[^\p{L}\p{N} .,%:-]/gu, ' ')
        return {
          name: words,
          head: foldHead(
            `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${items.length + more} in ${codeHtml(stage, 100)}`,
          ),
          items: texts,
          omitted: omitted + more,
          more: (left: number) => `- … and ${left} more`,
          foot: foldFoot,
        }
      }),
  )

function section(part: Judged, total: number, [one, many]: [string, string]): Omit<Section, 'items' | 'omitted'> {
  const title = `${count(total, one, many)} in ${codeSpan(part.stage)}${remarks[part.status] ?? ''}`
  return {
    name: many,
    head: headOf(part, title),
    more: (left) => `- … and ${count(left, `more ${one}`, `more ${many}`)}`,
  }
}

function testSections(part: Judged, detail: Detail): Lists {
  const failing = failingTests(part.evidence)
  const flaky = flakyTests(part.evidence)
  const total = failing.list.length + failing.unlisted
  const items = listed(failing.list, detail.items, (test) => testItem(test, detail))
  const head = section(part, total, ['failing test', 'failing tests'])
  const aside = quarantinedTests(part.evidence)
  const quarantined = listed(aside, detail.items, (test) => testItem(test, { ...detail, traces: false }))
  const again = listed(flaky.list, detail.items, (test) => testItem(test, { ...detail, traces: false }))
  return {
    shown: total > 0 ? [{ ...head, ...items, omitted: items.omitted + failing.unlisted }] : [],
    folds: [
      ...foldedList(part, [flaky.list.length + flaky.unlisted, '', ['flaky test', 'flaky tests']], {
        ...again,
        omitted: again.omitted + flaky.unlisted,
      }),
      ...foldedList(part, [aside.length, '', ['test in quarantine', 'tests in quarantine']], quarantined),
    ],
  }
}

function testItem(test: TestCase, { message, traces, links }: Detail): string {
  const place = placeSpan(test, links)
  const { said, more } = failureOf(test)
  const why = prose(said, message)
  const name = `**${escapeText(testName(test), 200) || '(no name)'}**`
  const head = `- ${place === '' ? '' : `${place} `}${name}${why === '' ? '' : `<br>${why}`}${waiverText('in quarantine', test.quarantined)}`
  const details = traces ? detailsOf(test) : undefined
  const text = details ?? more.join('\n')
  if (text === '') return head
  return `${head}\n\n${indent(fence(text, { lines: 40, width: 300, keep: 'head' }))}\n`
}

function findingItem(finding: Finding, { message }: Detail, place: string): string {
  const said = prose(finding.message, message)
  const rule = linked(finding.rule, finding.url, 100)
  // How severe a secret is, scanners do not say.
  const severity = finding.category === 'secrets' ? '' : finding.severity
  const words = [place, severity, rule].filter((word) => word !== '')
  return `- ${words.join(' ')}${said === '' ? '' : `: ${said}`}${waiverText('waived', finding.waived)}`
}

/** Until when something is let off, by whom, and why. */
function waiverText(how: 'waived' | 'in quarantine', waiver: Waived | undefined): string {
  if (!waiver) return ''
  const owner = waiver.owner === undefined ? '' : ` (${escapeText(waiver.owner, 80)})`
  return `<br>${how} until ${escapeText(waiver.until, 20)}${owner}: ${prose(waiver.reason, 300)}`
}

/** Findings of one file stand together, the file with the most severe one first; its name stands above the first. */
function byFile(list: readonly Finding[], detail: Detail): Pick<Section, 'items' | 'omitted'> {
  const files = new Map<string, Finding[]>()
  for (const finding of list) {
    const same = files.get(finding.file ?? '')
    if (same) same.push(finding)
    else files.set(finding.file ?? '', [finding])
  }
  const entries = [...files].flatMap(([file, findings]) =>
    findings.map((finding, i) => ({ file, finding, first: i === 0 })),
  )
  return listed(entries, detail.items, ({ file, finding, first }) => {
    const { line, column } = finding
    const place = line === undefined ? '' : `${line}${column === undefined ? '' : `:${column}`}`
    const span = placeSpan(finding, detail.links, place)
    const name = file === '' ? 'Without a place' : `**${codeSpan(file, 300)}**`
    const named = first && (file !== '' || files.size > 1)
    return `${named ? `\n${name}\n\n` : ''}${findingItem(finding, detail, span)}`
  })
}
