import { describe, expect, test } from '@jest/globals'
import { absentGates, withEventsOf, withGatesOf } from '../../src/workflow/rules.js'
import { workflow } from '../support/workflows.js'

const step = 'steps: [{ run: x, reports: a.xml }]'
const both = async (base: string, change: string) => Promise.all([workflow(base), workflow(change)])

/** The gates of each stage of the mixture; `off`, or thresholds as the model has them. */
async function mixed(base: string, change: string, target = 'review') {
  const [before, after] = await both(base, change)
  const { stages } = withGatesOf(before, after, target)
  return Object.fromEntries(
    [...stages].map(([id, { gates }]) => [
      id,
      Object.fromEntries(Object.entries(gates).map(([gate, { off, thresholds }]) => [gate, off ? 'off' : thresholds])),
    ]),
  )
}

/** What is said of the gates that the change keeps from judging. */
async function absent(base: string, change: string, fork?: string, target = 'review') {
  const [before, after] = await both(base, change)
  const forked = fork === undefined ? undefined : await workflow(fork)
  return absentGates({ workflow: before, name: 'main', fork: forked }, after, target)
}

describe('the steps of a change', () => {
  test('are judged by the gates of the base; a stage that only the change has by its own', async () => {
    const base = `stages:\n  test: { ${step}, gates: { coverage: { lines: 80% }, lint: {} } }\n  review: { needs: test }\n`
    const change = `stages:\n  test: { steps: [{ run: other }], gates: { coverage: { lines: 10% }, secrets: off } }\n  extra: { ${step}, gates: { types: {} } }\n  review: { needs: [test, extra], gates: { tests: off } }\n`
    expect(await mixed(base, change)).toEqual({
      test: {
        coverage: { lines: { default: { part: 80, whole: 100 }, targets: {} } },
        lint: { issues: { default: 0, targets: {} } },
      },
      extra: { types: { errors: { default: 0, targets: {} } } },
      review: {},
    })
    const [before, after] = await both(base, change)
    expect(withGatesOf(before, after, 'review').stages.get('test')?.steps).toBe(after.stages.get('test')?.steps)
  })

  test('walk as far as the base says; an event that the base does not know walks as the change says', async () => {
    const file = (on: string): string => `on: ${on}\nstages:\n  a: { ${step} }\n  b: { needs: a }\n`
    const [before, after] = await both(
      file('{ pull_request: b, push: { branches: [main], target: b } }'),
      file('{ pull_request: a, merge_group: a }'),
    )
    const { on } = withEventsOf(before, after)
    expect(on).toMatchObject({
      pull_request: [{ target: 'b' }],
      push: [{ target: 'b' }],
      merge_group: [{ target: 'a' }],
    })
  })

  test('on the way to a target that only the change has are judged by the value that the change gives for it', async () => {
    const file = (lines: string, more = ''): string =>
      `stages:\n  test: { ${step}, gates: { coverage: { lines: ${lines} } } }\n  review: { needs: test }\n${more}`
    const own = (value: string) => ({ part: Number(value), whole: 100 })
    const extra = '  perf: { needs: test }\n'
    const lines = async (base: string, change: string, target: string) =>
      (await mixed(file(base), file(change, extra), target))['test']?.['coverage']
    expect(await lines('{ review: 80% }', '{ review: 10%, perf: 40% }', 'perf')).toEqual({
      lines: { targets: { review: own('80'), perf: own('40') } },
    })
    expect(await lines('{ review: 80% }', '30%', 'perf')).toEqual({
      lines: { targets: { review: own('80'), perf: own('30') } },
    })
    expect(await lines('80%', '{ default: 10%, perf: 40% }', 'perf')).toEqual({
      lines: { default: own('80'), targets: {} },
    })
    expect(await lines('{ review: 80% }', '{ review: 10%, perf: 40% }', 'review')).toEqual({
      lines: { targets: { review: own('80') } },
    })
  })

  test('find suites and targets of the base that they do not have, and nothing breaks', async () => {
    const base = `stages:
  test: { steps: [{ run: x, reports: { path: a.xml, suite: e2e } }], gates: { tests: { pass-rate: { default: 90%, old: 95% }, suites: { e2e: {} } } } }
  old: { needs: test }
  review: { needs: test }
`
    const change = `stages:\n  test: { ${step} }\n  review: { needs: test }\n`
    const gates = await mixed(base, change)
    expect(gates['test']?.['tests']).toEqual({
      'pass-rate': { default: { part: 90, whole: 100 }, targets: { old: { part: 95, whole: 100 } } },
    })
  })
})

describe('a milestone of the change', () => {
  const base = `stages:\n  test: { ${step} }\n  flaky: { ${step} }\n  nightly: { needs: flaky, gates: { tests: off } }\n  review: { needs: test }\n`
  const change = (gates: string, more = ''): string =>
    `stages:\n  test: { ${step} }\n  flaky: { ${step} }\n  nightly: { needs: [flaky${more}], gates: { tests: off } }\n  lenient: { needs: test, gates: ${gates} }\n  review: { needs: [test, lenient${more && ', nightly'}] }\n`

  test('does not relieve the stages before it of gates that judge without being written', async () => {
    expect((await mixed(base, change('{ tests: off, secrets: { any: 3 }, lint: off }')))['lenient']).toEqual({
      lint: 'off',
    })
    expect((await mixed(base, change('{ tests: { suites: {}, pass-rate: 99% } }')))['lenient']).toEqual({})
  })

  test('may ask for as much as the default, and for more', async () => {
    const kept = await mixed(base, change('{ tests: { minimum: 5 }, vulnerabilities: { medium: 0 } }'))
    expect(Object.keys(kept['lenient'] ?? {})).toEqual(['tests', 'vulnerabilities'])
  })

  test('that the base has too relieves what it relieves there, and nothing more', async () => {
    expect((await mixed(base, change('{}')))['nightly']).toEqual({ tests: 'off' })
    expect((await mixed(base, change('{}'), 'nightly'))['nightly']).toEqual({ tests: 'off' })
    expect((await mixed(base, change('{}', ', test')))['nightly']).toEqual({})
  })
})

describe('a stage that the change takes off the path', () => {
  const base = `stages:
  test: { ${step} }
  quality: { ${step}, gates: { lint: {}, types: {}, secrets: off } }
  review: { needs: [test, quality] }
`
  const reason = 'the stage `quality` was removed; the rules of main judge it'

  test('fails each gate that the base writes there', async () => {
    const gone = await absent(base, `stages:\n  test: { ${step} }\n  review: { needs: test }\n`)
    expect(gone.map(({ stage, gate, when, reason }) => ({ stage, gate, when, reason }))).toEqual([
      { stage: 'quality', gate: 'lint', when: 'always', reason },
      { stage: 'quality', gate: 'types', when: 'always', reason },
    ])
    const beside = await absent(base, base.replace('[test, quality]', 'test'))
    expect(beside.map(({ reason }) => reason)).toEqual(
      Array(2).fill('the stage `quality` was taken off the path; the rules of main judge it'),
    )
  })

  test('fails nothing without a written gate, and nothing on the way to another target', async () => {
    expect(await absent(base, `stages:\n  quality: { ${step} }\n  review: { needs: quality }\n`)).toEqual([])
    expect(await absent(base, `stages:\n  test: { ${step} }\n`, undefined, 'test')).toEqual([])
  })

  test('is missed in a run of every stage', async () => {
    const [before, after] = await both(base, `stages:\n  test: { ${step} }\n`)
    expect(absentGates({ workflow: before, name: 'main' }, after, undefined)).toHaveLength(2)
  })

  test('is the base’s doing when the change never had it', async () => {
    const change = `stages:\n  test: { ${step} }\n  review: { needs: test }\n`
    const [first] = await absent(base, change, change)
    expect(first).toMatchObject({
      reason: 'main has put the stage `quality` on the path since; this change has it not yet',
      mend: 'take the changes of main over into this one',
    })
    expect((await absent(base, change, base))[0]).toMatchObject({ reason })
  })
})

describe('a stage that the change skips by a condition', () => {
  const base = `stages:\n  build: { ${step}, if: "github.ref != ''" }\n  quality: { ${step}, needs: build, gates: { lint: {} } }\n  review: { needs: quality }\n`
  const skipped = [{ stage: 'quality', gate: 'lint', when: 'skipped' }]

  test('fails the gates of the base if it is skipped', async () => {
    expect(await absent(base, base.replace('needs: build,', 'needs: build, if: false,'))).toMatchObject(skipped)
    expect(await absent(base, base.replace("github.ref != ''", 'false'))).toMatchObject(skipped)
    expect(
      await absent(
        base,
        base.replace('needs: build,', 'needs: [build, new],').concat(`  new: { ${step}, if: false }\n`),
      ),
    ).toMatchObject(skipped)
  })

  test('fails nothing under the conditions of the base, or under fewer', async () => {
    expect(await absent(base, base)).toEqual([])
    expect(await absent(base, base.replace(`, if: "github.ref != ''"`, ''))).toEqual([])
  })
})
