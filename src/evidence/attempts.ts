import type { Evidence, TestCase, TestsEvidence } from './evidence.js'

/**
 * What all attempts of one step say together: of findings and coverage the last attempt's; of tests every case with its last status,
 * where one that failed first and passed at last is flaky. Each entry is what one attempt left, oldest first.
 */
export function combineAttempts(attempts: readonly (readonly Evidence[])[]): Evidence[] {
  const last = attempts.findLast((list) => list.length) ?? []
  if (attempts.length < 2) return [...last]
  const earlier = attempts
    .slice(0, attempts.lastIndexOf(last))
    .flat()
    .filter((e) => e.kind === 'tests')
  const tests = last.find((e) => e.kind === 'tests')
  if (!earlier.length) return [...last]
  const rest = last.filter((e) => e !== tests)
  return [...[...earlier, ...(tests ? [tests] : [])].reduce<TestsEvidence[]>(laterWins, []), ...rest]
}

/** By what a test is known again in another attempt or run: JSON of its suite, class and name, null for what it has not. */
export const keyOf = (c: Pick<TestCase, 'suite' | 'classname' | 'name'>): string =>
  JSON.stringify([c.suite, c.classname, c.name])
const bad = (c: TestCase): boolean => c.status === 'failed' || c.status === 'error'

function laterWins(before: TestsEvidence[], now: TestsEvidence): TestsEvidence[] {
  const [old] = before
  if (!old) return [now]
  const again = byKey(now.cases)
  const cases: TestCase[] = []
  let unlisted = now.cases_omitted
  for (const c of old.cases) {
    const later = again.get(keyOf(c))?.shift()
    if (later) cases.push(later.status === 'passed' && (bad(c) || c.flaky) ? { ...later, flaky: true } : later)
    else if (unlisted > 0 && bad(c)) {
      // Every case that does not pass is listed, so one that is not listed any more has passed.
      unlisted -= 1
      cases.push({ ...c, status: 'passed', flaky: true })
    } else if (!now.cases_omitted) cases.push(c)
  }
  for (const group of again.values()) for (const c of group) cases.push(c)
  // All that ran before is still there; what neither attempt lists has passed.
  unlisted += Math.max(0, old.tests - cases.length - unlisted)
  const of = (status: TestCase['status']): number => cases.filter((c) => c.status === status).length
  const passed = of('passed') + unlisted
  // Totals by suite are of one report; joined cases have their own suites.
  const { suite_totals, ...rest } = now
  return [
    {
      ...rest,
      tests: passed + of('failed') + of('error') + of('skipped'),
      passed,
      failed: of('failed'),
      errors: of('error'),
      skipped: of('skipped'),
      flaky: cases.filter((c) => c.flaky).length,
      cases,
      cases_omitted: unlisted,
      ...(old.markers_cut ? { markers_cut: true as const } : {}),
    },
  ]
}

/** Cases of one name, in order: the second of a name in one attempt is the second of it in the next. */
function byKey(cases: readonly TestCase[]): Map<string, TestCase[]> {
  const groups = new Map<string, TestCase[]>()
  for (const c of cases) {
    const group = groups.get(keyOf(c))
    if (group) group.push(c)
    else groups.set(keyOf(c), [c])
  }
  return groups
}
