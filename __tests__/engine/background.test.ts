import { describe, expect, test } from '@jest/globals'
import { foldState } from '../../src/journal/state.js'
import { walk } from '../support/walk.js'
import type { Walked } from '../support/walk.js'

const server = { hangs: true, stdout: 'starting\nlistening on 3000\n' }
const stepsOf = ({ started }: Walked): [string, number, number | undefined][] =>
  started.map(({ script, from, to }) => [script, from, to])
const signalsOf = ({ started }: Walked, name: string): string[] | undefined =>
  started.find(({ script }) => script === name)?.signals

/** The order in which a step and its attempts are told in the journal. */
const toldOf = ({ events }: Walked, step: string): string[] =>
  events.flatMap((event) => ('step' in event && event.step === step ? [event.type] : []))

describe('a background step', () => {
  test('is ready when it has started, goes on while others run, and is stopped at the end', async () => {
    const done = await walk(
      `t:
  steps: [{ id: server, run: server, background: true }, { id: a, run: a }, { id: b, run: b }]
  finally: [{ id: last, run: last }]`,
      { scripts: { server, a: { takes: 1000 }, b: { takes: 1000 }, last: { takes: 500 } } },
    )
    expect(stepsOf(done)).toEqual([
      ['server', 0, 2500],
      ['a', 0, 1000],
      ['b', 1000, 2000],
      ['last', 2000, 2500],
    ])
    expect(signalsOf(done, 'server')).toEqual(['SIGINT'])
    expect(done.step('t/server')).toMatchObject({
      status: 'success',
      reason: 'stopped at the end of the stage',
      background: { ready_ms: 0 },
      attempts: 1,
      duration_ms: 2500,
      tail: [],
    })
    expect(toldOf(done, 't/server')).toEqual(['attempt.started', 'step.ready', 'attempt.finished', 'step.finished'])
    expect(done.events).toContainEqual(
      expect.objectContaining({ type: 'attempt.finished', step: 't/server', ending: { kind: 'stopped' } }),
    )
    expect(done.exit).toBe(0)
  })

  test('takes no slot of the run and no place of its pool once it is ready', async () => {
    const done = await walk(
      `t: { steps: [{ run: server, background: true, pool: one }, { run: second, background: true, pool: one }, { run: a, pool: one }] }`,
      { concurrency: 1, scripts: { server, second: server, a: { takes: 10 } } },
    )
    expect(done.outcome.verdict).toBe('pass')
    expect(done.ports.processes.mostAtOnce).toBe(3)
  })

  test('keeps what it prints in its log to the end', async () => {
    const done = await walk('t: { steps: [{ id: s, run: server, background: true }, { run: a }] }', {
      scripts: { server: { ...server, stdout: ['one\n', 'two'] } },
    })
    const log = done.step('t/s').log ?? ''
    expect(done.ports.files.readText(`/repo/.wf/runs/${done.outcome.run.id}/${log}`)).toBe('one\ntwo')
  })

  test('is told where the run is told: when it was ready', async () => {
    const done = await walk(
      't: { steps: [{ id: s, run: server, background: true, ready: { log: on } }, { run: a }] }',
      {
        scripts: { server },
      },
    )
    const summary = done.ports.files.readText(`/repo/.wf/runs/${done.outcome.run.id}/summary.md`)
    expect(summary).toContain('in the background, ready after 0ms')
  })

  test('that does not hear gets SIGTERM after 3 s and SIGKILL after 2 s more', async () => {
    const done = await walk('t: { steps: [{ run: server, background: true }, { run: a }] }', {
      scripts: { server: { ...server, ignores: ['SIGINT', 'SIGTERM'] } },
    })
    expect(signalsOf(done, 'server')).toEqual(['SIGINT', 'SIGTERM', 'SIGKILL'])
    expect(stepsOf(done)[0]).toEqual(['server', 0, 5000])
    expect(done.exit).toBe(0)
  })

  test('is started anew by each instance of a matrix, one after another', async () => {
    const done = await walk(
      't: { matrix: { n: [1, 2] }, steps: [{ run: server, background: true }, { run: "test ${{ matrix.n }}" }] }',
      { scripts: { server, 'test 1': { takes: 100 }, 'test 2': { takes: 100 } } },
    )
    expect(stepsOf(done)).toEqual([
      ['server', 0, 100],
      ['test 1', 0, 100],
      ['server', 100, 200],
      ['test 2', 100, 200],
    ])
  })

  test('is needed in a graph by those that name it', async () => {
    const done = await walk(
      `t:
  steps:
    db: { run: db, background: true, ready: { log: ready } }
    unit: { run: unit }
    e2e: { run: e2e, needs: db }`,
      {
        scripts: { unit: { takes: 100 } },
        with: ({ processes, clock }) =>
          processes.on(
            ({ argv }) => argv.at(-1) === 'db',
            (spec) => {
              clock.after(700, () => spec.onOutput('stderr', Buffer.from('ready\n')))
              return { hangs: true }
            },
          ),
      },
    )
    expect(Object.fromEntries(stepsOf(done))).toEqual({ db: 0, unit: 0, e2e: 700 })
    expect(done.step('t/db').background).toEqual({ ready_ms: 700 })
  })

  test('hands on what it told until it was ready', async () => {
    const done = await walk(
      `t:
  steps:
    - { id: s, run: server, background: true, outputs: { port: number } }
    - { id: a, run: 'use \${{ steps.s.outputs.port }} \${{ steps.s.outcome }}' }
  outputs: { port: '\${{ steps.s.outputs.port }}' }`,
      {
        scripts: ({ memory }) => ({
          server: {
            hangs: true,
            does: ({ env }) => {
              memory.write(env['GITHUB_OUTPUT'] ?? '', 'port=4000\n')
              memory.write(env['GITHUB_ENV'] ?? '', 'URL=http://x\n')
            },
          },
        }),
      },
    )
    expect(done.started[1]?.script).toBe('use 4000 success')
    expect(done.started[1]?.env['URL']).toBe('http://x')
    expect(done.events.findLast(({ type }) => type === 'stage.finished')).toMatchObject({ outputs: { port: '4000' } })
  })
})

describe('a background step that ends by itself', () => {
  const text = (more = ''): string =>
    `t:
  on-failure: ${more.includes('go on') ? 'continue' : 'fail-fast'}
  steps:
    s: { run: server, background: true${more.replace('go on', '')} }
    a: { run: a, needs: s }
    b: { run: b, needs: a }
    other: { run: other }
    apart: { run: apart, needs: other }`

  test('has failed; what runs goes on, what needs it does not begin, nor does anything else', async () => {
    const done = await walk(text(), {
      scripts: {
        server: { takes: 500, code: 1, stderr: 'out of memory\n' },
        a: { takes: 1000 },
        other: { takes: 1000 },
      },
    })
    expect(done.step('t/s')).toMatchObject({
      status: 'failure',
      reason: 'it ended (exit 1) while it was needed',
      tail: ['out of memory'],
    })
    expect(done.status).toMatchObject({
      't/a': 'success',
      't/other': 'success',
      't/b': 'skipped',
      't/apart': 'skipped',
    })
    expect(done.step('t/b').reason).toBe('it needs `a`, and not all that `a` needs succeeded')
    expect(done.status['t']).toBe('failure')
    expect(done.exit).toBe(1)
  })

  test('leaves alone what does not need it where the stage goes on', async () => {
    const done = await walk(text('go on'), {
      scripts: { server: { takes: 500, code: 0 }, a: { takes: 1000 }, other: { takes: 1000 } },
    })
    expect(done.step('t/s').reason).toBe('it ended (exit 0) while it was needed')
    expect(done.status).toMatchObject({ 't/apart': 'success', 't/b': 'skipped' })
  })

  test('with 0 is allowed to by `continue-on-error`, and with anything else its failure is', async () => {
    const of = (code: number): Promise<Walked> =>
      walk(text(', continue-on-error: true'), { scripts: { server: { takes: 500, code }, a: { takes: 1000 } } })
    const [good, bad] = [await of(0), await of(7)]
    expect(good.step('t/s')).toMatchObject({ status: 'success', reason: 'it ended (exit 0) before its stage did' })
    expect(bad.step('t/s')).toMatchObject({ status: 'failure', conclusion: 'success' })
    expect([good.exit, bad.exit]).toEqual([0, 0])
    expect([good.status['t/b'], bad.status['t/b']]).toEqual(['success', 'success'])
  })
})

describe('a background step is stopped', () => {
  const text = `t: { steps: [{ id: s, run: server, background: true }, { id: a, run: a }], finally: [{ id: f, run: f }] }`

  test('at once when the run is cancelled, with the steps', async () => {
    const done = await walk(text, { scripts: { server, a: { hangs: true }, f: { takes: 100 } }, cancelAt: 1000 })
    expect(stepsOf(done)).toEqual([
      ['server', 0, 1000],
      ['a', 0, 1000],
      ['f', 1000, 1100],
    ])
    expect(done.step('t/s')).toMatchObject({ status: 'cancelled', reason: 'stopped while it ran' })
    expect(done.exit).toBe(130)
  })

  test('while it is not ready yet', async () => {
    const done = await walk('t: { steps: [{ id: s, run: server, background: true, ready: { log: never } }] }', {
      scripts: { server },
      cancelAt: 1000,
    })
    expect(stepsOf(done)).toEqual([['server', 0, 1000]])
    expect(done.step('t/s').status).toBe('cancelled')
  })

  test('by SIGKILL when everything is killed', async () => {
    const done = await walk(text, {
      scripts: { server: { ...server, ignores: ['SIGINT', 'SIGTERM'] }, a: { hangs: true } },
      cancelAt: 1000,
      killAt: 1500,
    })
    expect(stepsOf(done)[0]).toEqual(['server', 0, 1500])
    expect(done.exit).toBe(130)
  })

  test('after the last steps when a step fails, and has succeeded itself', async () => {
    const done = await walk(text, { scripts: { server, a: { code: 1, takes: 100 }, f: { takes: 100 } } })
    expect(stepsOf(done)[0]).toEqual(['server', 0, 200])
    expect(done.step('t/s')).toMatchObject({ status: 'success', reason: 'stopped at the end of the stage' })
    expect(done.exit).toBe(1)
  })

  test("after the last steps when the stage's time is over", async () => {
    const done = await walk(text.replace('{ steps', '{ timeout: 5s, steps'), {
      scripts: { server, a: { hangs: true }, f: { takes: 100 } },
    })
    expect(stepsOf(done)[0]).toEqual(['server', 0, 5100])
    expect(done.step('t/s').status).toBe('success')
    expect(done.status['t']).toBe('failure')
  })

  test('and its reports are read then', async () => {
    const done = await walk(
      `t: { steps: [{ id: s, run: server, background: true, reports: out.sarif }, { id: a, run: a }] }`,
      { scripts: { server } },
    )
    expect(done.step('t/s')).toMatchObject({ status: 'failure', reason: 'report out.sarif: the step did not write it' })
  })
})

test('the state of a run knows what was ready, and forgets it when it begins anew', async () => {
  const done = await walk('t: { steps: [{ id: s, run: server, background: true }, { run: a }] }', {
    scripts: { server },
  })
  expect(foldState(done.lines)?.ready.get('t/s')).toMatchObject({ outputs: {}, whole: true })
  const cut = done.lines.findIndex(({ event }) => event.type === 'step.ready')
  const again = done.lines.find(({ event }) => event.type === 'attempt.started')
  const lines = [...done.lines.slice(0, cut + 1), ...(again ? [again] : [])]
  expect(foldState(lines)?.ready.size).toBe(0)
})
