import { describe, expect, test } from '@jest/globals'
import { combineAttempts } from '../../src/evidence/attempts.js'
import type { TestsEvidence } from '../../src/evidence/evidence.js'
import { markersInTitle } from '../../src/evidence/markers.js'
import { mergeEvidence } from '../../src/evidence/merge.js'
import { readTests } from './reading.js'

/** How many tests ran and how many there are, by each set of markers. */
const marked = (evidence: TestsEvidence): Record<string, string> =>
  Object.fromEntries(
    (evidence.suite_totals ?? []).flatMap(({ name, marked = [] }) =>
      marked.map(({ markers, tests, passed, failed, errors, skipped }) => [
        `${name}: ${markers.join(' ')}`,
        `${tests} = ${passed} + ${failed} + ${errors} + ${skipped}`,
      ]),
    ),
  )
const listed = ({ cases }: TestsEvidence) => cases.flatMap(({ name, markers }) => (markers ? [[name, ...markers]] : []))

/** As pytest 9.2 writes it with a `conftest.py` that puts marks into `user_properties`, and with `record_property`. */
const pytest = `<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1" skipped="1" tests="5">
<testcase classname="test_shop" name="test_adds" time="0.000" />
<testcase classname="test_shop" name="test_pays" time="0.000"><properties>
<property name="marker" value="integration" /></properties></testcase>
<testcase classname="test_shop" name="test_waits_when_told_so" time="0.000"><properties>
<property name="marker" value="error_429" /><property name="marker" value="integration" /></properties>
<failure message="assert 1 == 2">E   assert 1 == 2</failure></testcase>
<testcase classname="test_shop" name="test_refunds" time="0.000"><properties>
<property name="marker" value="integration" /></properties>
<skipped type="pytest.skip" message="no sandbox">no sandbox</skipped></testcase>
<testcase classname="test_shop" name="test_records" time="0.000"><properties>
<property name="tags" value="security, slow" /><property name="owner" value="anna" /></properties></testcase>
</testsuite></testsuites>`

describe('markers of tests', () => {
  test('come from properties of JUnit, of pytest and others', async () => {
    const evidence = await readTests(pytest)
    expect(marked(evidence)).toEqual({
      'pytest: integration': '2 = 1 + 0 + 0 + 1',
      'pytest: error_429 integration': '1 = 0 + 1 + 0 + 0',
      'pytest: security slow': '1 = 1 + 0 + 0 + 0',
    })
    expect(listed(evidence)).toContainEqual(['test_waits_when_told_so', 'error_429', 'integration'])
  })

  test('of a suite of JUnit are those of every test in it', async () => {
    const evidence = await readTests(`<testsuite name="a"><properties><property name="category" value="nightly"/>
<property name="java.version" value="21"/></properties><testcase name="x"/>
<testsuite name="b"><testcase name="y"><properties><property name="tag" value="@e2e"/></properties></testcase></testsuite>
</testsuite>`)
    expect(marked(evidence)).toEqual({ 'a: nightly': '1 = 1 + 0 + 0 + 0', 'b: e2e nightly': '1 = 1 + 0 + 0 + 0' })
  })

  test('are labels of CTest', async () => {
    const evidence = await readTests(`<testsuite name="Linux-c++" tests="1">
<testcase name="adds" classname="adds" time="0.002" status="run"><properties>
<property name="cmake_labels" value="integration;slow"/></properties><system-out></system-out></testcase></testsuite>`)
    expect(marked(evidence)).toEqual({ 'Linux-c++: integration slow': '1 = 1 + 0 + 0 + 0' })
  })

  test('are counted once for a test that was run again', async () => {
    const run = (inner: string) =>
      `<testcase name="x"><properties><property name="tag" value="e2e"/></properties>${inner}</testcase>`
    const evidence = await readTests(`<testsuite name="a" tests="1">${run('<failure/>')}${run('')}</testsuite>`)
    expect(marked(evidence)).toEqual({ 'a: e2e': '1 = 1 + 0 + 0 + 0' })
  })

  test('are categories of NUnit 3, with those of the suites around a test', async () => {
    const evidence = await readTests(`<test-run result="Passed" total="2">
<test-suite type="TestFixture" name="F" fullname="F"><properties><property name="Category" value="Integration"/></properties>
<test-case name="a" result="Passed"><properties><property name="Category" value="Slow"/><property name="Author" value="x"/></properties></test-case>
<test-case name="b" result="Passed"/></test-suite><test-suite type="TestFixture" name="G" fullname="G">
<test-case name="c" result="Passed"/></test-suite></test-run>`)
    expect(marked(evidence)).toEqual({
      'F: Integration Slow': '1 = 1 + 0 + 0 + 0',
      'F: Integration': '1 = 1 + 0 + 0 + 0',
    })
  })

  test('are categories of NUnit 2', async () => {
    const evidence = await readTests(`<test-results name="x" total="1" failures="0" not-run="0">
<test-suite name="F" success="True"><categories><category name="Slow"/></categories><results>
<test-case name="a" executed="True" success="True"/></results></test-suite></test-results>`)
    expect(marked(evidence)).toEqual({ 'F: Slow': '1 = 1 + 0 + 0 + 0' })
  })

  test('are traits of xUnit.net that are called categories', async () => {
    const evidence = await readTests(`<assemblies><assembly name="x" total="1"><collection name="C">
<test name="a" type="C" result="Pass"><traits><trait name="Category" value="Integration"/><trait name="Owner" value="me"/></traits></test>
</collection></assembly></assemblies>`)
    expect(marked(evidence)).toEqual({ 'C: Integration': '1 = 1 + 0 + 0 + 0' })
  })

  const definition = `<TestDefinitions><UnitTest id="1" name="a"><TestCategory>
<TestCategoryItem TestCategory="Integration"/><TestCategoryItem TestCategory="Slow"/></TestCategory>
<TestMethod className="Shop.Cart, Shop"/></UnitTest><UnitTest id="2" name="b"><TestMethod className="Shop.Cart"/></UnitTest></TestDefinitions>`
  const results = `<Results><UnitTestResult testId="1" testName="a" outcome="Failed"/>
<UnitTestResult testId="2" testName="b @e2e" outcome="Passed"/></Results>`
  test.each([
    ['after', `${results}${definition}`],
    ['before', `${definition}${results}`],
  ])('are categories of TRX, which stand %s the results', async (_, text) => {
    const evidence = await readTests(`<TestRun id="r">${text}</TestRun>`)
    expect(marked(evidence)).toEqual({ ': Integration Slow': '1 = 0 + 1 + 0 + 0', ': e2e': '1 = 1 + 0 + 0 + 0' })
    expect(evidence.cases[0]).toMatchObject({ name: 'a', classname: 'Shop.Cart', markers: ['Integration', 'Slow'] })
  })

  test('are tags of Playwright, of CTRF and of Vitest', async () => {
    const playwright = {
      config: { rootDir: '/repo' },
      suites: [
        { title: 'a.spec.ts', specs: [{ title: 'pays', tags: ['e2e'], tests: [{ status: 'expected', results: [] }] }] },
      ],
    }
    const ctrf = {
      results: { tool: {}, summary: { tests: 1 }, tests: [{ name: 'pays', status: 'passed', tags: ['@e2e', 'e2e'] }] },
    }
    const vitest = {
      numTotalTests: 1,
      testResults: [{ name: 'a', assertionResults: [{ title: 'pays', status: 'passed', tags: ['e2e'] }] }],
    }
    for (const report of [playwright, ctrf, vitest])
      expect(listed(await readTests(JSON.stringify(report)))).toEqual([['pays', 'e2e']])
  })

  test('are words behind an @ in titles', async () => {
    const test = { title: 'pays @slow', fullTitle: 'cart @e2e pays @slow' }
    const mocha = { stats: {}, tests: [test], passes: [test], failures: [], pending: [] }
    expect(listed(await readTests(JSON.stringify(mocha)))).toEqual([['pays @slow', 'e2e', 'slow']])
    expect(listed(await readTests('TAP version 13\nok 1 - pays @e2e\nok 2 - adds\n1..2\n'))).toEqual([
      ['pays @e2e', 'e2e'],
    ])
  })

  test.each([
    ['@smoke pays', ['smoke']],
    ['pays (@smoke, @e2e:cart).', ['smoke', 'e2e:cart']],
    ['mails anna@shop.example', []],
    ['loads @scope/package', []],
    [`@${'a'.repeat(100_000)}/b`, []],
  ])('in a title such as %.30s are read as people write them', (title, markers) => {
    expect(markersInTitle(title)).toEqual(markers)
  })

  test('are counted without limit where tests share them; too many sets are said, and nothing is lost of the rest', async () => {
    const many = (marker: (i: number) => string) =>
      `<testsuite name="s">${Array.from({ length: 25_000 }, (_, i) => `<testcase name="t${i} @${marker(i)}"/>`).join('')}</testsuite>`
    const shared = await readTests(many((i) => `m${i % 3}`))
    expect(shared.suite_totals?.[0]?.marked?.reduce((sum, { tests }) => sum + tests, 0)).toBe(25_000)
    expect(shared.markers_cut).toBeUndefined()
    const own = await readTests(many((i) => `m${i}`))
    expect([own.tests, own.markers_cut]).toEqual([25_000, true])
  })
})

describe('markers of several reports', () => {
  test('are added up, those of a suite that two tell alike once', async () => {
    const text = pytest.replace('name="pytest" errors', 'name="pytest" timestamp="2026-01-01" time="1" errors')
    const [first, second] = [await readTests(text), await readTests(text)]
    const other = await readTests(text.replace('2026-01-01', '2026-01-02'))
    const [merged] = mergeEvidence([first, second, other])
    expect((merged as TestsEvidence).suite_totals?.map(({ marked }) => marked?.length)).toEqual([3, 3])
  })

  test('of several attempts stay with the tests', async () => {
    const [first, second] = [await readTests(pytest), await readTests(pytest.replace(/<failure.*<\/failure>/, ''))]
    const [joined] = combineAttempts([[first], [second]])
    const flaky = (joined as TestsEvidence).cases.find(({ name }) => name === 'test_waits_when_told_so')
    expect(flaky).toMatchObject({ flaky: true, markers: ['error_429', 'integration'] })
  })
})
