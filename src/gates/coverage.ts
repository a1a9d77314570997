import { compareShares } from '../base/share.js'
import type { CoverageEvidence, Evidence } from '../evidence/evidence.js'
import { mergeEvidence } from '../evidence/merge.js'
import { asShare } from '../workflow/amount.js'
import type { GateSetting } from '../workflow/model.js'
import { limitText, valueText } from './amount.js'
import { dropMeasure, patchMeasure } from './coverage-change.js'
import { limitAt } from './gate.js'
import type { Gate, Measure } from './gate.js'
import { listing } from './listing.js'
import { lenientCoverage } from './unaffected.js'
import type { Figure, Listing } from './verdict.js'

const parts = [
  { key: 'lines', valid: 'lines_valid', covered: 'lines_covered' },
  { key: 'branches', valid: 'branches_valid', covered: 'branches_covered' },
  { key: 'functions', valid: 'functions_valid', covered: 'functions_covered' },
] as const

function measureOf(
  coverage: CoverageEvidence | undefined,
  part: (typeof parts)[number],
  { thresholds, suite }: { thresholds: GateSetting['thresholds']; suite?: string },
): Measure {
  const [whole, covered] = [coverage?.[part.valid] ?? 0, coverage?.[part.covered] ?? 0]
  const value = whole > 0 ? { part: covered, whole } : undefined
  const counts = coverage?.rates_only ? '' : ` (${covered} of ${whole})`
  const name = suite === undefined ? part.key : `${suite} ${part.key}`
  const of = suite === undefined ? '' : ` of suite ${suite}`
  return {
    key: suite === undefined ? part.key : `suites.${suite}.${part.key}`,
    name,
    bound: 'least',
    value,
    limit: thresholds[part.key],
    told: suite === undefined && part.key !== 'functions',
    miss: (limit) => `${name} ${value ? valueText(value, 'least', limit) : 'no data'} < ${limitText(limit)}${counts}`,
    none: coverage ? `the coverage reports${of} hold no ${part.key}` : `no step left a coverage report${of}`,
    mend: value
      ? `test what is not covered yet; the files listed miss the most ${part.key}`
      : `let the coverage tool report ${part.key}`,
  }
}

/**
 * Shares of lines, branches and functions that the tests reach, and of the lines that the change adds; exact fractions. A report of
 * shares only is judged by its shares. What the tests of a suite reach is judged besides.
 */
export const coverageGate: Gate = {
  name: 'coverage',
  subject: 'a coverage report',
  sees: (evidence: Evidence) => evidence.kind === 'coverage',
  measure(evidence, written, scene) {
    const { setting, told: idle, remarks } = lenientCoverage(written, scene.reports ?? [], scene.unaffected)
    const coverage = evidence.find((one): one is CoverageEvidence => one.kind === 'coverage')
    const own = coverage ? parts.map((part) => measureOf(coverage, part, setting)) : []
    const bySuite = Object.entries(setting.suites).flatMap(([suite, thresholds]) => {
      const found = mergeEvidence((scene.reports ?? []).filter((one) => one.kind === 'coverage' && one.suite === suite))
      const merged = found.find((one): one is CoverageEvidence => one.kind === 'coverage')
      return parts.map((part) => measureOf(merged, part, { thresholds, suite }))
    })
    const measured = own.filter(({ value }) => value !== undefined)
    if (!coverage || measured.length === 0) {
      const mend = 'look whether the coverage tool saw the sources: its report is there, but holds no lines'
      return { measures: own, told: [], passed: '', empty: { reason: 'the coverage reports hold no lines', mend } }
    }
    const compared = [patchMeasure(coverage, setting, scene), dropMeasure(coverage, setting, scene)]
    const gaps = gapsOf(coverage, setting, scene.target)
    const measures = [...own, ...bySuite, ...compared.flatMap((one) => one.measures)]
    const shares = measures
      .filter(({ value, told, limit }) => value !== undefined && (told || limitAt(limit, scene.target) !== undefined))
      .map(({ name, value, bound }) => `${name} ${value === undefined ? '' : valueText(value, bound)}`)
    return {
      measures,
      told: [...idle, ...compared.flatMap(({ told }) => told), ...gaps.told],
      passed: shares.join(', '),
      remarks: [...remarks, ...compared.flatMap((one) => one.remarks)],
      lists: gaps.lists,
    }
  },
}

/** The files of which a smaller share of lines is covered than `files-under` says, the worst first. */
function gapsOf(
  { files }: CoverageEvidence,
  { thresholds }: GateSetting,
  target: string,
): { told: Figure[]; lists: Listing[] } {
  const bar = limitAt(thresholds['files-under'], target)
  if (bar === undefined) return { told: [], lists: [] }
  const under = files
    .filter((file) => file.lines_valid > 0)
    .map((file) => ({ file, share: { part: file.lines_covered, whole: file.lines_valid } }))
    .filter(({ share }) => compareShares(share, asShare(bar)) < 0)
    .sort((a, b) => compareShares(a.share, b.share) || b.share.whole - a.share.whole)
  const name = `files under ${limitText(bar)}`
  const items = under.map(
    ({ file, share }) => `${file.path} ${valueText(share, 'least', bar)} (${share.part} of ${share.whole})`,
  )
  return { told: [{ name, value: String(under.length), met: true }], lists: listing(name, items) }
}
