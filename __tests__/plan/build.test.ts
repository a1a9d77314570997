import { describe, expect, test } from '@jest/globals'
import { assert as holds, array, asyncProperty, integer } from 'fast-check'
import { renderPlan } from '../../src/cli/plan.js'
import { buildPlan } from '../../src/plan/build.js'
import type { Plan } from '../../src/plan/plan.js'
import { loadWorkflow } from '../../src/workflow/load.js'
import { workflowOf } from '../support/walk.js'

async function planOf(text: string, target?: string): Promise<Plan> {
  const loaded = await loadWorkflow('wf.yml', workflowOf(text))
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'))
  const plan = buildPlan(loaded.workflow, target)
  if (!plan.ok) throw new Error(plan.problems.map(({ message, hint }) => `${message}; ${hint}`).join('\n'))
  return plan.value
}
const idsOf = (plan: Plan): string[] => plan.stages.map(({ id }) => id)

const text = `review: { needs: [quality, test] }
test:
  name: Tests
  needs: build
  matrix: { node: [20, 24], os: [linux] }
  requires: { node: "\${{ matrix.node }}" }
  steps: { unit: { run: a, reports: [r.xml, { stdout: tsc }] }, e2e: { needs: unit, if: always(), run: b, retry: { retries: 2 } } }
  finally: [{ name: Clean up, run: c }]
  gates: { coverage: {}, secrets: off }
quality: { needs: build, if: "run.target != 'x'", steps: [{ assert: 1 == 1 }] }
build: { steps: [{ run: make }] }
other: { steps: [{ run: x }] }`

describe('the plan', () => {
  test('is the target and all that it needs, each after what it needs, else in the order of the file', async () => {
    expect(idsOf(await planOf(text, 'review'))).toEqual(['build', 'quality', 'test', 'review'])
    expect(idsOf(await planOf(text, 'test'))).toEqual(['build', 'test'])
    expect(idsOf(await planOf(text))).toEqual(['build', 'quality', 'test', 'review', 'other'])
  })

  test('is plain data with addresses', async () => {
    const plan = await planOf(text, 'review')
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
    expect(plan).toMatchObject({ version: 1, workflow: { name: 'walk', path: 'wf.yml' }, target: 'review' })
    const test = plan.stages.find(({ id }) => id === 'test')
    expect(test?.instances.map(({ address }) => address)).toEqual(['test[node=20,os=linux]', 'test[node=24,os=linux]'])
    expect(test?.instances[1]?.steps[1]).toEqual({
      address: 'test[node=24,os=linux]/e2e',
      id: 'e2e',
      kind: 'run',
      needs: ['unit'],
      if: 'always()',
      reports: [],
      attempts: 3,
    })
    expect(test?.gates).toEqual([
      { gate: 'coverage', written: true },
      { gate: 'tests', written: false },
      { gate: 'vulnerabilities', written: false },
    ])
  })

  test('tells what goes on in the background, and whose instances are known later', async () => {
    const plan = await planOf(`plan: { steps: [{ id: p, run: x }], outputs: { list: '\${{ steps.p.outputs.list }}' } }
test:
  needs: plan
  matrix: { part: '\${{ fromJSON(needs.plan.outputs.list) }}', kind: ['\${{ github.event_name }}'] }
  steps: [{ id: server, run: serve, background: true, ready: { tcp: 1 } }, { id: unit, run: unit }]`)
    expect(plan.stages[1]).toMatchObject({ instances: [], dynamic: { after: ['plan'] } })
    const shown = renderPlan(plan)
    expect(shown).toContain('└─ test[…]  instances known when `plan` has ended\n')
    expect(shown).toContain('   ├─ test[…]/server  run; background\n')
  })

  test('tells what limits its steps, in its data and in what is shown', async () => {
    const plan = await planOf(
      'version: 1\nname: walk\ntimeout: 1h\nstages:\n  t: { timeout: 90s, pool: few, steps: [{ run: a, breaker: registry }] }\n',
    )
    expect(plan).toMatchObject({ timeout_ms: 3_600_000, stages: [{ timeout_ms: 90_000 }] })
    expect(plan.stages[0]?.instances[0]?.steps[0]).toMatchObject({ pool: 'few', breaker: 'registry' })
    expect(renderPlan(plan).trimEnd().split('\n')).toEqual([
      'walk: to all (wf.yml)  at most 1h',
      '',
      't  at most 90s',
      '└─ t/1 “a”  run; pool few; breaker registry',
    ])
  })

  test('is shown as a tree', async () => {
    expect(renderPlan(await planOf(text, 'review'))).toBe(`walk: to review (wf.yml)

build
└─ build/1 “make”  run

quality  needs build  if run.target != 'x'
└─ quality/1  assert

test “Tests”  needs build
├─ test[node=20,os=linux]  requires node
│  ├─ test[node=20,os=linux]/unit  run; reports r.xml, stdout (tsc)
│  ├─ test[node=20,os=linux]/e2e  run; after unit; if always(); up to 3 attempts
│  └─ test[node=20,os=linux]/finally-1 “Clean up”  run; finally
└─ test[node=24,os=linux]  requires node
   ├─ test[node=24,os=linux]/unit  run; reports r.xml, stdout (tsc)
   ├─ test[node=24,os=linux]/e2e  run; after unit; if always(); up to 3 attempts
   └─ test[node=24,os=linux]/finally-1 “Clean up”  run; finally
   gates: coverage, (tests), (vulnerabilities)

review  milestone  needs quality, test

(…): judged if there is evidence
`)
  })

  test('tells instances apart that read alike', async () => {
    const plan = await planOf(
      "t: { matrix: { include: [{ n: 1 }, { n: '1' }, { n: '2' }, { n: '3,m=4' }, { n: 3, m: 4 }] }, steps: [{ run: x }] }",
    )
    expect(plan.stages[0]?.instances.map(({ address }) => address)).toEqual([
      't[n=1]',
      't[n="1"]',
      't[n=2]',
      't[n="3,m=4"]',
      't[n=3,m=4]',
    ])
  })

  test('of an unknown target says what there is', async () => {
    await expect(planOf(text, 'reveiw')).rejects.toThrow(
      'there is no stage `reveiw` to walk to; did you mean `review`?',
    )
    await expect(planOf('a: { steps: [{ run: x }] }', 'zzzzzz')).rejects.toThrow('the stages are `a`')
  })

  test('needs a threshold for the target', async () => {
    const gate = 'a: { steps: [{ run: x, reports: r }], gates: { coverage: { lines: { b: 50% } } } }\nb: { needs: a }'
    await expect(planOf(gate, 'a')).rejects.toThrow(
      'the gate `coverage` of `a` has no value of `lines` for the target `a`',
    )
    expect(idsOf(await planOf(gate, 'b'))).toEqual(['a', 'b'])
  })

  test('is the same for the same file, in an order in which each comes after what it needs', async () => {
    await holds(
      asyncProperty(
        array(array(integer({ min: 0, max: 30 }), { maxLength: 4 }), { minLength: 1, maxLength: 12 }),
        async (needs) => {
          const stages = needs.map((list, i) => {
            const before = [...new Set(list.filter((n) => n > i && n < needs.length))].map((n) => `s${n}`)
            return `s${i}: { ${before.length ? `needs: [${before.join(', ')}], ` : ''}steps: [{ run: a }] }`
          })
          const plan = await planOf(stages.join('\n'))
          const at = new Map(idsOf(plan).map((id, i) => [id, i]))
          expect(plan.stages).toHaveLength(needs.length)
          for (const { id, needs: before } of plan.stages)
            for (const need of before) expect(at.get(need)).toBeLessThan(at.get(id) ?? -1)
          expect(await planOf(stages.join('\n'))).toEqual(plan)
        },
      ),
      { numRuns: 40 },
    )
  })
})
