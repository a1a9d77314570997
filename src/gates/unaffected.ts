import type { CoverageEvidence, Evidence, TestsEvidence } from '../evidence/evidence.js'
import { notAffected } from '../plan/plan.js'
import type { GateSetting } from '../workflow/model.js'
import type { Unaffected } from './gate.js'
import { groupsOf } from './suites.js'
import { ranOf } from './test-measures.js'
import type { Figure } from './verdict.js'

/** What a gate says that has nothing to judge because stages with reports did not run: `not affected by this change: lib, web`. */
export const unaffectedText = ({ stages }: Unaffected): string => `${notAffected}: ${stages.join(', ')}`

/** A setting without what only stages would have met that the change does not affect, and what is said of it. */
export interface Lenient {
  setting: GateSetting
  told: Figure[]
  remarks: string[]
}

/** Of the tests: suites and markers of which none is there, where such a stage leaves them, and the least number of all. */
export function lenientTests(setting: GateSetting, tests: readonly TestsEvidence[], idle?: Unaffected): Lenient {
  if (!idle) return { setting, told: [], remarks: [] }
  const there = groupsOf(tests)
  const isIdleSuite = (name: string): boolean => idle.suites.has(name) && !ran(there.suites.get(name))
  // Which stage's tests have a marker no file tells.
  const isIdleMarker = (name: string): boolean => !ran(there.markers.get(name))
  const { minimum, ...thresholds } = setting.thresholds
  const required = setting.required?.filter((name) => !isIdleSuite(name))
  const requiredMarkers = setting.requiredMarkers?.filter((name) => !isIdleMarker(name))
  const markers = setting.markers && without(setting.markers, isIdleMarker)
  const left = [
    ...named('suite', [...(setting.required ?? []), ...Object.keys(setting.suites)].filter(isIdleSuite)),
    ...named(
      'marker',
      [...(setting.requiredMarkers ?? []), ...Object.keys(setting.markers ?? {})].filter(isIdleMarker),
    ),
    ...(minimum ? ['minimum'] : []),
  ]
  return {
    setting: {
      ...setting,
      thresholds,
      suites: without(setting.suites, isIdleSuite),
      ...(required ? { required } : {}),
      ...(requiredMarkers ? { requiredMarkers } : {}),
      ...(markers ? { markers } : {}),
    },
    ...saidOf(left, idle),
  }
}

/** Of coverage: suites of which no report is there, where such a stage leaves it, and what the formats of those that are there do not hold. */
export function lenientCoverage(setting: GateSetting, reports: readonly Evidence[], idle?: Unaffected): Lenient {
  if (!idle) return { setting, told: [], remarks: [] }
  const all = reports.filter((one): one is CoverageEvidence => one.kind === 'coverage')
  const isUnknown = (key: string): boolean =>
    (key === 'branches' && all.every((one) => one.branches_valid === 0)) ||
    (key === 'functions' && all.every((one) => (one.functions_valid ?? 0) === 0))
  const isThere = (name: string): boolean => all.some(({ suite }) => suite === name)
  const isIdle = (name: string): boolean => idle.suites.has(name) && !isThere(name)
  const left = [
    ...Object.keys(setting.thresholds).filter(isUnknown),
    ...named('suite', Object.keys(setting.suites).filter(isIdle)),
  ]
  const thresholds = without(setting.thresholds, isUnknown)
  return { setting: { ...setting, thresholds, suites: without(setting.suites, isIdle) }, ...saidOf(left, idle) }
}

const ran = (totals: Parameters<typeof ranOf>[0] | undefined): boolean => totals !== undefined && ranOf(totals) > 0

const without = <T>(all: Readonly<Record<string, T>>, isOut: (name: string) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !isOut(name)))

const named = (what: string, names: readonly string[]): string[] => [...new Set(names)].map((name) => `${what} ${name}`)

function saidOf(left: readonly string[], idle: Unaffected): Pick<Lenient, 'told' | 'remarks'> {
  if (!left.length) return { told: [], remarks: [] }
  const what = left.join(', ')
  const told = { name: 'not judged', value: what, met: true }
  return { told: [told], remarks: [`${what} not judged: ${unaffectedText(idle)}`] }
}
