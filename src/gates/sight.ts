import type { Json } from '../base/json.js'
import { addedCoverage } from '../evidence/added.js'
import { categories } from '../evidence/evidence.js'
import type { CoverageEvidence, Evidence, FindingsEvidence, TestsEvidence } from '../evidence/evidence.js'
import { coverageFigures, findingFigures, percent, testFigures } from '../evidence/figures.js'
import type { Figures } from '../evidence/figures.js'
import { isMissing } from '../history/comparison.js'
import { evidenceFields, gateFields } from '../language/scopes.js'
import { LazyMap } from '../workflow/expression/data.js'
import type { Value } from '../workflow/expression/data.js'
import { beforeOf } from './baseline.js'
import type { Scene } from './gate.js'
import { knownAt, withoutFindings } from './sort-findings.js'
import { byTime, waiversOf } from './waivers.js'

/** What an expression sees, and what it read of it. */
export interface Sight {
  contexts: Record<string, () => Value>
  /** By name, in the order in which they were read. */
  read: ReadonlyMap<string, Json>
  missing: readonly { name: string; why: string }[]
}

/** Numbers, or the reason why one is not there. */
type Known = { [name: string]: Json | { none: string } | Known }

/** The contexts of a gate's expression over evidence; names without a value are noted when they are read. */
export function sightOf(evidence: readonly Evidence[], scene: Scene): Sight {
  const read = new Map<string, Json>()
  const missing: { name: string; why: string }[] = []
  const map = (prefix: string, known: () => Known): Value => {
    const all = known()
    const get = (key: string): Value | undefined => {
      const value = Object.hasOwn(all, key) ? all[key] : undefined
      if (value === undefined) return undefined
      const name = `${prefix}.${key}`
      if (typeof value !== 'object' || value === null) {
        read.set(name, value)
        return value
      }
      if (isNone(value)) {
        missing.push({ name, why: value.none })
        return null
      }
      return map(name, () => value as Known)
    }
    return new LazyMap(() => Object.keys(all), get)
  }
  const kinds: Record<string, () => Known> = {
    tests: () => testsOf(evidence),
    coverage: () => coverageOf(evidence, scene),
    findings: () => findingsOf(evidence, scene),
    base: () => baseOf(scene),
    duration: () => ({ seconds: scene.duration_ms / 1000 }),
  }
  const contexts = Object.fromEntries(Object.entries(kinds).map(([name, known]) => [name, () => map(name, known)]))
  return { contexts, read, missing }
}

const isNone = (value: object): value is { none: string } => Object.hasOwn(value, 'none')

/** Every number that is null says why. */
const orNone = (figures: Figures, why: string): Known =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, value ?? { none: why }]))

const none = (names: readonly string[], why: string): Known =>
  Object.fromEntries(names.map((name) => [name, { none: why }]))

function testsOf(evidence: readonly Evidence[]): Known {
  const tests = evidence.find((one): one is TestsEvidence => one.kind === 'tests')
  return tests ? orNone(testFigures(tests), '') : none(evidenceFields.tests, 'no step left a test report')
}

function coverageOf(evidence: readonly Evidence[], scene: Scene): Known {
  const coverage = evidence.find((one): one is CoverageEvidence => one.kind === 'coverage')
  if (!coverage) return none(gateFields.coverage, 'no step left a coverage report')
  const figures = orNone(coverageFigures(coverage), 'the coverage reports do not tell it')
  const functions = percent(coverage.functions_covered ?? 0, coverage.functions_valid ?? 0)
  return {
    ...figures,
    functions: functions ?? { none: 'the coverage reports do not tell it' },
    patch: patchOf(coverage, scene),
    drop: dropOf(coverage, scene),
  }
}

/** Of a change with nothing to cover all is covered. */
function patchOf(coverage: CoverageEvidence, { against: { change } }: Scene): Known[string] {
  if (isMissing(change)) return { none: change.missing }
  const changed = new Set(change.files.flatMap(({ path, lines }) => (lines.length > 0 ? [path] : [])))
  const isBlind = coverage.files.some((file) => changed.has(file.path) && !file.lines && file.lines_valid > 0)
  if (isBlind || (changed.size > 0 && coverage.files.length === 0)) return { none: 'no lines in this format' }
  const { lines_covered, lines_valid } = addedCoverage(coverage, change.files)
  return percent(lines_covered, lines_valid) ?? 100
}

function dropOf(coverage: CoverageEvidence, scene: Scene): Known[string] {
  const before = beforeOf('coverage', 'coverage', scene)
  if ('missing' in before) return { none: before.missing }
  const [first, second] = before.entries
  const [old, now] = [first && percent(...first.entry.lines), percent(coverage.lines_covered, coverage.lines_valid)]
  if (typeof old !== 'number' || now === null || second) return { none: 'the shares of lines cannot be compared' }
  return Math.max(0, old - now)
}

/** What a waiver lets off is told apart; without a base all is new. */
function findingsOf(evidence: readonly Evidence[], scene: Scene): Known {
  const found = evidence.find((one): one is FindingsEvidence => one.kind === 'findings')
  if (!found) return none(gateFields.findings, 'no step left a report of findings')
  const before = new Map(categories.map((category) => [category, knownAt(category, scene)]))
  const waiverOf = waiversOf(byTime(scene.waivers, scene.now).valid)
  const counted = withoutFindings(found, (finding) => waiverOf(finding) !== undefined)
  const fresh = withoutFindings(counted, ({ category, fingerprint }) => {
    const known = before.get(category)
    return known !== undefined && !('missing' in known) && known.has(fingerprint)
  })
  return {
    ...findingFigures(counted),
    new: findingFigures(fresh),
    known: counted.findings.length - fresh.findings.length,
    waived: found.findings.length - counted.findings.length,
  }
}

const baseOf = ({ against: { change, baseline } }: Scene): Known => ({
  known: !isMissing(change),
  measured: !isMissing(baseline),
})
