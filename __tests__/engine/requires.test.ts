import { describe, expect, test } from '@jest/globals'
import { startsWith } from '../../src/engine/requires.js'
import { walk } from '../support/walk.js'
import type { Walk } from '../support/walk.js'

const version =
  (tool: string, stdout: string, code = 0): NonNullable<Walk['with']> =>
  ({ processes }) =>
    void processes.on(({ argv }) => argv[0] === tool, { stdout, code })

describe('what a stage requires', () => {
  test('and is here, by the start of its version, runs', async () => {
    for (const [wanted, stdout] of [
      ['20', 'v20.20.2\n'],
      ["'20.20'", 'v20.20.2\n'],
      ["'v20'", '20\n'],
      ["'20.x'", 'v20.1.0\n'],
    ] as const) {
      const done = await walk(`t: { requires: { node: ${wanted} }, steps: [{ run: a }] }`, {
        with: version('node', stdout),
      })
      expect([wanted, done.status]).toEqual([wanted, { t: 'success', 't/1': 'success' }])
    }
  })

  test('and is not here does not run, and is never green', async () => {
    const done = await walk(
      `t: { matrix: { node: [20, 24] }, requires: { node: "\${{ matrix.node }}" }, steps: [{ run: a }] }
u: { needs: t, steps: [{ run: b }] }`,
      { with: version('node', 'v20.20.2\n') },
    )
    expect(done.status).toEqual({
      t: 'not-run-here',
      't[node=20]': 'success',
      't[node=20]/1': 'success',
      't[node=24]': 'not-run-here',
      't[node=24]/1': 'skipped',
      u: 'skipped',
      'u/1': 'skipped',
    })
    expect(done.outcome.stages[0]?.instances[1]?.reason).toBe('it requires node 24, and here is 20.20.2')
    expect(done.outcome).toMatchObject({ verdict: 'no-data', reason: 'not run here: t[node=24]' })
    expect(done.exit).toBe(1)
  })

  test.each<[string, Walk['with'], string]>([
    ['is missing', ({ processes }) => void processes.on(/^go /, { notStarted: 'no' }), 'there is no `go` here'],
    ['does not tell', version('go', 'go\n'), '`go version` does not tell its version'],
    ['fails', version('go', 'shim: go 1.22 is not installed\n', 127), '`go version` does not tell its version'],
    ['hangs', ({ processes }) => void processes.on(/^go /, { hangs: true }), '`go version` does not tell its version'],
  ])('and %s is not run here', async (_, ports, reason) => {
    const done = await walk('t: { requires: { go: 1.22 }, steps: [{ run: a }] }', ports ? { with: ports } : {})
    expect(done.outcome.stages[0]?.instances[0]?.reason).toBe(`it requires go 1.22, and ${reason}`)
    expect(done.started.filter(({ script }) => script === 'a')).toEqual([])
    expect(done.exit).toBe(1)
  })

  test('is asked with the variables of the stage, and each program in its own way', async () => {
    const done = await walk('t: { requires: { java: 17 }, env: { JAVA_HOME: /j }, steps: [{ run: a }] }', {
      with: ({ processes }) =>
        void processes.on(/^java -version$/, { stderr: 'openjdk version "17.0.2" 2022-01-18\n' }),
    })
    expect(done.exit).toBe(0)
    expect(done.started[0]?.env).toMatchObject({ JAVA_HOME: '/j' })
  })

  test('matches whole parts of a version', () => {
    expect([
      startsWith('20.1', '20'),
      startsWith('20.1', '2'),
      startsWith('3.10.2', '3.1'),
      startsWith('3.1', '3.1'),
    ]).toEqual([true, false, false, true])
  })
})
