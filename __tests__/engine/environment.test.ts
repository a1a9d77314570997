import { describe, expect, test } from '@jest/globals'
import { walk } from '../support/walk.js'
import type { Walk, Walked } from '../support/walk.js'

const machine = { PATH: '/bin', HOME: '/home/me', SHELL: '/bin/fish', GITHUB_TOKEN: 'ghs_hidden', OLD: 'machine' }
const envOf = ({ started }: Walked, script = 'a') => started.find((one) => one.script === script)?.env ?? {}
const run = (text: string, more: Walk = {}) => walk(text, { environment: machine, ...more })

describe('variables', () => {
  test('come from the machine, the workflow, the stage and the step; the inner one wins', async () => {
    const done = await run(`version: 1
name: layers
env: { A: workflow, B: workflow, C: workflow, OLD: '\${{ run.target }}' }
stages:
  t:
    env: { B: stage, C: stage, D: 'b is \${{ env.B }}' }
    steps: [{ run: a, env: { C: step, E: 'c was \${{ env.C }}' } }]
`)
    expect(envOf(done)).toMatchObject({
      A: 'workflow',
      B: 'stage',
      C: 'step',
      D: 'b is workflow',
      E: 'c was stage',
      OLD: 'all',
      HOME: '/home/me',
    })
  })

  test('of wf and GitHub are there, on a laptop too', async () => {
    const done = await run('t: { matrix: { n: [1] }, steps: [{ id: x, run: a }] }', { tracked: [], target: 't' })
    expect(envOf(done)).toMatchObject({
      WF_TARGET: 't',
      WF_STAGE: 't',
      WF_INSTANCE: 't[n=1]',
      WF_STEP: 't[n=1]/x',
      WF_ATTEMPT: '1',
      WF_RUN_ID: done.outcome.run.id,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REF_NAME: 'main',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_REPOSITORY: 'org/repo',
      GITHUB_WORKSPACE: '/repo',
    })
    expect(envOf(done)['GITHUB_OUTPUT']).toContain('/repo/.wf/runs/')
  })

  test('`clean` keeps what every program needs, and what wf says', async () => {
    for (const env of ['clean', '[clean, { A: 1 }]']) {
      const done = await run(`t: { env: ${env}, steps: [{ run: a }] }`, { tracked: [] })
      expect(envOf(done)).toMatchObject({ PATH: '/bin', HOME: '/home/me', GITHUB_REF_NAME: 'main', WF_STAGE: 't' })
      expect(envOf(done)).not.toHaveProperty('SHELL')
      expect(envOf(done)).not.toHaveProperty('GITHUB_TOKEN')
      expect(envOf(done)['A']).toBe(env === 'clean' ? undefined : '1')
    }
  })

  test('declared before `clean` stay: it is the machine that is left out', async () => {
    const done = await run(`t: { env: { A: outer }, steps: [{ run: a, env: [clean, { B: inner }] }] }`)
    expect(envOf(done)).toMatchObject({ A: 'outer', B: 'inner', PATH: '/bin' })
    expect(envOf(done)).not.toHaveProperty('OLD')
  })

  test('that cannot be evaluated fail what they stand in, with the reason', async () => {
    const bad = "'${{ fromJSON(github.event.x) }}'"
    const reason = '${{ fromJSON(github.event.x) }}: fromJSON: the text is empty'
    const step = await run(`t: { steps: [{ id: s, run: a, env: { A: ${bad} } }] }`)
    expect(step.step('t/s')).toMatchObject({ status: 'failure', reason })
    const stage = await run(`t: { env: { A: ${bad} }, steps: [{ id: s, run: a }] }\nu: { steps: [{ run: b }] }`)
    expect(stage.outcome.stages[0]?.instances[0]).toMatchObject({ status: 'failure', reason })
    expect(stage.status).toMatchObject({ t: 'failure', 't/s': 'skipped', u: 'success' })
    const workflow = await run(`version: 1\nname: w\nenv: { A: ${bad} }\nstages: { t: { steps: [{ run: a }] } }\n`)
    expect(workflow.outcome.stages[0]).toMatchObject({ status: 'failure', reason })
    for (const done of [step, stage, workflow]) expect(done.exit).toBe(1)
  })

  test('outputs of a stage that cannot be evaluated fail it', async () => {
    const done = await run(
      `t: { steps: [{ id: s, run: a }], outputs: { v: '\${{ fromJSON(steps.s.outputs.nothing) }}' } }\nu: { needs: t, steps: [{ run: b }] }`,
    )
    expect(done.status).toEqual({ t: 'failure', 't/s': 'success', u: 'skipped', 'u/1': 'skipped' })
  })
})

describe('contexts', () => {
  test('tell the run, the event, the matrix, the inputs and what ended before', async () => {
    const done = await run(
      `version: 1
name: contexts
on: { workflow_dispatch: b }
inputs:
  flag: { type: boolean }
  count: { type: number, default: 3 }
  level: { options: [low, high], default: low }
stages:
  a: { steps: [{ id: x, run: x, continue-on-error: true }], outputs: { v: val } }
  b:
    needs: a
    matrix: { n: [1], os: [linux] }
    steps:
      - assert: inputs.flag && inputs.count == 4 && inputs.level == 'high'
      - assert: matrix.n == 1 && matrix.os == 'linux'
      - assert: needs.a.result == 'success' && needs.a.outputs.v == 'val'
      - assert: run.target == 'b' && !run.dirty && run.id != ''
      - assert: github.event_name == 'workflow_dispatch' && github.event.sender.login == 'octo' && github.actor == 'octo'
      - assert: github.ref_name == 'main' && github.ref_type == 'branch' && github.repository_owner == 'org'
      - assert: toJSON(needs.a.outputs) != '' && contains(toJSON(steps), 'outcome')
`,
      {
        tracked: [],
        event: {
          name: 'workflow_dispatch',
          payload: {
            ref: 'refs/heads/main',
            inputs: { flag: 'true', count: '4', other: 'not ours' },
            sender: { login: 'octo' },
            repository: { full_name: 'org/repo', default_branch: 'main' },
          },
        },
        inputs: { level: 'high' },
        scripts: { x: { code: 1 } },
      },
    )
    expect(Object.entries(done.status).filter(([, status]) => status === 'failure')).toEqual([['a/x', 'failure']])
    expect(done.outcome.verdict).toBe('warn')
  })

  test('`hashFiles` takes files of the workspace alone, and `!` takes some out', async () => {
    const hash = async (patterns: string, more: Walk = {}): Promise<string | undefined> =>
      envOf(
        await run(`t: { steps: [{ run: a, env: { H: "\${{ hashFiles(${patterns}) }}" } }] }`, {
          files: { 'a.lock': '1', 'b/b.lock': '2', 'b/c.txt': '3' },
          ...more,
        }),
      )['H']
    const all = await hash("'**/*.lock'")
    expect(all).toMatch(/^[0-9a-f]{64}$/)
    expect(await hash("'a.lock', 'b/b.lock'")).toBe(all)
    expect(await hash("'**/*', '!**/*.txt', '!.github/**'")).toBe(all)
    expect(await hash("'**/*.lock'", { files: { 'a.lock': '1', 'b/b.lock': 'changed' } })).not.toBe(all)
    expect(await hash("'b'")).toBe('')
    expect(await hash("'nothing'")).toBe('')
    expect(
      await hash("'../outside', 'link'", {
        with: ({ files }) => {
          files.write('/outside', 'x')
          files.link('/repo/link', '/outside')
        },
      }),
    ).toBe('')
  })
})

describe('folders', () => {
  test('are the workspace, the stage’s or the step’s, and may not lead out', async () => {
    const done = await walk(
      `t: { working-directory: app, on-failure: continue, steps: { a: { run: a }, b: { run: b, working-directory: "lib/\${{ github.ref_name }}" }, c: { run: c, working-directory: ../other }, d: { run: d, working-directory: /etc }, e: { run: e, working-directory: link } } }
u: { steps: [{ run: f }] }`,
      {
        tracked: [],
        files: { 'app/x': '', 'lib/main/x': '' },
        with: ({ files }) => files.link('/repo/link', '/tmp'),
      },
    )
    const cwd = Object.fromEntries(done.started.map((one) => [one.script, one.cwd]))
    expect(cwd).toEqual({ a: '/repo/app', b: '/repo/lib/main', f: '/repo' })
    for (const id of ['c', 'd', 'e'])
      expect(done.step(`t/${id}`).reason).toBe('the working directory leads out of the repository')
  })
})

test('each shell gets its script as GitHub would hand it over', async () => {
  const steps = ['bash', 'sh', 'pwsh', 'python', 'node'].map((shell) => `${shell}: { run: x, shell: ${shell} }`)
  const done = await walk(`t: { steps: { none: { run: x }, ${steps.join(', ')} } }`)
  const argv = done.ports.processes.started.map(({ spec }) => spec.argv)
  expect(argv).toEqual([
    ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', 'x'],
    ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', 'x'],
    ['sh', '-e', '-c', 'x'],
    [
      'pwsh',
      '-NoLogo',
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      "$ErrorActionPreference = 'stop'\nx\nif (Test-Path variable:LASTEXITCODE) { exit $LASTEXITCODE }",
    ],
    ['python3', '-c', 'x'],
    ['node', '-e', 'x'],
  ])
})

test('a script that is too long for an argument goes through a file', async () => {
  const long = `echo ${'x'.repeat(120_000)}`
  let content: string | undefined
  const done = await walk(`t: { steps: [{ run: "${long}" }] }`, {
    with: ({ processes, files }) =>
      processes.on(
        ({ argv }) => argv.at(-1)?.endsWith('.sh') ?? false,
        ({ argv }) => ({ does: () => (content = files.readText(argv.at(-1) ?? '')) }),
      ),
  })
  expect(done.ports.processes.started[0]?.spec.argv.slice(0, 5)).toEqual([
    'bash',
    '--noprofile',
    '--norc',
    '-eo',
    'pipefail',
  ])
  expect(content).toBe(long)
})
