import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { loadWorkflow } from '../../src/workflow/load.js'
import { problems, told } from '../support/mistakes.js'

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/workflows/${name}`, import.meta.url), 'utf8')

/** A file with one stage `s`, whose body is given; its first line is line 5. */
const stage = (body: string): string => `version: 1\nname: t\nstages:\n  s:\n${body.replaceAll(/^/gm, '    ')}\n`
const step = (body: string): string => stage(`steps:\n  - ${body.replaceAll('\n', '\n    ')}`)

describe('a workflow file', () => {
  test('the example of the design is valid', async () => {
    const loaded = await loadWorkflow('wf.yml', fixture('shop.yml'))
    expect(loaded).toMatchObject({ ok: true, warnings: [] })
    if (!loaded.ok) return
    expect([...loaded.workflow.stages.keys()]).toEqual(['build', 'test', 'quality', 'review', 'staging', 'production'])
    expect(loaded.workflow.stages.get('test')).toMatchObject({
      needs: ['build'],
      matrix: [{ node: 20 }, { node: 24 }],
      gates: { coverage: { thresholds: { lines: { default: { part: 50 }, targets: { staging: { part: 70 } } } } } },
    })
  })

  test('every mistake is told at once, at its place, with a hint', async () => {
    expect(await told(fixture('ten-mistakes.yml'))).toEqual([
      '4:17 unknown-target there is no stage `reveiw` to walk to',
      '7:13 unknown-needs there is no stage `tset`',
      '9:9 unknown-key unknown key `rnu`',
      '11:9 not-here `timeout-minutes` means nothing here',
      '12:23 expression there is no step `instal`',
      '14:5 unknown-key unknown key `nede`',
      '15:5 not-here `strategy` means nothing here',
      '17:39 bad-value `timeout` cannot be the text `5 minutes`',
      '17:74 unknown-key unknown key `formt`',
      '20:26 wrong-type `lines` is `80`; it must be a text or a mapping',
    ])
    const hints = Object.fromEntries((await problems(fixture('ten-mistakes.yml'))).map((d) => [d.place?.line, d.hint]))
    expect(hints).toMatchObject({
      4: 'did you mean `review`?',
      9: 'did you mean `run`?',
      11: 'write `timeout: 5m`',
      14: 'did you mean `needs`?',
      20: 'write `80%`',
    })
  })

  test('keys that do not work yet say so', async () => {
    const text =
      'version: 1\nname: t\nenvironments: {}\nstages:\n  s:\n    admit: {}\n    steps: [{ run: x, agent: {} }]\n'
    expect((await problems(text)).map((d) => [d.code, d.message])).toEqual(
      ['environments', 'admit', 'agent'].map((key) => ['not-yet', `\`${key}\` does not work yet`]),
    )
  })
})

describe('one slip gives one message', () => {
  test.each<[string, string, string]>([
    [
      'a missing version',
      'name: t\nstages: { s: { steps: [{ run: x }] } }\n',
      '1:1 missing-key the file needs `version`',
    ],
    [
      'another version',
      'version: 2\nname: t\nstages: { s: { steps: [{ run: x }] } }\n',
      '1:10 bad-value `version` is `2`',
    ],
    ['no stages', 'version: 1\nname: t\nstages: {}\n', '3:1 empty the file has no stages'],
    [
      'GitHub’s word for stages',
      'version: 1\nname: t\nstages: { s: { steps: [{ run: x }] } }\njobs: {}\n',
      '4:1 not-here `jobs` means nothing here',
    ],
    ['an action in a step', step('uses: actions/checkout@v7'), '6:9 not-here `uses` means nothing here'],
    [
      'a step of no kind',
      step('name: nothing'),
      '6:9 no-kind a step needs one of `run`, `assert`, `template`, `webhook`, `choose`, `plugin`',
    ],
    [
      'a step of two kinds',
      step("run: x\nwebhook: { url: 'https://x' }"),
      '7:9 two-kinds a step is of one kind, and this one has `run` and `webhook`',
    ],
    [
      'a step that is a text',
      stage('steps: [npm ci]'),
      '5:13 wrong-type `steps` is the text `npm ci`; it must be a mapping',
    ],
    ['an empty run', step('run:'), '6:9 wrong-type `run` is empty; it must be a text'],
    ['a bad duration', step('run: x\ntimeout: 5 minutes'), '7:18 bad-value `timeout` cannot be the text `5 minutes`'],
    [
      'a bad share',
      stage('steps: [{ run: x }]\ngates: { coverage: { lines: 180% } }'),
      '6:33 bad-value `lines` cannot be the text `180%`',
    ],
    ['a bad shell', step('run: x\nshell: bsh'), '7:16 bad-value `shell` cannot be the text `bsh`'],
    ['retries below zero', step('run: x\nretry: { retries: -1 }'), '7:27 bad-value `retries` is `-1`; it must be >= 0'],
    ['a retry without retries', step('run: x\nretry: { delay: 1s }'), '7:9 missing-key `retry` needs `retries`'],
    [
      'an unknown format',
      step('run: x\nreports: { stdout: eslint }'),
      '7:28 bad-value `stdout` cannot be the text `eslint`',
    ],
    [
      'a report without a path',
      step('run: x\nreports: { suite: e2e }'),
      '7:18 no-kind a report has a `path`, or `stdout: FORMAT` for what the step prints',
    ],
    [
      'a name that is none',
      'version: 1\nname: t\nstages:\n  my stage: { steps: [{ run: x }] }\n',
      '4:3 bad-name `my stage` cannot be a name here',
    ],
    [
      'a stage called default',
      'version: 1\nname: t\nstages:\n  default: { steps: [{ run: x }] }\n',
      '4:3 reserved a stage cannot be called `default`: thresholds by target use that word',
    ],
    [
      'a stage of nothing',
      'version: 1\nname: t\nstages:\n  s: {}\n',
      '4:3 milestone a stage without steps names what it needs',
    ],
    [
      'a milestone with a matrix',
      'version: 1\nname: t\nstages:\n  a: { steps: [{ run: x }] }\n  s: { needs: a, matrix: { x: [1] } }\n',
      '5:18 milestone `matrix` means nothing in a stage without steps',
    ],
    [
      'needs in a list',
      stage('steps:\n  - { id: a, run: x }\n  - { run: y, needs: a }'),
      '7:19 not-here a list of steps runs in order',
    ],
    ['id in a map', stage('steps:\n  a: { id: b, run: x }'), '6:12 not-here in a map of steps the key is the id'],
    [
      'an id twice',
      stage('steps:\n  - { id: a, run: x }\n  - { id: a, run: y }'),
      '7:15 duplicate-id the id `a` stands twice',
    ],
    [
      'a fix without reports',
      step('run: x\nfix: y'),
      '7:9 fix `fix` mends what reports say, and this step has no `reports`',
    ],
    [
      'two bodies',
      step("webhook: { url: 'https://x', text: a, json: {} }"),
      '6:38 two-bodies a request has one body, `json` or `text`',
    ],
    [
      'a variable that wf sets',
      step('run: x\nenv: { GITHUB_SHA: y }'),
      '7:16 reserved `GITHUB_SHA` is set by wf and GitHub',
    ],
    ['a bad variable', step("run: x\nenv: { 'a b': y }"), '7:16 bad-name `a b` cannot be a name here'],
    [
      'an event that GitHub has not',
      'version: 1\nname: t\non: { pull_requst: s }\nstages: { s: { steps: [{ run: x }] } }\n',
      '3:7 unknown-key unknown key `pull_requst`',
    ],
    [
      'a filter that means nothing for the event',
      'version: 1\nname: t\non: { schedule: { target: s, branches: [x] } }\nstages: { s: { steps: [{ run: x }] } }\n',
      '3:30 unknown-key unknown key `branches`',
    ],
    [
      'a default of another type',
      'version: 1\nname: t\ninputs: { n: { type: number, default: x } }\nstages: { s: { steps: [{ run: x }] } }\n',
      '3:39 bad-default the default is no number',
    ],
    [
      'an empty matrix',
      stage('matrix: { x: [1], exclude: [{ x: 1 }] }\nsteps: [{ run: x }]'),
      '5:5 empty-matrix the matrix has no combination left',
    ],
    [
      'a suite that no report carries',
      stage('steps: [{ run: x, reports: { path: a.xml, suite: e2e } }]\ngates: { tests: { suites: { e3e: {} } } }'),
      '6:33 unknown-suite there is no suite `e3e`',
    ],
    [
      'a condition that is a truth value is none',
      step('run: x\nif: false\ntimeout: never'),
      '8:18 bad-value `timeout` cannot be the text `never`',
    ],
    ['a run that is no text', step('run: true'), '6:14 wrong-type `run` is `true`; it must be a text'],
    [
      'a name that is no text',
      'version: 1\nname: 5\nstages: { s: { steps: [{ run: x }] } }\n',
      '2:7 wrong-type `name` is `5`; it must be a text',
    ],
    [
      'retries that are no number',
      step('run: x\nretry: { retries: "3" }'),
      '7:27 wrong-type `retries` is the text `3`; it must be a whole number',
    ],
    ['a branch without a condition', step('choose: [{ run: x }]'), '6:18 missing-key `choose` needs `if`'],
    [
      'an event without its target',
      'version: 1\nname: t\non: { push: { branches: [main] } }\nstages: { s: { steps: [{ run: x }] } }\n',
      '3:7 missing-key `push` needs `target`',
    ],
    [
      'GitHub’s jobs for stages',
      'version: 1\nname: t\njobs: { s: { steps: [{ run: x }] } }\n',
      '3:1 not-here `jobs` means nothing here',
    ],
    [
      'a target of a threshold that is none',
      stage('steps: [{ run: x }]\ngates: { tests: { pass-rate: { default: 100%, prod: 90% } } }'),
      '6:51 unknown-target there is no target `prod`',
    ],
    [
      'a range of versions',
      stage("requires: { node: '>=18' }\nsteps: [{ run: x }]"),
      '5:23 bad-version `>=18` is not the start of a version',
    ],
    [
      'a stage called all',
      'version: 1\nname: t\nstages:\n  all: { steps: [{ run: x }] }\n',
      '4:3 reserved a stage cannot be called `all`: a run that walks to no single stage is called so',
    ],
  ])('%s', async (_, text, message) => {
    expect(await told(text)).toEqual([message])
  })

  test('a version is taken as it is written, not as the number that YAML reads', async () => {
    const loaded = await loadWorkflow('wf.yml', stage('requires: { python: 3.10 }\nsteps: [{ run: x }]'))
    expect(loaded.ok && loaded.workflow.stages.get('s')?.requires['python']?.source).toBe('3.10')
  })

  test('no value for a target that an event walks to', async () => {
    const text =
      'version: 1\nname: t\non: { push: s }\nstages:\n  s:\n    steps: [{ run: x }]\n    gates: { coverage: { lines: { s2: 80% } } }\n  s2: { needs: s }\n'
    expect(await told(text)).toEqual(['7:26 no-threshold there is no value for the target `s`'])
  })

  test('a cycle is told with its whole trail', async () => {
    const text =
      'version: 1\nname: t\nstages:\n  a: { needs: c, steps: [{ run: x }] }\n  b: { needs: a, steps: [{ run: x }] }\n  c: { needs: b, steps: [{ run: x }] }\n'
    expect(await told(text)).toEqual(['4:8 cycle the stages need each other in a circle: a → c → b → a'])
    expect(await told(stage('steps:\n  a: { run: x, needs: a }\n  b: { run: x, needs: b }'))).toEqual([
      '6:20 cycle the step `a` needs itself',
      '7:20 cycle the step `b` needs itself',
    ])
  })

  test('two mistakes on one line are two messages', async () => {
    expect(await told(stage('steps: [{ rnu: x, tiemout: 1s }]'))).toEqual([
      '5:15 unknown-key unknown key `rnu`',
      '5:23 unknown-key unknown key `tiemout`',
    ])
  })

  test('a slip hides neither what stands in it nor what follows', async () => {
    const text =
      'version: 1\nname: t\nstagse:\n  a: { stpes: [{ rn: x, timeout: long }] }\n  b: { needs: c, steps: [{ run: x }] }\n'
    expect(await told(text)).toEqual([
      '3:1 unknown-key unknown key `stagse`',
      '4:8 unknown-key unknown key `stpes`',
      '4:18 unknown-key unknown key `rn`',
      '4:34 bad-value `timeout` cannot be the text `long`',
      '5:15 unknown-needs there is no stage `c`',
    ])
  })
})

describe('expressions are checked where they stand', () => {
  const shop = (text: string): string =>
    `version: 1\nname: t\ninputs: { size: {} }\nstages:\n  a:\n    outputs: { v: x }\n    steps: [{ run: x }]\n  b:\n    needs: a\n    matrix: { node: [20] }\n    steps:\n      - { id: one, run: x, outputs: { n: number } }\n      - ${text}\n      - { id: later, run: x }\n`
  test.each<[string, string]>([
    ["{ run: '${{ inputs.sise }}' }", '13:21 there is no input `sise`'],
    ["{ run: '${{ matrix.nod }}' }", '13:21 there is no dimension `nod`'],
    ["{ run: '${{ needs.c.result }}' }", '13:21 there is no needed stage `c`'],
    ["{ run: '${{ needs.a.outputs.w }}' }", '13:21 stage `a` has no output `w`'],
    ["{ run: '${{ steps.one.outputs.m }}' }", '13:21 step `one` has no output `m`'],
    ["{ run: '${{ steps.later.outcome }}' }", '13:21 the step `later` does not come before this one'],
    ["{ run: '${{ github.reff }}' }", '13:21 `github` has no member `reff`'],
    ["{ run: '${{ secrets.TOKEN }}' }", '13:21 the step does not name the secret `TOKEN`'],
    ["{ run: 'a ${{ 1 + }}' }", '13:25 the expression does not parse: unexpected `+`'],
    ["{ run: x, if: 'sucess()' }", '13:24 there is no function `sucess`'],
    ["{ run: '${{ success() }}' }", '13:21 status functions are known only in `if`'],
    [
      '{ run: x, if: "${{ github.ref }} == \'x\'" }',
      '13:24 a condition is one expression; with text around `${{ }}` it would always hold',
    ],
    [
      "{ run: 'echo ${{ github.head_ref }}' }",
      "13:26 `github.head_ref` can hold a stranger's text, which the shell would run",
    ],
    [
      "{ run: 'echo ${{ github.event.pull_request.title }}' }",
      "13:26 `github.event.pull_request.title` can hold a stranger's text, which the shell would run",
    ],
    [
      "{ run: 'echo ${{ toJSON(github.event) }}' }",
      "13:33 `github.event` can hold a stranger's text, which the shell would run",
    ],
    ["{ run: x, retry: { retries: 1, if: 'attempt.exit_code == 1' } }", '13:45 `attempt` has no member `exit_code`'],
    ["{ run: x, name: '${{ 1 }}' }", '13:25 expressions are not replaced here'],
  ])('%s', async (text, message) => {
    expect((await told(shop(text))).map((line) => line.replace(/ (expression|no-expressions) /, ' '))).toEqual([
      message,
    ])
  })

  test('what a stranger can write may reach a script by the environment', async () => {
    expect(await told(shop("{ run: 'echo \"$REF\"', env: { REF: '${{ github.head_ref }}' } }"))).toEqual([])
  })

  test.each<[string, string]>([
    ['toJSON(github)', '`github` can'],
    ['env.H', '`env.H` can'],
    ['env.G', '`env.G` can'],
    ['env.LATER', '`env.LATER` can'],
    ['env.OK', ''],
  ])('%s in a script is as safe as what it holds', async (expression, message) => {
    const text = stage(
      `env: { H: '\${{ github.head_ref }}', G: 'x \${{ env.H }}', OK: '\${{ github.sha }}' }\nsteps: [{ run: 'echo \${{ ${expression} }}' }]`,
    )
    const lines = await told(text)
    expect(lines).toHaveLength(message === '' ? 0 : 1)
    expect(lines.join()).toContain(message)
  })

  test('a field of evidence that is none is a mistake, not null', async () => {
    expect(await told(step('assert: evidence.tests.faild == 0'))).toEqual([
      '6:17 expression `evidence.tests` has no field `faild`',
    ])
  })

  test('a place inside a block is that of its line', async () => {
    const text = step('run: |\n  echo one\n  echo ${{ githbu.ref }}\n  echo three')
    expect(await told(text)).toEqual(['8:20 expression there is no context `githbu`'])
  })
})
