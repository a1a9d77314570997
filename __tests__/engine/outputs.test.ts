import { describe, expect, test } from '@jest/globals'
import { assert as holds, dictionary, property, string, stringMatching } from 'fast-check'
import { parsePairs } from '../../src/engine/command-files.js'
import type { ProcessSpec } from '../../src/ports.js'
import { walk } from '../support/walk.js'
import type { Scripts, WorkspaceFiles } from '../support/walk.js'

/** A script that writes texts to the files that variables name. */
const tells =
  (files: WorkspaceFiles, texts: Readonly<Record<string, string>>) =>
  ({ env }: ProcessSpec) => ({
    does: () => {
      for (const [variable, text] of Object.entries(texts)) files.memory.write(env[variable] ?? '', text)
    },
  })

const telling =
  (texts: Readonly<Record<string, string>>) =>
  (files: WorkspaceFiles): Scripts => ({ tell: tells(files, texts) })

describe('$GITHUB_OUTPUT', () => {
  test('takes lines and blocks', () => {
    const problems: string[] = []
    const text = 'a=1\nb=x=y<<z\r\nlong<<EOF\none\n\nthree = 3\nEOF\nempty=\na=2\n__proto__=own\n'
    const values = parsePairs(text, 'F', problems)
    expect(Object.entries(values)).toEqual([
      ['a', '2'],
      ['b', 'x=y<<z'],
      ['long', 'one\n\nthree = 3'],
      ['empty', ''],
      ['__proto__', 'own'],
    ])
    expect(problems).toEqual([])
  })

  test.each([
    [
      'just text',
      'line 1 of $F is neither `name=value` nor `name<<DELIMITER`: "just text"; a value of several lines needs a delimiter',
    ],
    ['ok=1\n=value', 'line 2 of $F: "" is no name'],
    ['a b=1', 'line 1 of $F: "a b" is no name'],
    ['x<<EOF\nnever closed', 'line 1 of $F: the block "x" is not closed'],
    ['::set-output name=a::b', 'line 1 of $F: "::set-output name" is no name'],
  ])('says what is wrong with %j', (text, message) => {
    const problems: string[] = []
    parsePairs(text, 'F', problems)
    expect(problems).toEqual([message])
  })

  test('gives back any values that were written as blocks', () => {
    const name = stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,9}$/)
    holds(
      property(dictionary(name, string()), (values) => {
        const clean = Object.fromEntries(Object.entries(values).map(([key, v]) => [key, v.replaceAll('\r', '')]))
        const text = Object.entries(clean).map(([key, value]) => `${key}<<--END--\n${value}\n--END--\n`)
        expect(parsePairs(text.join(''), 'F', [])).toEqual(clean)
      }),
    )
  })

  test('reaches steps, conditions and stages as texts', async () => {
    const done = await walk(
      `a:
  steps:
    - { id: tell, run: tell }
    - { assert: "steps.tell.outputs.version == '1.2' && steps.tell.outcome == 'success'" }
    - { if: "steps.tell.outputs.flag == 'true'", run: conditional }
  outputs: { v: "v\${{ steps.tell.outputs.version }}" }
b: { needs: a, steps: [{ run: use, env: { V: "\${{ needs.a.outputs.v }}", R: "\${{ needs.a.result }}" } }] }`,
      { scripts: telling({ GITHUB_OUTPUT: 'version=1.2\nflag=true\n' }) },
    )
    expect(done.exit).toBe(0)
    expect(done.started.map(({ script }) => script)).toEqual(['tell', 'conditional', 'use'])
    expect(done.started[2]?.env).toMatchObject({ V: 'v1.2', R: 'success' })
  })

  test('of a failed step is there for those that still run', async () => {
    const done = await walk(
      `t: { steps: [{ id: tell, run: tell, continue-on-error: true }, { run: use, env: { V: "\${{ steps.tell.outputs.v }}" } }] }`,
      { scripts: (files) => ({ tell: (spec) => ({ ...tells(files, { GITHUB_OUTPUT: 'v=1\n' })(spec), code: 1 }) }) },
    )
    expect(done.started[1]?.env['V']).toBe('1')
  })

  test('of the last instance that gives a value is the stage’s', async () => {
    const done = await walk(
      `a: { matrix: { n: [1, 2, 3] }, steps: [{ id: tell, run: tell }], outputs: { v: "\${{ steps.tell.outputs.v }}" } }
b: { needs: a, steps: [{ run: use, env: { V: "\${{ needs.a.outputs.v }}" } }] }`,
      {
        scripts: (files) => ({
          tell: (spec, nth) => tells(files, { GITHUB_OUTPUT: ['v=one\n', 'v=two\n', ''][nth] ?? '' })(spec),
        }),
      },
    )
    expect(done.started.at(-1)?.env['V']).toBe('two')
  })

  test('with a bad line fails its step', async () => {
    const done = await walk('t: { steps: [{ id: tell, run: tell }] }', {
      scripts: telling({ GITHUB_OUTPUT: 'oops\n' }),
    })
    expect(done.step('t/tell').reason).toMatch(/^line 1 of \$GITHUB_OUTPUT is neither/)
  })

  test('that is no file any more is not followed', async () => {
    const replaced = (act: (files: WorkspaceFiles, path: string) => void) =>
      walk('t: { steps: [{ id: a, run: a, continue-on-error: true }, { id: tell, run: tell }] }', {
        scripts: (files) => ({
          a: ({ env }) => ({ does: () => act(files, env['GITHUB_OUTPUT'] ?? '') }),
          tell: tells(files, { GITHUB_OUTPUT: 'x=1\n' }),
        }),
      })
    const folder = await replaced((files, path) => (files.memory.remove(path), files.memory.makeFolder(path)))
    expect(folder.step('t/a').reason).toBe('$GITHUB_OUTPUT is no file any more')
    expect(folder.step('t/tell').status).toBe('success')
    const link = await replaced((files, path) => {
      files.memory.write('/etc/passwd', 'root=secret\n')
      files.memory.remove(path)
      files.memory.link(path, '/etc/passwd')
    })
    expect(link.step('t/a').reason).toBe('$GITHUB_OUTPUT is no file any more')
    expect(link.ports.files.readText('/etc/passwd')).toBe('root=secret\n')
    const gone = await replaced((files, path) => files.memory.remove(path))
    expect(gone.step('t/a').status).toBe('success')
    const huge = await replaced((files, path) => files.memory.write(path, `x=${'y'.repeat(5_000_000)}`))
    expect(huge.step('t/a').reason).toBe('$GITHUB_OUTPUT holds more than 4 MB')
  })
})

describe('declared outputs', () => {
  const declared = (type: string, text: string) =>
    walk(`t: { steps: [{ id: tell, run: tell, outputs: { v: ${type} } }, { assert: "true", message: x }] }`, {
      scripts: telling({ GITHUB_OUTPUT: text }),
    })

  test.each([
    ['number', 'v=42\n', 42],
    ['number', 'v=-1.5e3\n', -1500],
    ['boolean', 'v=true\n', true],
    ['boolean', 'v=false\n', false],
    ['string', 'v=42\n', '42'],
    ['json', 'v={"a":[1,null]}\n', { a: [1, null] }],
  ])('are typed: %s from %j', async (type, text, value) => {
    const done = await declared(type, text)
    const ended = done.events.find((event) => event.type === 'step.finished')
    expect(ended).toMatchObject({ outputs: { v: value } })
  })

  test.each([
    ['number', 'v=many\n', 'the output `v` is no number: "many"'],
    ['number', 'v=\n', 'the output `v` is no number: ""'],
    ['boolean', 'v=yes\n', 'the output `v` is no boolean: "yes"'],
    ['json', 'v={\n', 'the output `v` is no json: "{"'],
    ['json', `v=${'['.repeat(5000)}${']'.repeat(5000)}\n`, `the output \`v\` is no json: "${'['.repeat(59)}`],
    ['string', '', 'the declared output `v` was not set'],
  ])('that do not fit fail the step: %s from %.20j', async (type, text, reason) => {
    const done = await declared(type, text)
    expect(done.step('t/tell')).toMatchObject({ status: 'failure', reason })
  })

  test('keep their type in expressions', async () => {
    const done = await walk(
      't: { steps: [{ id: tell, run: tell, outputs: { n: number, j: json } }, { assert: "steps.tell.outputs.n > 9 && steps.tell.outputs.j.list[1] == 2" }] }',
      { scripts: telling({ GITHUB_OUTPUT: 'n=10\nj={"list":[1,2]}\n' }) },
    )
    expect(done.exit).toBe(0)
  })
})

describe('what a step leaves for those after it', () => {
  test('$GITHUB_ENV and $GITHUB_PATH reach later steps of the instance, the step’s own env wins', async () => {
    const done = await walk(
      `t:
  env: { A: stage, B: stage }
  steps:
    - { run: tell }
    - { run: see }
    - { run: own, env: { A: own, C: "\${{ env.NEW }}" } }
    - { if: "env.NEW == 'new'", run: conditional }
  finally: [{ run: last }]
u: { steps: [{ run: elsewhere }] }`,
      { scripts: telling({ GITHUB_ENV: 'A=told\nNEW=new\n', GITHUB_PATH: '/one\n/two\n' }), concurrency: 1 },
    )
    const env = (script: string) => done.started.find((one) => one.script === script)?.env
    expect(env('see')).toMatchObject({ A: 'told', B: 'stage', NEW: 'new', PATH: '/two:/one:/usr/bin:/bin' })
    expect(env('own')).toMatchObject({ A: 'own', C: 'new' })
    expect(env('conditional')).toBeDefined()
    expect(env('last')).toMatchObject({ A: 'told' })
    expect(env('elsewhere')).toMatchObject({ PATH: '/usr/bin:/bin' })
    expect(env('elsewhere')).not.toHaveProperty('A')
  })

  test('in a graph reaches only those that need it, whoever ends first', async () => {
    const done = await walk(
      't: { steps: { tell: { run: tell }, wait: { run: wait }, beside: { needs: wait, run: beside }, after: { needs: [tell, wait], run: after } } }',
      { scripts: (files) => ({ ...telling({ GITHUB_ENV: 'X=1\n' })(files), wait: { takes: 50 } }) },
    )
    const env = (script: string) => done.started.find((one) => one.script === script)?.env
    expect(env('beside')).not.toHaveProperty('X')
    expect(env('after')).toMatchObject({ X: '1' })
  })

  test('cannot change what wf and GitHub say', async () => {
    const done = await walk('t: { steps: [{ id: tell, run: tell }] }', {
      scripts: telling({ GITHUB_ENV: 'GITHUB_SHA=other\n' }),
    })
    expect(done.step('t/tell').reason).toBe(
      '$GITHUB_ENV cannot set `GITHUB_SHA`: names with GITHUB_, RUNNER_ and WF_ are set by wf and GitHub',
    )
  })

  test('$GITHUB_STEP_SUMMARY is kept in the outcome, within bounds', async () => {
    const done = await walk('t: { steps: [{ id: a, run: tell }, { id: b, run: b }] }', {
      scripts: telling({ GITHUB_STEP_SUMMARY: '## Done\n' }),
    })
    expect(done.step('t/a').summary).toBe('## Done\n')
    expect(done.step('t/b').summary).toBeUndefined()
    const long = await walk('t: { steps: [{ id: a, run: tell }] }', {
      scripts: telling({ GITHUB_STEP_SUMMARY: 'x'.repeat(300_000) }),
    })
    expect(long.step('t/a').summary).toHaveLength(256 * 1024 + '\n\n(cut: longer than 256 KB)\n'.length)
  })
})
