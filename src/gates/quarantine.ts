import { isOver } from '../base/date.js'
import type { MarkedTotals, SuiteTotals, TestCase, TestsEvidence } from '../evidence/evidence.js'
import type { Quarantined } from '../workflow/model.js'

/** Tests without what is in quarantine, and what was set aside. */
export interface SetAside {
  tests: TestsEvidence[]
  /** Tests in quarantine that failed, and those that passed only when run again. */
  aside: TestCase[]
  /** Entries whose time is over: they set nothing aside. */
  expired: Quarantined[]
}

/** A test's name after what it belongs to. */
export const testName = ({ name, classname, suite }: Pick<TestCase, 'name' | 'classname' | 'suite'>): string => {
  const group = classname ?? suite ?? ''
  return group === '' || name.includes(group) ? name : `${group} › ${name}`
}

/** Takes tests in quarantine that failed out of the numbers, and lets those that are flaky count as passed. */
export function setAside(list: readonly TestsEvidence[], entries: readonly Quarantined[], now: number): SetAside {
  const expired = entries.filter(({ until }) => isOver(until, now))
  const names = new Set(entries.filter((one) => !expired.includes(one)).map(({ test }) => bare(test)))
  if (names.size === 0) return { tests: [...list], aside: [], expired }
  const aside: TestCase[] = []
  const isAside = (test: TestCase): boolean =>
    (test.flaky === true || isBad(test)) && namesOf(test).some((name) => names.has(bare(name)))
  const tests = list.map((one) => {
    const found = one.cases.filter(isAside)
    aside.push(...found)
    return found.length > 0 ? reduced(one, new Set(found)) : one
  })
  return { tests, aside, expired }
}

/** The entry that sets a test aside; of several the first. */
export function entryOf(test: TestCase, entries: readonly Quarantined[]): Quarantined | undefined {
  const names = new Set(namesOf(test).map(bare))
  return entries.find((entry) => names.has(bare(entry.test)))
}

const isBad = ({ status }: TestCase): boolean => status === 'failed' || status === 'error'

/** A name as it is compared, however its parts are divided. */
const bare = (name: string): string => name.trim().replaceAll(/ [>›»] /g, ' › ')

/** Every way in which a person may name a test. */
function namesOf({ name, classname, suite }: TestCase): string[] {
  const groups = [classname, suite, [suite, classname].join(' › ')].filter((group) => group !== undefined)
  return [name, ...groups.flatMap((group) => [`${group} › ${name}`, `${group}.${name}`])]
}

function reduced(evidence: TestsEvidence, aside: ReadonlySet<TestCase>): TestsEvidence {
  const totals = evidence.suite_totals?.map(copyOf)
  const less = { ...evidence, ...(totals ? { suite_totals: totals } : {}) }
  const ownerOf = ownersOf(evidence, totals ?? [])
  less.cases = evidence.cases.flatMap((test, i) => {
    if (!aside.has(test)) return [test]
    const counted = [less, ...(ownerOf(test, i) ?? [])]
    if (!isBad(test)) {
      for (const one of counted) one.flaky--
      const { flaky: _, ...rest } = test
      return [rest]
    }
    for (const one of [...counted, ...counted.flatMap((suite) => markedWith(test, suite))]) {
      one.tests--
      one[test.status === 'error' ? 'errors' : 'failed']--
    }
    for (const one of counted.slice(1) as SuiteTotals[]) one.listed--
    return []
  })
  return less
}

const copyOf = (totals: SuiteTotals): SuiteTotals => ({
  ...totals,
  ...(totals.marked ? { marked: totals.marked.map((one) => ({ ...one })) } : {}),
})

/** The numbers of a suite's tests that have the same markers as a test. */
const markedWith = ({ markers = [] }: TestCase, totals: TestsEvidence | SuiteTotals): MarkedTotals[] =>
  'marked' in totals ? (totals.marked ?? []).filter((one) => one.markers.join('\0') === markers.join('\0')) : []

/** The numbers of the suite that a listed test stands in: suites tell how many of their tests are listed, one after the other. */
function ownersOf(
  { cases }: TestsEvidence,
  totals: SuiteTotals[],
): (test: TestCase, index: number) => SuiteTotals[] | undefined {
  const ends: number[] = []
  for (const { listed } of totals) ends.push((ends.at(-1) ?? 0) + listed)
  if (ends.at(-1) !== cases.length) return (test) => totals.filter(({ name }) => name === test.suite).slice(0, 1)
  return (_, index) => {
    const at = ends.findIndex((end) => index < end)
    return totals.slice(at, at + 1)
  }
}
