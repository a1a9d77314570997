import { type Category, categories, type Finding, type FindingsEvidence } from './evidence.js'
import { Fingerprinter } from './fingerprint.js'
import { defaultCaps, Problems, type ReadContext, Truncated } from './reader.js'

const maxListed = 20_000
const maxMessage = 2000

/** A finding as a reader sees it; the category is the report's unless it says otherwise. */
export type Remark = Omit<Finding, 'fingerprint' | 'category'> & { category?: Category }

/** Counts findings by severity, lists a bounded part of them and gives each its fingerprint. */
export class FindingsBuilder {
  private readonly findings: Finding[] = []
  private readonly fingerprints = new Fingerprinter()
  private readonly categories: Set<Category>
  private readonly bySeverity: FindingsEvidence['by_severity'] = {}
  private omitted = 0
  private suppressed = 0

  /** `holds` are the categories that the report can hold, the usual one first. */
  constructor(
    private readonly context: ReadContext,
    private readonly holds: readonly [Category, ...Category[]],
  ) {
    this.categories = new Set(context.category ? [context.category] : holds)
  }

  /** How many were added. */
  get size(): number {
    return this.findings.length + this.omitted
  }

  add(remark: Remark): void {
    const category = this.context.category ?? remark.category ?? this.holds[0]
    this.categories.add(category)
    this.bySeverity[remark.severity] = (this.bySeverity[remark.severity] ?? 0) + 1
    if (this.findings.length >= maxListed) {
      if (++this.omitted > this.context.caps.items) throw new Truncated('it holds more findings than are read')
      return
    }
    const message = remark.message.length > maxMessage ? `${remark.message.slice(0, maxMessage - 1)}…` : remark.message
    this.findings.push({ ...remark, category, message, fingerprint: this.fingerprints.next({ ...remark, message }) })
  }

  /** Counts findings that the tool itself marks as accepted. */
  suppress(count = 0): void {
    this.suppressed += count
  }

  finish(): FindingsEvidence {
    return {
      kind: 'findings',
      categories: categories.filter((category) => this.categories.has(category)),
      findings: this.findings,
      findings_omitted: this.omitted,
      by_severity: this.bySeverity,
      suppressed: this.suppressed,
    }
  }
}

/** A builder of findings that no report tells: git, the event, or the files themselves. */
export const collectedFindings = (category: Category): FindingsBuilder =>
  new FindingsBuilder(
    {
      path: 'git',
      category: undefined,
      suite: undefined,
      silentMeansNone: true,
      caps: defaultCaps,
      problems: new Problems(),
      line: () => 1,
    },
    [category],
  )

/** A place as far as the values are sensible: lines and columns are whole numbers from 1. */
export function placeOf(values: {
  file?: string | undefined
  line?: number | undefined
  column?: number | undefined
  end_line?: number | undefined
  end_column?: number | undefined
}): Pick<Finding, 'file' | 'line' | 'column' | 'end_line' | 'end_column'> {
  const place: Pick<Finding, 'file' | 'line' | 'column' | 'end_line' | 'end_column'> = {}
  if (values.file) place.file = values.file
  for (const key of ['line', 'column', 'end_line', 'end_column'] as const) {
    const value = values[key]
    if (value !== undefined && Number.isSafeInteger(value) && value > 0) place[key] = value
  }
  return place
}
