import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderDiagnostic } from '../../src/base/diagnostic.js'
import { hostPorts } from '../../src/host/index.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { prepare } from '../../src/prepare.js'
import { run } from '../../src/run.js'
import { git } from '../support/command.js'
import { makeOrigin } from '../support/origin.js'
import { Scratch } from '../support/scratch.js'

jest.setTimeout(60_000)

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-gates-')
})
afterAll(() => scratch.remove())

/** `bad` in a line of a.js is a finding and `miss` a line without a hit; tests.txt names the tests, bench.txt a time. */
const measure = `
import { readFileSync, writeFileSync } from 'node:fs'
const linesOf = (name) => readFileSync(name, 'utf8').split('\\n').slice(0, -1)
const messages = linesOf('a.js').flatMap((text, i) =>
  text.includes('bad') ? [{ ruleId: 'no-bad', severity: 2, message: text, line: i + 1, column: 1 }] : [])
writeFileSync('lint.json', JSON.stringify([{ filePath: 'a.js', messages }]))
const hits = linesOf('a.js').map((text, i) => 'DA:' + (i + 1) + ',' + (text.includes('miss') ? 0 : 1))
writeFileSync('lcov.info', ['SF:a.js', ...hits, 'end_of_record', ''].join('\\n'))
const cases = linesOf('tests.txt').map((name) => '<testcase name="' + name + '" time="0.1"/>')
writeFileSync('junit.xml', '<testsuite name="s" tests="' + cases.length + '">' + cases.join('') + '</testsuite>')
`
const workflow = `version: 1
name: shop
on: { pull_request: check }
stages:
  check:
    steps:
      - run: node measure.mjs
        reports: [lcov.info, junit.xml, { path: lint.json, format: eslint-json }]
    gates:
      coverage: { patch: 50%, drop: 5% }
      lint: {}
      expression: findings.new.error == 1 && coverage.patch < 50
`
const source = (...lines: string[]): string => lines.map((line) => `${line}\n`).join('')

async function outcomeIn(folder: string): Promise<Outcome> {
  const prepared = await prepare({ folder }, hostPorts())
  if (!prepared.ok) throw new Error(prepared.problems.map(renderDiagnostic).join('\n'))
  return (await run(prepared.value, { folder }, hostPorts())).outcome
}

test('a change is judged against what was measured at its base', async () => {
  const origin = await makeOrigin(scratch, {
    '.github/wf.yml': workflow,
    '.gitignore': 'lint.json\nlcov.info\njunit.xml\n.wf/\n',
    'measure.mjs': measure,
    'tests.txt': source('one', 'two'),
    'a.js': source('zero', 'one bad', 'two miss', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'),
  })
  const folder = await origin.checkOut({ commit: await origin.tip('main'), depth: 'full' })
  const first = await outcomeIn(folder)
  // Nothing was known before it, which fails nothing by itself: of the linter all counts.
  const reasons = (outcome: Outcome) =>
    Object.fromEntries(outcome.verdicts.map(({ gate, status, reason }) => [gate, `${status}: ${reason}`]))
  expect(reasons(first)).toMatchObject({ lint: 'fail: 1 issue, 0 allowed' })

  // The known remark moves down a line, a new one comes, and of the three new lines one is covered.
  writeFileSync(
    join(folder, 'a.js'),
    source(
      'new miss bad',
      'more miss',
      'and',
      'zero',
      'one bad',
      'two miss',
      'three',
      'four',
      'five',
      'six',
      'seven',
      'eight',
      'nine',
    ),
  )
  writeFileSync(join(folder, 'tests.txt'), source('two', 'three'))
  await git(folder, 'checkout', '--quiet', '-b', 'mine')
  await git(folder, 'commit', '--quiet', '--all', '--message=feat: more')
  const second = await outcomeIn(folder)
  const at = (first.context.sha ?? '').slice(0, 7)
  expect(reasons(second)).toEqual({
    tests: `warn: 2 tests passed; 1 test of ${at} no longer there`,
    coverage: `fail: patch 33.33% < 50% (1 of 3 added lines); lines 90% at ${at}, 76.92% now: 13.08% lost, 5% allowed`,
    lint: 'fail: 1 new issue, 0 allowed',
    expression: 'pass: findings.new.error 1, coverage.patch 33.33',
  })
  const findings = second.evidence.flatMap(({ evidence }) =>
    evidence.flatMap((e) => (e.kind === 'findings' ? e.findings : [])),
  )
  expect(findings.map(({ line, known }) => [line, known])).toEqual([
    [1, undefined],
    [5, true],
  ])
})
