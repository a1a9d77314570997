import { formatShare } from '../base/share.js'
import { count, truncate } from '../base/text.js'
import type {
  BenchmarksEvidence,
  CoverageEvidence,
  Evidence,
  FindingsEvidence,
  Problem,
  ReadReport,
  TestCase,
  TestsEvidence,
} from '../evidence/evidence.js'
import type { PatchCoverage } from '../evidence/patch.js'
import { groupsOf } from '../gates/suites.js'
import { finish, plain as clean } from '../publish/terminal-text.js'

/** What `wf report` found out. */
export interface Answer {
  files: readonly ReadReport[]
  merged: readonly { evidence: Evidence; problems: readonly Problem[] }[] | undefined
  patch: PatchCoverage | undefined
}

const shown = 20

/** The answer for people: totals first, then what failed with its place; text of reports is cleaned of control characters. */
export function renderReports({ files, merged, patch }: Answer, columns: number): string {
  const width = Math.max(60, columns)
  const lines: string[] = []
  for (const file of files) {
    const what = file.format ?? 'not read'
    lines.push(
      `${clean(file.path)}  (${what})`,
      ...problemLines(file.problems),
      ...evidenceLines(file.evidence, width),
      '',
    )
  }
  for (const { evidence } of merged ?? []) lines.push(`merged ${evidence.kind}`, ...evidenceLines(evidence, width), '')
  if (patch) lines.push('patch coverage', ...patchLines(patch), '')
  return finish(lines.slice(0, -1))
}

const problemLines = (problems: readonly Problem[]): string[] =>
  problems.map(
    ({ level, message, line }) => `  ${level}: ${line === undefined ? '' : `line ${line}: `}${clean(message)}`,
  )

/** What evidence holds: its totals, then what is to be looked at. */
export function evidenceLines(evidence: Evidence | null, width: number): string[] {
  if (!evidence) return []
  if (evidence.kind === 'tests') return testLines(evidence, width)
  if (evidence.kind === 'coverage') return coverageLines(evidence)
  return evidence.kind === 'findings' ? findingLines(evidence, width) : benchmarkLines(evidence)
}

function testLines(evidence: TestsEvidence, width: number): string[] {
  const parts = [`${evidence.passed} passed`]
  for (const [n, word] of [
    [evidence.failed, 'failed'],
    [evidence.errors, evidence.errors === 1 ? 'error' : 'errors'],
    [evidence.skipped, 'skipped'],
    [evidence.flaky, 'flaky'],
  ] as const)
    if (n > 0) parts.push(`${n} ${word}`)
  const head = `  ${count(evidence.tests, 'test')} in ${count(evidence.suites, 'suite')}: ${parts.join(', ')} (${evidence.duration_s} s)`
  const bad = evidence.cases.filter(({ status, flaky }) => status === 'failed' || status === 'error' || flaky)
  const all = evidence.failed + evidence.errors + evidence.flaky
  return [
    head,
    ...markerLines(evidence),
    ...bad.slice(0, shown).flatMap((test) => caseLines(test, width)),
    ...more(all - Math.min(bad.length, shown)),
  ]
}

/** How many tests have each marker. */
function markerLines(evidence: TestsEvidence): string[] {
  const markers = [...groupsOf([evidence]).markers].sort(([a], [b]) => (a < b ? -1 : 1))
  if (markers.length === 0) return []
  const some = markers.slice(0, shown).map(([name, { tests }]) => `${clean(name)} ${tests}`)
  return [`  markers: ${some.join(', ')}`, ...more(markers.length - some.length)]
}

function caseLines(test: TestCase, width: number): string[] {
  const label = test.flaky ? 'flaky' : test.status
  // Node's runner calls every class `test`.
  const group = test.classname === 'test' ? test.suite : test.classname
  const owner = group && !test.name.includes(group) ? `${group} > ` : ''
  const place = placeText(test)
  return [
    truncate(`    ${label}: ${clean(owner + test.name)}${place ? `  ${place}` : ''}`, 400),
    ...(test.message ? [truncate(`      ${clean(test.message)}`, width)] : []),
  ]
}

const placeText = ({ file, line }: { file?: string; line?: number }): string =>
  file === undefined ? '' : `${clean(file)}${line === undefined ? '' : `:${line}`}`

const more = (n: number): string[] => (n > 0 ? [`    and ${n} more`] : [])

function coverageLines(evidence: CoverageEvidence): string[] {
  const share = (part: number, whole: number): string =>
    evidence.rates_only ? formatShare({ part, whole }) : `${formatShare({ part, whole })} (${part} of ${whole})`
  const { functions_valid: functions = 0, functions_covered: ran = 0 } = evidence
  const parts = [
    `lines ${share(evidence.lines_covered, evidence.lines_valid)}`,
    ...(evidence.branches_valid > 0 ? [`branches ${share(evidence.branches_covered, evidence.branches_valid)}`] : []),
    ...(functions > 0 ? [`functions ${share(ran, functions)}`] : []),
  ]
  return [`  ${parts.join(', ')} in ${count(evidence.files.length, 'file')}`]
}

function findingLines(evidence: FindingsEvidence, width: number): string[] {
  const all = evidence.findings.length + evidence.findings_omitted
  const graded = Object.entries(evidence.by_severity).map(([severity, n]) => `${n} ${severity}`)
  const hidden = evidence.suppressed > 0 ? `, ${evidence.suppressed} suppressed` : ''
  const head = `  ${count(all, 'finding')} of ${evidence.categories.join(', ')}${graded.length > 0 ? `: ${graded.join(', ')}` : ''}${hidden}`
  const listed = evidence.findings.slice(0, shown).map((finding) => {
    const place = placeText(finding)
    const text = `    ${finding.severity} ${clean(finding.rule)}${place ? `  ${place}` : ''}: ${clean(finding.message)}`
    return truncate(text, Math.max(width, 160))
  })
  return [head, ...listed, ...more(all - listed.length)]
}

const benchmarkLines = ({ benchmarks }: BenchmarksEvidence): string[] => [
  `  ${count(benchmarks.length, 'benchmark')}`,
  ...benchmarks.slice(0, shown).map(({ name, value, unit, range }) => {
    const spread = range === undefined ? '' : ` (${clean(range)})`
    return `    ${clean(name)}: ${value} ${clean(unit)}${spread}`
  }),
  ...more(benchmarks.length - shown),
]

function patchLines(patch: PatchCoverage): string[] {
  const share = formatShare({ part: patch.lines_covered, whole: patch.lines_valid })
  const missed = patch.files.filter((file) => file.missed_lines.length > 0)
  return [
    `  lines ${share} (${patch.lines_covered} of ${patch.lines_valid}) in ${count(patch.files.length, 'file')}`,
    ...missed
      .slice(0, shown)
      .map(({ path, missed_lines: lines }) => `    ${clean(path)}: not covered ${ranges(lines)}`),
    ...more(missed.length - shown),
  ]
}

/** `3, 7-9` for 3, 7, 8, 9. */
function ranges(lines: readonly number[]): string {
  const parts: [number, number][] = []
  for (const line of lines) {
    const last = parts.at(-1)
    if (last && last[1] === line - 1) last[1] = line
    else parts.push([line, line])
  }
  const text = parts.slice(0, 30).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
  return text.join(', ') + (parts.length > 30 ? ', …' : '')
}
