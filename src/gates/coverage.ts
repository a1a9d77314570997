import type { CoverageEvidence, Evidence } from '../evidence/evidence.js'
import type { GateSetting } from '../workflow/model.js'
import { limitText, valueText } from './amount.js'
import type { Gate, Measure } from './gate.js'

const parts = [
  { key: 'lines', valid: 'lines_valid', covered: 'lines_covered' },
  { key: 'branches', valid: 'branches_valid', covered: 'branches_covered' },
] as const

function measureOf(coverage: CoverageEvidence, part: (typeof parts)[number], setting: GateSetting): Measure {
  const whole = coverage[part.valid]
  const value = whole > 0 ? { part: coverage[part.covered], whole } : undefined
  const counts = coverage.rates_only ? '' : ` (${coverage[part.covered]} of ${whole})`
  return {
    key: part.key,
    name: part.key,
    bound: 'least',
    value,
    limit: setting.thresholds[part.key],
    told: true,
    miss: (limit) =>
      `${part.key} ${value ? valueText(value, 'least', limit) : 'no data'} < ${limitText(limit)}${counts}`,
    none: `the coverage reports hold no ${part.key}`,
    mend: value
      ? `test what is not covered yet; the files listed miss the most ${part.key}`
      : `let the coverage tool report ${part.key}`,
  }
}

/** Shares of lines and branches that the tests reach; exact fractions. A report of shares only is judged by its shares. */
export const coverageGate: Gate = {
  name: 'coverage',
  subject: 'a coverage report',
  sees: (evidence: Evidence) => evidence.kind === 'coverage',
  measure(evidence, setting) {
    const coverage = evidence.find((one): one is CoverageEvidence => one.kind === 'coverage')
    const measures = coverage ? parts.map((part) => measureOf(coverage, part, setting)) : []
    const measured = measures.filter(({ value }) => value !== undefined)
    if (measured.length === 0) {
      const mend = 'look whether the coverage tool saw the sources: its report is there, but holds no lines'
      return { measures, told: [], passed: '', empty: { reason: 'the coverage reports hold no lines', mend } }
    }
    const shares = measured.map(({ key, value }) => `${key} ${value === undefined ? '' : valueText(value, 'least')}`)
    return { measures, told: [], passed: shares.join(', ') }
  },
}
