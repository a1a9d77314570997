import type { FindingsBuilder, Remark } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { ReadContext } from '../../reader.js'
import { items, text } from '../../values.js'

const words: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'high',
  important: 'high',
  moderate: 'medium',
  medium: 'medium',
  low: 'low',
  minor: 'low',
  negligible: 'note',
  info: 'note',
  informational: 'note',
  note: 'note',
  none: 'note',
}

/** A scanner's word for a severity, in any case; a word that is not known is `unknown`, which gates treat as the worst. */
export function gradeOf(value: unknown): Severity {
  const word = (text(value) ?? '').trim().toLowerCase()
  return Object.hasOwn(words, word) ? (words[word] as Severity) : 'unknown'
}

/** CVSS' own steps of its score; what is no score from 0 to 10 is `unknown`. */
export function gradeOfScore(value: unknown): Severity {
  const score = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof score !== 'number' || !(score >= 0 && score <= 10)) return 'unknown'
  if (score === 0) return 'note'
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low'
}

const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'note', 'unknown']

/** The worst of several; `unknown` only where nothing else is said. */
export const worstOf = (grades: readonly Severity[]): Severity =>
  order.find((severity) => grades.includes(severity)) ?? 'unknown'

/** An address that may be shown; anything that is no web address is left out. */
export const linkOf = (url: unknown): { url?: string } => {
  const link = text(url)
  return link && /^https?:\/\/\S+$/.test(link) ? { url: link } : {}
}

/** A path that a tool writes with a leading slash although it means the folder that was scanned. */
export const underRoot = (path: string): string => normalisePath(path).replace(/^\/+/, '')

/** The elements of a list that holds findings; absent or null is empty, and what is no list could hide some. */
export function listed(value: unknown, { problems }: ReadContext): readonly unknown[] {
  if (value !== undefined && value !== null && !items(value))
    problems.error('holds something else where a list of findings stands')
  return items(value) ?? []
}

const firstLine = (value: string): string => {
  const line = value.trim().split('\n', 1)[0] ?? ''
  return line.length > 300 ? `${line.slice(0, 299)}…` : line
}

/** What a scanner says of a package. */
export interface Advisory {
  rule: string | undefined
  severity: Severity
  package: string | undefined
  version: string | undefined
  /** Its first line is shown. */
  title: string | undefined
  fixed?: string | undefined
  url?: unknown
  /** The lock file or manifest, as far as the report names one. */
  file?: string | undefined
  /** Where the package is, if that is no file of the repository. */
  where?: string | undefined
}

/**
 * Adds advisories, one finding an advisory, package and lock file, however often a report repeats it. Graded twice it is
 * two: dropping one could drop the worse.
 */
export class Advisories {
  private readonly seen = new Set<string>()

  constructor(
    private readonly findings: FindingsBuilder,
    private readonly tool: string,
  ) {}

  add(advisory: Advisory): void {
    const { rule = 'vulnerable-package', severity, file, where } = advisory
    const key = JSON.stringify([rule, severity, advisory.package, advisory.version, file, where])
    if (this.seen.has(key)) return
    this.seen.add(key)
    const remark: Remark = {
      rule,
      severity,
      message: messageOf(advisory),
      tool: this.tool,
      ...linkOf(advisory.url),
    }
    if (advisory.package) remark.package = advisory.package
    if (file) remark.file = file
    this.findings.add(remark)
  }
}

function messageOf({ package: name = 'a package', version, title, fixed, where }: Advisory): string {
  const named = `${name}${version ? ` ${version}` : ''}${where ? ` in ${where}` : ''}`
  return `${named}: ${firstLine(title ?? '') || 'a known vulnerability'}${fixed ? ` (fixed in ${fixed})` : ''}`
}
