import { describe, expect, test } from '@jest/globals'
import { walk } from '../../support/walk.js'
import type { Walk } from '../../support/walk.js'

/** What a plug-in is handed; its own values are as loose as JavaScript. */
interface Call {
  with: Record<string, unknown>
  env: Record<string, string>
  workspace: string
  signal: AbortSignal
  log: (text: unknown) => void
  setOutput: (name: unknown, value: unknown) => void
}

describe('plugin', () => {
  const use = (module: unknown, rest = '', more: Walk = {}) =>
    walk(`t: { steps: [{ id: a, plugin: ./p.mjs ${rest} }] }`, {
      files: { 'p.mjs': '' },
      modules: { '/repo/p.mjs': module },
      ...more,
    })
  const plugin = (run: (call: Call) => unknown, inputs?: object) => ({
    default: { ...(inputs ? { inputs } : {}), run },
  })

  test('gets its typed inputs, its variables and the workspace, and leaves outputs', async () => {
    let seen: unknown
    const done = await walk(
      't: { steps: [{ id: a, plugin: ./p.mjs, env: { E: 1 }, with: { n: "${{ fromJSON(\'[1]\')[0] }}", t: "x ${{ run.target }}" } }, { assert: "steps.a.outputs.o == \'v\' && steps.a.outputs.n == \'5\'" }] }',
      {
        files: { 'p.mjs': '' },
        modules: {
          '/repo/p.mjs': plugin(
            ({ with: given, env, workspace, log, setOutput }: Call) => {
              seen = { given, e: env.E, attempt: env.WF_ATTEMPT, workspace }
              log('working')
              setOutput('o', 'v')
              setOutput('n', 5)
              return { ok: true }
            },
            { required: ['n'], properties: { n: { type: 'number' }, t: { type: 'string' } } },
          ),
        },
      },
    )
    expect(seen).toEqual({ given: { n: 1, t: 'x all' }, e: '1', attempt: '1', workspace: '/repo' })
    expect(done.live.get('t/a')).toBe('working\n')
    expect(done.exit).toBe(0)
  })

  test('whose inputs do not fit does not start', async () => {
    let ran = false
    const done = await use(
      plugin(() => (ran = true), { required: ['must'], properties: { must: {}, n: { type: 'number' } } }),
      ', with: { n: text, nope: 1 }',
    )
    expect(done.step('t/a').reason).toBe(
      "the inputs do not fit: `with` must have required property 'must'; `with` must NOT have additional properties (`nope`); `with.n` must be number",
    )
    expect(ran).toBe(false)
    const none = await use(
      plugin(() => undefined),
      ', with: { x: 1 }',
    )
    expect(none.step('t/a').reason).toBe('the plug-in declares no `inputs`, and `with` gives some')
    const odd = await use(plugin(() => undefined, { type: 'nonsense' }))
    expect(odd.step('t/a').reason).toMatch(/^the plug-in's schema of its inputs is no JSON Schema: /)
  })

  test.each<[string, unknown, string]>([
    [
      'throws',
      plugin(() => {
        throw new Error('boom')
      }),
      'the plug-in threw: boom',
    ],
    ['rejects', plugin(async () => Promise.reject(new Error('later'))), 'the plug-in threw: later'],
    [
      'throws no error',
      plugin(() => {
        throw undefined
      }),
      'the plug-in threw: undefined',
    ],
    ['says so', plugin(() => ({ ok: false, message: 'not today' })), 'not today'],
    ['says no more', plugin(() => ({ ok: false, message: 5 })), 'the plug-in answered that it failed'],
    [
      'gives an output no name',
      plugin(({ setOutput }: Call) => setOutput('a\nb', 'x')),
      '"a\\nb" is no name of an output',
    ],
    ['gives an output no text', plugin(({ setOutput }: Call) => setOutput('a', {})), 'the output `a` is no text'],
    ['exports nothing', {}, '`./p.mjs` exports no plug-in: its default export needs a function `run`'],
    [
      'exports no function',
      { default: { run: 1 } },
      '`./p.mjs` exports no plug-in: its default export needs a function `run`',
    ],
  ])('fails when it %s', async (_, module, reason) => {
    const done = await use(module)
    expect(done.step('t/a')).toMatchObject({ status: 'failure', reason })
    expect(done.exit).toBe(1)
  })

  test('that is not there, or lies outside, fails', async () => {
    const missing = await walk('t: { steps: [{ id: a, plugin: ./none.mjs }] }')
    expect(missing.step('t/a').reason).toBe('there is no module `./none.mjs`')
    const outside = await walk('t: { steps: [{ id: a, plugin: ../p.mjs }] }')
    expect(outside.step('t/a').reason).toBe('`../p.mjs` leads out of the repository')
    const unloadable = await walk('t: { steps: [{ id: a, plugin: ./p.mjs }] }', { files: { 'p.mjs': '' } })
    expect(unloadable.step('t/a').reason).toMatch(/^`\.\/p\.mjs` cannot be loaded: Cannot find module/)
  })

  test('hears when it shall stop, and is left behind when it does not', async () => {
    let aborted = false
    const obedient = plugin(
      ({ signal }: Call) =>
        new Promise((resolve) => signal.addEventListener('abort', () => ((aborted = true), resolve({ ok: true })))),
    )
    const done = await use(obedient, ', timeout: 5s')
    expect(aborted).toBe(true)
    expect(done.step('t/a').reason).toBe('took longer than 5s')
    let log: (text: string) => void = () => undefined
    const deaf = plugin((call: Call) => {
      log = call.log
      return new Promise(() => undefined)
    })
    const left = await use(deaf, ', timeout: 5s')
    expect(left.ports.clock.monotonic()).toBe(10_000)
    expect(left.step('t/a')).toMatchObject({ status: 'failure', reason: 'took longer than 5s' })
    expect(() => log('still here')).not.toThrow()
    const killed = await use(deaf, '', { killAt: 100, cancelAt: 50 })
    expect([killed.exit, killed.ports.clock.monotonic()]).toEqual([130, 100])
  })
})
