import { describe, expect, test } from '@jest/globals'
import type { CoverageEvidence, Evidence, FindingsEvidence, TestsEvidence } from '../../src/evidence/evidence.js'
import { mergeEvidence } from '../../src/evidence/merge.js'
import { fixture, numbers, readCoverage, readFindings, readTests } from './reading.js'

const tests = (list: readonly Evidence[]): TestsEvidence => {
  const [merged, ...more] = mergeEvidence(list)
  expect(more).toEqual([])
  return merged as TestsEvidence
}
const xml = (name: string, inside: string, more = ''): string =>
  `<testsuite name="${name}" time="1.5" timestamp="2026-01-01T00:00:00" ${more}>${inside}</testsuite>`
const one = '<testcase name="a" time="0.5"/><testcase name="b" time="1"><failure message="no"/></testcase>'

describe('tests', () => {
  test('are added up', async () => {
    const merged = tests([
      await readTests(fixture('pytest-9.2-xunit2.xml')),
      await readTests(fixture('node-20.20-junit.xml')),
    ])
    expect(numbers(merged)).toEqual([17, 7, 4, 1, 5, 0])
    expect(merged.cases).toHaveLength(17)
    expect(merged.suites).toBe(4)
  })

  test('the same report twice counts once', async () => {
    for (const name of [
      'pytest-9.2-xunit2.xml',
      'node-20.20.tap',
      'surefire-3.2-CartTest.xml',
      'gotestsum-1.13-rerun.xml',
    ]) {
      const evidence = await readTests(fixture(name))
      const merged = tests([evidence, evidence])
      expect(numbers(merged)).toEqual(numbers(evidence))
      expect(merged.cases).toEqual(evidence.cases)
      expect(merged.duration_s).toBeCloseTo(
        evidence.suite_totals?.length === 1 ? evidence.duration_s : merged.duration_s,
      )
    }
  })

  test('Ant’s summary beside the suites it repeats counts once, its package apart from the name', async () => {
    const summary = `<testsuites>${xml('FooTest', one, 'id="0" package="com.acme"')}${xml('BarTest', one, 'id="1" package="com.acme"')}</testsuites>`
    const merged = tests([
      await readTests(xml('com.acme.FooTest', one)),
      await readTests(summary),
      await readTests(xml('com.acme.BarTest', one)),
    ])
    expect(numbers(merged)).toEqual([4, 2, 2, 0, 0, 0])
    expect([merged.suites, merged.duration_s]).toEqual([2, 3])
  })

  test('another run of a suite is another', async () => {
    const later = xml('s', one).replace('00:00:00', '00:00:09')
    expect(numbers(tests([await readTests(xml('s', one)), await readTests(later)]))).toEqual([4, 2, 2, 0, 0, 0])
    const passing = xml('s', one.replace('<failure message="no"/>', ''))
    expect(numbers(tests([await readTests(xml('s', one)), await readTests(passing)]))).toEqual([4, 3, 1, 0, 0, 0])
  })

  test('equal suites within one report are two', async () => {
    const twice = await readTests(`<testsuites>${xml('s', one)}${xml('s', one)}</testsuites>`)
    expect(numbers(tests([twice, await readTests(xml('t', one))]))).toEqual([6, 3, 3, 0, 0, 0])
  })

  test('the listing stays bounded, failures stay in it', async () => {
    const many = (name: string): string =>
      xml(name, Array.from({ length: 15_000 }, (_, i) => `<testcase name="${name}${i}"/>`).join('') + one)
    const merged = tests([await readTests(many('a')), await readTests(many('b'))])
    expect([merged.tests, merged.cases.length, merged.cases_omitted]).toEqual([30_004, 20_000, 10_004])
    expect(merged.cases.filter(({ status }) => status === 'failed')).toHaveLength(2)
    expect(merged.suite_totals?.reduce((sum, { listed }) => sum + listed, 0)).toBe(20_000)
  })

  test('totals by suite that no longer fit are not believed', async () => {
    const evidence = await readTests(xml('s', one))
    const joined = { ...evidence, tests: 1, failed: 0, cases: evidence.cases.slice(0, 1) }
    expect(numbers(tests([evidence, joined]))).toEqual([3, 2, 1, 0, 0, 0])
  })
})

describe('coverage', () => {
  const lcov = (...lines: string[]): string => `SF:a.ts\n${lines.join('\n')}\nend_of_record\n`
  const merge = (...list: CoverageEvidence[]): CoverageEvidence => mergeEvidence(list)[0] as CoverageEvidence

  test('hits of a line are added, of its branches the greater number holds, by line', async () => {
    const merged = merge(
      await readCoverage(lcov('DA:1,1', 'DA:2,0', 'BRDA:1,0,0,1', 'BRDA:1,0,1,0', 'BRDA:2,0,0,0')),
      await readCoverage(lcov('DA:1,4', 'DA:2,0', 'DA:3,1', 'BRDA:1,0,0,0', 'BRDA:1,0,1,0', 'BRDA:2,0,0,1')),
    )
    expect(merged).toMatchObject({ lines_valid: 3, lines_covered: 2, branches_valid: 3, branches_covered: 2 })
    expect(merged.files).toMatchObject([{ lines: { 1: 5, 2: 0, 3: 1 }, branches: { 1: [1, 2], 2: [1, 1] } }])
  })

  test('a file that one report knows by lines and another by totals is known by lines', async () => {
    const merged = merge(await readCoverage(lcov('LF:9', 'LH:9')), await readCoverage(lcov('DA:1,0')))
    expect(merged).toMatchObject({ lines_valid: 1, lines_covered: 0 })
  })

  test('functions are one by their line; where only their number is known the greater holds', async () => {
    const functions = (a: number, b: number): string[] => [`FN:1,a`, `FN:5,b`, `FNDA:${a},a`, `FNDA:${b},b`, 'DA:1,1']
    const [first, second] = [await readCoverage(lcov(...functions(1, 0))), await readCoverage(lcov(...functions(0, 1)))]
    expect(merge(first, second)).toMatchObject({ functions_valid: 2, functions_covered: 2 })
    const stated = await readCoverage(lcov('FNF:2', 'FNH:1', 'DA:1,1'))
    expect(merge(stated, stated)).toMatchObject({ functions_valid: 2, functions_covered: 1 })
    expect(merge(first, stated)).toMatchObject({ functions_valid: 2, files: [{ functions: { 1: [1, 1], 5: [0, 1] } }] })
    const more = await readCoverage(lcov('FNF:9', 'FNH:1', 'DA:1,1'))
    expect(merge(first, more)).toMatchObject({ functions_valid: 9, functions_covered: 1 })
    expect(merge(first, more).files[0]?.functions).toBeUndefined()
    const none = await readCoverage(lcov('DA:1,1'))
    expect(merge(none, none).functions_valid).toBeUndefined()
    expect(merge(none, first)).toMatchObject({ functions_valid: 2, functions_covered: 1 })
  })

  test('totals alone bring their functions along', async () => {
    const total = '{"total":{"lines":{"total":4,"covered":3},"functions":{"total":2,"covered":1}}}'
    const [a, b] = [await readCoverage(total), await readCoverage(lcov('FN:1,a', 'FNDA:1,a', 'DA:1,1'))]
    expect(merge(a, b)).toMatchObject({ lines_valid: 5, lines_covered: 4, functions_valid: 3, functions_covered: 2 })
  })

  test('totals without lines are added, rates alone only where nothing else is', async () => {
    const totals = await readCoverage(
      '<coverage line-rate="0.5" lines-valid="10" lines-covered="5"><packages/></coverage>',
    )
    const rates = await readCoverage('<coverage line-rate="1"><packages><class filename="x"/></packages></coverage>')
    expect(merge(totals, totals)).toMatchObject({ lines_valid: 20, lines_covered: 10 })
    expect(merge(totals, rates).rates_only).toBeUndefined()
    expect(merge(totals, rates)).toMatchObject({ lines_valid: 10 })
    expect(merge(rates, rates)).toMatchObject({ rates_only: true, lines_valid: 2_000_000 })
  })
})

describe('findings', () => {
  test('equal fingerprints are one, everything else is added', async () => {
    const a = await readFindings(fixture('eslint-10.15.json'))
    const b = await readFindings(fixture('ruff-0.17.json'))
    const merged = mergeEvidence([a, b, a])[0] as FindingsEvidence
    expect(merged.findings).toHaveLength(a.findings.length + b.findings.length)
    expect(merged.by_severity).toEqual({ error: 9, warning: 6 })
    expect(merged.suppressed).toBe(2 * a.suppressed)
  })

  test('of one place under two gates neither is lost', async () => {
    const a = await readFindings(fixture('ruff-0.17.json'))
    const b = await readFindings(fixture('ruff-0.17.json'), { category: 'types' })
    const merged = mergeEvidence([a, b])[0] as FindingsEvidence
    expect([merged.findings.length, merged.categories]).toEqual([12, ['lint', 'types']])
  })
})

test('one evidence a kind, in one order; none of none', async () => {
  const list = [
    await readFindings(fixture('ruff-0.17.json')),
    await readTests(fixture('tape-5.10.tap')),
    await readCoverage(fixture('gcovr-8.8.lcov')),
  ]
  expect(mergeEvidence(list).map(({ kind }) => kind)).toEqual(['tests', 'coverage', 'findings'])
  expect(mergeEvidence([])).toEqual([])
  const benchmark = (value: number): Evidence => ({
    kind: 'benchmarks',
    benchmarks: [{ name: 'n', unit: 'ms', value }],
  })
  expect(mergeEvidence([benchmark(1), benchmark(2)])).toEqual([benchmark(2)])
})
