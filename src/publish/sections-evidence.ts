import type { FileCoverage, Finding, TestCase } from '../evidence/evidence.js'
import { count } from '../base/text.js'
import { listed } from './budget.js'
import type { Section } from './budget.js'
import { detailsOf, failureOf } from './failure.js'
import { codeSpan, escapeText, fence, indent, linked, prose, tableHead, tableRow } from './markdown.js'
import { placeSpan } from './places.js'
import type { Links } from './places.js'
import { failingTests, findingsOf, flakyTests, uncovered } from './view.js'
import type { Judged } from './view.js'
import { nounsOf, rangesText, shareText, testName } from './words.js'

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
  const lists = listsOf(part, detail)
  const next = nextSteps(part)
  const [first, ...rest] = lists
  if (first) return [{ ...first, ...(next === '' ? {} : { foot: next }) }, ...rest]
  if (next === '') return []
  const head = headOf(part, `${part.gate} of ${codeSpan(part.stage)}: ${prose(part.verdicts[0]?.reason ?? '')}`)
  return [{ name: `${part.gate} of ${part.stage}`, head, items: [next], omitted: 0, more: () => '' }]
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

function listsOf(part: Judged, detail: Detail): Section[] {
  if (part.gate === 'tests') return testSections(part, detail)
  if (part.gate === 'coverage') return coverageSections(part, detail)
  const { list, unlisted } = findingsOf(part.evidence, part.gate)
  const total = list.length + unlisted
  if (total === 0) return []
  const items = detail.byFile
    ? byFile(list, detail)
    : listed(list, detail.items, (finding) => findingItem(finding, detail, placeSpan(finding, detail.links)))
  return [{ ...section(part, total, nounsOf(part.gate, list)), ...items, omitted: items.omitted + unlisted }]
}

function section(part: Judged, total: number, [one, many]: [string, string]): Omit<Section, 'items' | 'omitted'> {
  const title = `${count(total, one, many)} in ${codeSpan(part.stage)}${remarks[part.status] ?? ''}`
  return {
    name: many,
    head: headOf(part, title),
    more: (left) => `- … and ${count(left, `more ${one}`, `more ${many}`)}`,
  }
}

function testSections(part: Judged, detail: Detail): Section[] {
  const failing = failingTests(part.evidence)
  const flaky = flakyTests(part.evidence)
  const sections: Section[] = []
  if (failing.list.length + failing.unlisted > 0) {
    const total = failing.list.length + failing.unlisted
    const items = listed(failing.list, detail.items, (test) => testItem(test, detail))
    const head = section(part, total, ['failing test', 'failing tests'])
    sections.push({ ...head, ...items, omitted: items.omitted + failing.unlisted })
  }
  if (flaky.list.length + flaky.unlisted > 0) {
    const total = flaky.list.length + flaky.unlisted
    const items = listed(flaky.list, detail.items, (test) => testItem(test, { ...detail, traces: false }))
    const head = section({ ...part, status: 'warn' }, total, ['flaky test', 'flaky tests'])
    sections.push({ ...head, ...items, omitted: items.omitted + flaky.unlisted })
  }
  return sections
}

function testItem(test: TestCase, { message, traces, links }: Detail): string {
  const place = placeSpan(test, links)
  const { said, more } = failureOf(test)
  const why = prose(said, message)
  const name = `**${escapeText(testName(test), 200) || '(no name)'}**`
  const head = `- ${place === '' ? '' : `${place} `}${name}${why === '' ? '' : `<br>${why}`}`
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
  return `- ${words.join(' ')}${said === '' ? '' : `: ${said}`}`
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

const maxRanges = 12

function coverageSections(part: Judged, { items: max, links }: Detail): Section[] {
  const files = uncovered(part.evidence)
  if (files.length === 0) return []
  const title = headOf(part, `Files with the most uncovered lines in ${codeSpan(part.stage)}`)
  const columns = {
    // Said once: here, or in the heading.
    [isSaid(part) ? 'File with the most uncovered lines' : 'File']: (file: FileCoverage) =>
      placeSpan({ file: file.path }, links),
    'Lines:': (file: FileCoverage) => shareText(file.lines_covered, file.lines_valid),
    'Branches:': (file: FileCoverage) => shareText(file.branches_covered, file.branches_valid),
    'Not reached': (file: FileCoverage) => rangesText(file.missed_lines ?? [], maxRanges),
  }
  const used = Object.entries(columns).filter(([, cell]) => files.some((file) => cell(file) !== ''))
  const rest = used.slice(1).map(() => '')
  return [
    {
      name: 'coverage by file',
      head: `${title}\n\n${tableHead(...used.map(([name]) => name))}`,
      ...listed(files, max, (file) => tableRow(...used.map(([, cell]) => cell(file)))),
      more: (left) => tableRow(`… and ${count(left, 'more file')}`, ...rest),
    },
  ]
}
