import type { Finding, Waived } from '../evidence/evidence.js'
import { count } from '../base/text.js'
import type { Outcome } from '../journal/outcome.js'
import type { Problem, Remark } from './sarif-document.js'
import { repositoryUri } from './places.js'
import { document } from './sarif-document.js'
import { failingRemarks } from './sarif-tests.js'
import { allParts, findingsOf } from './view.js'
import type { Judged } from './view.js'

/** What GitHub takes: a file over one of these is refused whole. */
export const sarifLimits = { runs: 20, results: 25_000 }

const levels: Record<Finding['severity'], Remark['level']> = {
  critical: 'error',
  high: 'error',
  error: 'error',
  medium: 'warning',
  warning: 'warning',
  unknown: 'warning',
  low: 'note',
  note: 'note',
}

/**
 * Findings and failing tests as SARIF 2.1.0: one run a tool, what failed a gate first. What is over GitHub's limits is
 * counted in a notification of its run; tools over the limit of runs share the last one. What a waiver lets off is suppressed, and where
 * findings of the base are known each says whether it is new.
 */
export function renderSarif(outcome: Outcome, limits = sarifLimits): string {
  const tools = new Map<string, Remark[]>()
  const unlisted = new Map<string, number>()
  const add = (tool: string, remarks: Remark[]): void => {
    const same = tools.get(tool) ?? []
    for (const remark of remarks) same.push(remark)
    tools.set(tool, same)
  }
  for (const part of allParts(outcome)) {
    const { remarks, left } = part.gate === 'tests' ? failingRemarks(part) : findingRemarks(part, atBase(outcome, part))
    for (const [tool, list] of remarks) add(tool, list)
    if (left > 0) unlisted.set(part.gate, (unlisted.get(part.gate) ?? 0) + left)
  }
  const runs = shared(tools, limits.runs)
  if (runs.size === 0) runs.set('wf', [])
  const problems: Problem[] = [...unlisted].map(([gate, left]) => ({
    tool: toolOf(runs, gate),
    text: `${count(left, 'more remark')} of the gate ${gate}: counted in the reports, but not listed`,
  }))
  return document(runs, problems, { results: limits.results, fallback: outcome.workflow.path })
}

/** The run that speaks for a gate: the first with a remark of it, else the first of all. */
function toolOf(runs: ReadonlyMap<string, readonly Remark[]>, gate: string): string {
  const names = [...runs.keys()]
  return names.find((name) => runs.get(name)?.some((remark) => remark.gate === gate)) ?? names[0] ?? 'wf'
}

/** Whether the base was looked through for findings of this kind. */
const atBase = ({ compared }: Outcome, { stage, gate }: Judged): boolean =>
  compared !== undefined &&
  'sha' in compared.baseline &&
  compared.earlier?.[0]?.stages.some((one) => one.stage === stage && Object.hasOwn(one.findings ?? {}, gate)) === true

function findingRemarks(part: Judged, isCompared: boolean): { remarks: Map<string, Remark[]>; left: number } {
  const remarks = new Map<string, Remark[]>()
  const { list, unlisted } = findingsOf(part.evidence, part.gate)
  for (const finding of list) {
    const tool = finding.tool ?? `wf ${part.gate}`
    const remark = {
      ...remarkOf(finding, part),
      ...(isCompared || finding.known ? { baseline: stateOf(finding) } : {}),
    }
    const same = remarks.get(tool)
    if (same) same.push(remark)
    else remarks.set(tool, [remark])
  }
  return { remarks, left: unlisted }
}

const stateOf = ({ known }: Finding): 'new' | 'unchanged' => (known ? 'unchanged' : 'new')

function remarkOf(finding: Finding, part: Judged): Remark {
  const { rule, severity, message, file, fingerprint, url, waived } = finding
  return {
    rule,
    gate: part.gate,
    level: levels[severity],
    severity,
    message,
    uri: file === undefined ? undefined : repositoryUri(file),
    region: regionOf(finding),
    fingerprint,
    ...(url === undefined ? {} : { help: url }),
    ...(waived ? { justification: justified(waived) } : {}),
  }
}

/** Why, by whom and until when a finding is let off. */
const justified = ({ reason, owner, until }: Waived): string =>
  `${reason} (${owner === undefined ? '' : `${owner}, `}until ${until})`

/** Lines and columns from 1, the end never before the start. */
function regionOf({ line, column, end_line, end_column }: Finding): Remark['region'] {
  if (line === undefined || line < 1) return undefined
  const startColumn = column !== undefined && column >= 1 ? { startColumn: column } : {}
  if (end_line === undefined || end_line < line) return { startLine: line, ...startColumn }
  const before = end_line === line && column !== undefined && end_column !== undefined && end_column < column
  const endColumn = end_column !== undefined && end_column >= 1 && !before ? { endColumn: end_column } : {}
  return { startLine: line, ...startColumn, endLine: end_line, ...endColumn }
}

/** Tools over the limit of runs share the last one, the tool's name before each rule. */
function shared(tools: ReadonlyMap<string, Remark[]>, max: number): Map<string, Remark[]> {
  if (tools.size <= max) return new Map(tools)
  const all = [...tools]
  const rest = all
    .slice(max - 1)
    .flatMap(([tool, remarks]) => remarks.map((remark) => ({ ...remark, rule: `${tool}/${remark.rule}` })))
  return new Map([...all.slice(0, max - 1), [`wf: ${tools.size - max + 1} further tools`, rest]])
}
