import type { Invocation, Log, ReportingDescriptor, Result, Run, Suppression } from 'sarif'
import { count } from '../base/text.js'
import type { Severity } from '../evidence/evidence.js'
import { cleanText, oneLine } from './markdown.js'
import { repositoryUri } from './places.js'

/** One result on its way into a run of SARIF. */
export interface Remark {
  rule: string
  gate: string
  level: 'error' | 'warning' | 'note'
  severity: Severity
  message: string
  /** Absent: no place in the repository is known. */
  uri: string | undefined
  region: Region | undefined
  fingerprint: string
  help?: string
  /** Why somebody let it off. */
  justification?: string
  /** Whether the base has it too; absent where nothing is known of the base. */
  baseline?: 'new' | 'unchanged'
}
interface Region {
  startLine: number
  startColumn?: number
  endLine?: number
  endColumn?: number
}

/** Something that a run has to say of itself. */
export interface Problem {
  tool: string
  text: string
}

const schema = 'https://json.schemastore.org/sarif-2.1.0.json'
const maxMessage = 2000
const maxName = 250

/** How GitHub ranks a vulnerability that has no score of its own. */
const scores: Partial<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  unknown: '8.0',
}

/**
 * SARIF text of the tools' remarks, errors first, what is let off last, and at most `results` a run. A result without a place points to
 * `fallback` (GitHub refuses a file in which one has none) and says so.
 */
export function document(
  tools: ReadonlyMap<string, readonly Remark[]>,
  problems: readonly Problem[],
  options: { results: number; fallback: string },
): string {
  const runs = [...tools].map(([tool, remarks]) => {
    const texts = problems.filter((problem) => problem.tool === tool).map(({ text }) => text)
    return run(tool, remarks, texts, options)
  })
  const log: Log = { $schema: schema, version: '2.1.0', runs }
  return `${JSON.stringify(log, null, 2)}\n`
}

const ranks: Record<Remark['level'], number> = { error: 0, warning: 1, note: 2 }
const rankOf = ({ level, justification }: Remark): number => (justification === undefined ? ranks[level] : 3)

function run(
  tool: string,
  all: readonly Remark[],
  said: readonly string[],
  { results: max, fallback }: { results: number; fallback: string },
): Run {
  const sorted = [...all].sort((a, b) => rankOf(a) - rankOf(b))
  const shown = sorted.slice(0, max)
  const left = sorted.length - shown.length
  const texts = left > 0 ? [...said, `${count(left, 'more result')} left out: a run holds ${max} at most`] : said
  const rules = new Map<string, { index: number; remark: Remark }>()
  for (const remark of shown) if (!rules.has(remark.rule)) rules.set(remark.rule, { index: rules.size, remark })
  return {
    tool: { driver: { name: oneLine(tool, maxName) || 'unnamed tool', rules: [...rules.values()].map(ruleOf) } },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
    ...(texts.length > 0 ? { invocations: [invocation(texts)] } : {}),
    results: shown.map((remark) => resultOf(remark, rules.get(remark.rule)?.index ?? 0, fallback)),
  }
}

const invocation = (texts: readonly string[]): Invocation => ({
  executionSuccessful: true,
  toolExecutionNotifications: texts.map((text) => ({ level: 'warning', message: { text } })),
})

function ruleOf({ remark: { rule, gate, severity, help } }: { remark: Remark }): ReportingDescriptor {
  const score = gate === 'vulnerabilities' || gate === 'secrets' ? scores[severity] : undefined
  return {
    id: idOf(rule),
    shortDescription: { text: `${idOf(rule)} (${gate})` },
    ...(help !== undefined && /^https?:\/\/[!-~]+$/.test(help) ? { helpUri: help } : {}),
    properties: { tags: [gate], ...(score === undefined ? {} : { 'security-severity': score }) },
  }
}

const idOf = (rule: string): string => oneLine(rule, maxName) || 'unnamed-rule'

function resultOf(remark: Remark, ruleIndex: number, fallback: string): Result {
  const { rule, level, message, uri, region, fingerprint, baseline, justification } = remark
  const text = cleanText(message).trim().slice(0, maxMessage) || idOf(rule)
  const place = uri === undefined ? { uri: repositoryUri(fallback) ?? 'wf.yml' } : { uri }
  return {
    ruleId: idOf(rule),
    ruleIndex,
    level,
    message: { text: uri === undefined ? `${text} (its report names no file of the repository)` : text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { ...place, uriBaseId: '%SRCROOT%' },
          ...(uri === undefined ? { region: { startLine: 1 } } : region === undefined ? {} : { region }),
        },
      },
    ],
    partialFingerprints: { 'wfFingerprint/v1': fingerprint },
    ...(baseline === undefined ? {} : { baselineState: baseline }),
    ...(justification === undefined ? {} : { suppressions: [suppression(justification)] }),
  }
}

/** The workflow's waiver stands outside of the code, and that it is merged is that it is accepted. */
const suppression = (justification: string): Suppression => ({
  kind: 'external',
  status: 'accepted',
  justification: oneLine(justification, maxMessage),
})
