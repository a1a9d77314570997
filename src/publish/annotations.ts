import type { Finding, TestCase } from '../evidence/evidence.js'
import type { Outcome } from '../journal/outcome.js'
import { detailsOf, failureText } from './failure.js'
import { cleanText, oneLine } from './markdown.js'
import { repositoryPath } from './places.js'
import { compare, failingTests, findingsApart, judgedParts } from './view.js'
import type { Judged } from './view.js'
import { testName } from './words.js'

/** A remark below a line of a file, within what GitHub takes. */
export interface Annotation {
  path: string
  start_line: number
  end_line: number
  /** From 1; only where it begins and ends on one line. */
  start_column?: number
  end_column?: number
  level: 'failure' | 'warning' | 'notice'
  /** At most 255 characters, in one line. */
  title: string
  /** At most 4,096 characters. */
  message: string
  /** A stack trace, of at most 8,192 characters. */
  details?: string
}

/** More are not read by anybody, and cost a request for every fifty. */
export const annotationLimit = 500

/**
 * Failing tests and the findings that a gate judges, each once: those on lines that the change adds first, then the worst. Only what
 * names a line of a file in the repository is told, of paths that `known` knows, and nothing that a waiver lets off; `left` says how
 * many more than `annotationLimit` there are.
 */
export function annotationsOf(
  outcome: Outcome,
  known: (path: string) => boolean = () => true,
): { annotations: Annotation[]; left: number } {
  const all = judgedParts(outcome).flatMap((part) =>
    part.gate === 'tests' ? testAnnotations(part) : findingAnnotations(part),
  )
  const isAdded = addedBy(outcome)
  const order = new Map(all.map((one) => [one, isAdded(one) ? 0 : 1]))
  const placed = all
    .filter(({ path }) => known(path))
    .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0) || byWeight(a, b))
  const unique = new Map<string, Annotation>()
  for (const one of placed) {
    const key = JSON.stringify([one.path, one.start_line, one.title, one.message])
    if (!unique.has(key)) unique.set(key, one)
  }
  const annotations = [...unique.values()].slice(0, annotationLimit)
  return { annotations, left: unique.size - annotations.length }
}

/** Whether an annotation stands on a line that the change adds. */
function addedBy({ compared }: Outcome): (one: Annotation) => boolean {
  const added = compared && 'added' in compared.change ? (compared.change.added ?? []) : []
  const byPath = new Map(added.map(({ path, ranges }) => [path, ranges]))
  return ({ path, start_line, end_line }) =>
    byPath.get(path)?.some(([from, to]) => from <= end_line && start_line <= to) ?? false
}

const ranks: Record<Annotation['level'], number> = { failure: 0, warning: 1, notice: 2 }

const byWeight = (a: Annotation, b: Annotation): number =>
  ranks[a.level] - ranks[b.level] || compare(a.path, b.path) || a.start_line - b.start_line

const levels: Record<Finding['severity'], Annotation['level']> = {
  critical: 'failure',
  high: 'failure',
  error: 'failure',
  // Gates count what is not known among the worst.
  unknown: 'failure',
  medium: 'warning',
  warning: 'warning',
  low: 'notice',
  note: 'notice',
}

/** Nothing is a failure that the gate lets pass. */
const levelIn = ({ status }: Judged, level: Annotation['level']): Annotation['level'] =>
  level === 'failure' && status !== 'fail' && status !== 'no-data' ? 'warning' : level

function testAnnotations(part: Judged): Annotation[] {
  return failingTests(part.evidence).list.flatMap((test: TestCase) => {
    const place = placeOf(test)
    if (!place) return []
    const details = textOf(detailsOf(test) ?? '', maxDetails)
    const title = oneLine(testName(test), maxTitle) || 'a test without a name'
    const ended = test.status === 'error' ? 'The test ended in an error.' : 'The test failed.'
    const message = textOf(failureText(test), maxMessage) || ended
    return [{ ...place, level: levelIn(part, 'failure'), title, message, ...(details === '' ? {} : { details }) }]
  })
}

function findingAnnotations(part: Judged): Annotation[] {
  if (part.status === 'not-judged') return []
  const { open, known } = findingsApart(part)
  const isKnown = new Set(known)
  return [...open, ...known].flatMap((finding) => {
    const place = placeOf(finding)
    if (!place) return []
    const { rule, tool, severity } = finding
    const title = oneLine(tool === undefined ? rule : `${rule} (${tool})`, maxTitle) || part.gate
    const message = textOf(finding.message, maxMessage) || title
    return [{ ...place, level: isKnown.has(finding) ? 'notice' : levelIn(part, levels[severity]), title, message }]
  })
}

const maxTitle = 255
const maxMessage = 4096
const maxDetails = 8192
const maxPath = 1000
const maxLine = 2 ** 31 - 1

type Place = Pick<Annotation, 'path' | 'start_line' | 'end_line' | 'start_column' | 'end_column'>
type Told = Pick<Finding, 'file' | 'line' | 'column' | 'end_line' | 'end_column'>

/** Lines and columns from 1, the end never before the start; nothing without a path of the repository and a line. */
function placeOf({ file, line, column, end_line, end_column }: Told): Place | undefined {
  const path = file === undefined ? undefined : repositoryPath(file)
  if (path === undefined || !isShown(path) || !isPosition(line)) return undefined
  const end = isPosition(end_line) && end_line > line ? end_line : line
  const place = { path, start_line: line, end_line: end }
  if (end !== line || !isPosition(column)) return place
  const ends = isPosition(end_column) && end_column >= column
  return { ...place, start_column: column, ...(ends ? { end_column } : {}) }
}

/** A path of characters that people see; other files exist, but no tool of good will names one. */
const isShown = (path: string): boolean => path.length <= maxPath && !/[\n\t]/.test(path) && cleanText(path) === path

const isPosition = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 1 && value <= maxLine

/** Untrusted text in its lines, cleaned and cut. */
function textOf(text: string, max: number): string {
  const clean = cleanText(text.slice(0, max * 2)).trim()
  return clean.length <= max ? clean : `${clean.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
