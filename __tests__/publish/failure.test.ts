import { describe, expect, test } from '@jest/globals'
import type { TestCase } from '../../src/evidence/evidence.js'
import { placePaths } from '../../src/evidence/place.js'
import { annotationsOf } from '../../src/publish/annotations.js'
import { detailsOf, failureOf, failureText } from '../../src/publish/failure.js'
import { renderComment, renderSummary, renderTerminal } from '../../src/publish/render.js'
import { fixture, readTests } from '../evidence/reading.js'
import { instance, outcome, stage, step, testsEvidence } from './outcomes.js'

const failed = (more: Partial<TestCase>): TestCase => ({ name: 'divides', status: 'failed', ...more })

const throws = failed({
  file: 'test/cart.test.js',
  line: 12,
  message: 'Error: expect(received).toThrow(expected)',
  details: `Error: expect(received).toThrow(expected)

Expected substring: "division by zero"

Received function did not throw
    at Object.toThrow (/home/runner/work/shop/shop/test/cart.test.js:12:30)
    at Promise.finally.completed (/home/runner/work/shop/shop/node_modules/jest-circus/build/jestAdapterInit.js:1834:28)
    at new Promise (<anonymous>)
    at process.processImmediate (node:internal/timers:483:21)
    at divide (/home/runner/work/shop/shop/src/divide.js:3:1)`,
})

/** The failing tests of a report of a real tool, by name. */
async function ofReport(name: string): Promise<Record<string, TestCase>> {
  const evidence = placePaths(await readTests(fixture(name)), undefined, '/home/runner/work/shop/shop')
  const cases = evidence.kind === 'tests' ? evidence.cases : []
  return Object.fromEntries(cases.map((one) => [one.name, one]))
}

describe('why a test failed', () => {
  test('is its first line and what was expected, and no frames', () => {
    expect(failureOf(throws)).toEqual({
      said: 'Error: expect(received).toThrow(expected)',
      more: ['Expected substring: "division by zero"', 'Received function did not throw'],
    })
  })

  test.each<[report: string, name: string, more: string[]]>([
    ['jest-30.5-jest-junit-17.xml', 'cart discount takes off', ['Expected: 4', 'Received: 3']],
    ['mocha-10.8-junit-reporter-2.2.xml', 'cart takes off', ['+ expected - actual', '-3', '+4']],
    ['pytest-9.2-xunit2.xml', 'test_takes_off', ['assert 3 == 4', ' +  where 3 = total([5], 2)']],
    ['pytest-9.2-xunit2.xml', 'test_needs_database', []],
    ['node-24.21.tap', 'is never negative', ['expected: 1', 'actual: 0']],
    ['node-24.21-junit.xml', 'is never negative', []],
    ['surefire-3.2-CartTest.xml', 'takesOff', []],
  ])('%s: %s', async (report, name, more) => {
    const { [name]: one } = await ofReport(report)
    expect(one && failureOf(one).more).toEqual(more)
  })

  test('is at most seven lines of bounded length', () => {
    const { said, more } = failureOf(failed({ message: Array(40).fill('x'.repeat(900)).join('\n') }))
    expect([said.length, more.length]).toEqual([900, 6])
    expect(more.every((line) => line.length <= 200)).toBe(true)
  })

  test('is said in comment, terminal and annotation, each in lines', () => {
    const run = outcome(
      [stage('s', [instance('s', [step('s/a')])])],
      [{ stage: 's', evidence: [testsEvidence(5, [throws])] }],
      { s: {} },
    )
    expect(renderComment(run)).toContain(
      '**divides**<br>Error: expect(received).toThrow(expected)\n\n  ```text\n' +
        '  Expected substring: "division by zero"\n  Received function did not throw\n  ```\n',
    )
    expect(renderTerminal(run, { colours: false, columns: 100 })).toContain(
      '      Error: expect(received).toThrow(expected)\n      Expected substring: "division by zero"\n',
    )
    expect(renderSummary(run)).toContain('  at Object.toThrow (test/cart.test.js:12:30)\n')
    const [annotation] = annotationsOf(run).annotations
    expect(annotation?.message).toBe(failureText(throws))
    expect(annotation?.message).toContain('\nReceived function did not throw')
    expect(annotation?.details).not.toContain('node_modules')
  })
})

describe('the details of a failure', () => {
  test('are told without the frames of libraries, and with paths from the root of the repository', () => {
    expect(detailsOf(throws)?.split('\n').slice(5)).toEqual([
      '    at Object.toThrow (test/cart.test.js:12:30)',
      '    … 3 frames of libraries',
      '    at divide (src/divide.js:3:1)',
    ])
  })

  test('keep their paths where the root is not known', () => {
    const { file: _, ...nowhere } = throws
    expect(detailsOf(nowhere)).toContain('/home/runner/work/shop/shop/test/cart.test.js:12:30')
    expect(detailsOf({ ...throws, file: 'cart.js' })).toContain('/home/runner/work/shop/shop/src/divide.js')
  })

  test.each([
    'at org.junit.jupiter.api.AssertEquals.failNotEqual(AssertEquals.java:197)',
    'at java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)',
    'at worker.org.gradle.process.internal.worker.GradleWorkerMain.main(GradleWorkerMain.java:74)',
    'File "/usr/lib/python3.12/site-packages/_pytest/runner.py", line 341, in from_call',
    'at Test.run (node:internal/test_runner/test:796:25)',
    "# /usr/local/bundle/gems/rspec-core-3.13.0/lib/rspec/core/example.rb:263:in `run'",
  ])('cut %s', (frame) => {
    expect(detailsOf(failed({ details: `boom\n  ${frame}` }))).toBe('boom\n  … 1 frame of libraries')
  })

  test.each([
    'at shop.CartTest.takesOff(CartTest.java:8)',
    'at TestContext.<anonymous> (test/cart.test.js:44:10)',
    'File "/srv/app/cart.py", line 5, in total',
    'Caused by: java.lang.IllegalStateException: no database',
    'cannot find node_modules/left-pad',
  ])('keep %s', (line) => {
    expect(detailsOf(failed({ details: `boom\n  ${line}` }))).toBe(`boom\n  ${line}`)
  })

  test('lose the source of a frame with the frame', () => {
    const frames = [
      '  File "/x/site-packages/a.py", line 1, in f',
      '    return g()',
      '           ^^^',
      '  File "cart.py", line 2, in g',
    ]
    expect(detailsOf(failed({ details: frames.join('\n') }))).toBe(
      '  … 1 frame of libraries\n  File "cart.py", line 2, in g',
    )
  })
})
