import type { TestCase, TestsEvidence } from '../evidence/evidence.js'
import { pathPlacer } from '../evidence/place.js'

/**
 * The seconds that each of some files of tests took, by what a report says of its tests: by their file where it tells it, else by a class
 * name that reads like the path of one, as `tests.test_cart.TestCart` and `com.shop.CartTest` do. Files that it does not tell of, and
 * those without times, are left out.
 */
export function fileSeconds(evidence: TestsEvidence, files: readonly string[]): Map<string, number> {
  const fileOf = finderIn(files)
  const seconds = new Map<string, number>()
  for (const { of, share } of timed(evidence)) {
    const file = fileOf(of)
    if (file !== undefined) seconds.set(file, (seconds.get(file) ?? 0) + (of.duration_s ?? 0) * share)
  }
  return seconds
}

/** The cases that have a time; where a suite lists only some of its tests, these stand for the others. */
function timed({ cases, suite_totals = [] }: TestsEvidence): { of: TestCase; share: number }[] {
  let at = 0
  const shares = suite_totals.flatMap(({ tests, listed, duration_s }) => {
    const own = cases.slice(at, (at += listed))
    const told = own.reduce((sum, { duration_s = 0 }) => sum + duration_s, 0)
    const share = tests > listed && told > 0 && duration_s > told ? duration_s / told : 1
    return own.map(() => share)
  })
  return cases.flatMap((of, i) => (of.duration_s === undefined ? [] : [{ of, share: shares[i] ?? 1 }]))
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
  return ({ file, classname }) => {
    const placed = file === undefined ? undefined : place(file)
    if (placed !== undefined && known.has(placed)) return placed
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
