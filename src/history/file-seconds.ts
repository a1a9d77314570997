import type { TestCase, TestsEvidence } from '../evidence/evidence.js'
import { pathPlacer } from '../evidence/place.js'

/**
 * The seconds that each of some files of tests took, by what a report says of its tests: by their file where it tells it, else by the name
 * of a class or suite that is the path of one, else by a class name that reads like one, as `tests.test_cart.TestCart` and
 * `com.shop.CartTest` do. Files that it does not tell of, and those without times, are left out.
 */
export function fileSeconds(evidence: TestsEvidence, files: readonly string[]): Map<string, number> {
  const fileOf = finderIn(files)
  const seconds = new Map<string, number>()
  for (const { cases, whole } of suitesOf(evidence)) {
    const told = cases.flatMap((test) => {
      const file = test.duration_s === undefined ? undefined : fileOf(test)
      return file === undefined ? [] : [{ file, time: test.duration_s ?? 0 }]
    })
    const sum = told.reduce((all, { time }) => all + time, 0)
    const [first] = told
    const alone = told.length === cases.length && told.every(({ file }) => file === first?.file)
    // What a file needs before its first test and between them is in the time of its suite alone.
    const share = whole !== undefined && whole.time > sum && sum > 0 && (alone || whole.cut) ? whole.time / sum : 1
    for (const { file, time } of told) seconds.set(file, (seconds.get(file) ?? 0) + time * share)
  }
  return seconds
}

/** The listed tests by suite, with the time of all of its tests; `cut` where it has more than are listed. */
function suitesOf({ cases, suite_totals = [] }: TestsEvidence): Suite[] {
  let at = 0
  const suites = suite_totals.map(({ tests, listed, duration_s }): Suite => {
    const own = cases.slice(at, (at += listed))
    return { cases: own, whole: { time: duration_s, cut: tests > listed } }
  })
  return [...suites, { cases: cases.slice(at) }]
}

interface Suite {
  cases: readonly TestCase[]
  whole?: { time: number; cut: boolean }
}

/** Answers the file of a test, of these files only. */
function finderIn(files: readonly string[]): (test: TestCase) => string | undefined {
  const known = new Set(files)
  const place = pathPlacer(files, '')
  const stems = stemsOf(files)
  const placeStem = pathPlacer([...stems.keys()], '')
  const byClass = new Map<string, string | undefined>()
  const ofClass = (name: string): string | undefined => {
    for (const path of pathsIn(name)) {
      const found = stems.get(placeStem(path))
      if (found !== undefined) return found
    }
    return undefined
  }
  return ({ file, classname, suite }) => {
    for (const path of [file, classname, suite]) {
      const placed = path === undefined ? undefined : place(path)
      if (placed !== undefined && known.has(placed)) return placed
    }
    if (classname === undefined) return undefined
    if (!byClass.has(classname)) byClass.set(classname, ofClass(classname))
    return byClass.get(classname)
  }
}

/** Files by their path without its ending; where two share one, neither. */
function stemsOf(files: readonly string[]): Map<string, string> {
  const stems = new Map<string, string>()
  const twice = new Set<string>()
  for (const file of files) {
    const stem = file.replace(/\.[^./]+$/, '')
    if (stems.has(stem)) twice.add(stem)
    stems.set(stem, file)
  }
  for (const stem of twice) stems.delete(stem)
  return stems
}

/** The paths, without their ending, that a class name may tell: as it is, and without the classes inside of the file. */
function pathsIn(name: string): string[] {
  if (!/^\w+(?:[.$]\w+)*$/.test(name)) return []
  const parts = name.replace(/\$.*$/, '').split('.')
  return [0, 1, 2].flatMap((inside) => (inside < parts.length ? [parts.slice(0, parts.length - inside).join('/')] : []))
}
