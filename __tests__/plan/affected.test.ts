import { describe, expect, test } from '@jest/globals'
import { assert as holds, array, boolean, constantFrom, integer, property, record, subarray } from 'fast-check'
import type { Arbitrary } from 'fast-check'
import { fatesOf, pathMatcher, planForChange, planOfStages } from '../../src/plan/affected.js'
import type { Touched } from '../../src/plan/affected.js'
import { buildPlan } from '../../src/plan/build.js'
import type { Plan } from '../../src/plan/plan.js'
import { loadWorkflow } from '../../src/workflow/load.js'
import { workflowOf } from '../support/walk.js'

/** The plan of some stages for a change of these files; without files it is not known. */
async function planFor(
  stages: string,
  files: readonly string[] | undefined,
  { named, isThere = () => true }: { named?: string; isThere?: (path: string) => boolean } = {},
): Promise<{ plan: Plan; notes: string[] }> {
  const loaded = await loadWorkflow('.github/wf.yml', workflowOf(stages))
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'))
  const plan = buildPlan(loaded.workflow)
  if (!plan.ok) throw new Error(plan.problems.map(({ message }) => message).join('\n'))
  const touched: Touched = files ? { base: 'a'.repeat(40), files } : { missing: 'a tag is no change' }
  return planForChange(plan.value, loaded.workflow, touched, { workflowFiles: ['.github/wf.yml'], named, isThere })
}

/** By stage, why it runs or does not; `-` where nothing is said. */
const whys = ({ plan }: { plan: Plan }): Record<string, string> =>
  Object.fromEntries(plan.stages.map(({ id, why = '-' }) => [id, why]))
const idle = ({ plan }: { plan: Plan }): string[] =>
  plan.stages.flatMap((stage) => (stage.unaffected ? [stage.id] : []))

const packages = `lint: { steps: [{ run: lint }] }
lib: { paths: packages/lib/**, steps: [{ run: lib }] }
api: { needs: [lint, lib], paths: packages/api/**, steps: [{ run: api }], gates: { coverage: {} } }
web: { paths: [packages/web/**, '!**/*.md'], steps: [{ run: web }] }
review: { needs: [api, web] }`

describe('what a change affects', () => {
  test('runs what it touches and what needs that; the rest has nothing to run, and no gates', async () => {
    const made = await planFor(packages, ['packages/lib/a.js', 'README.md'])
    expect(whys(made)).toEqual({
      lint: '-',
      lib: 'touches packages/lib/a.js',
      api: '`lib` is affected',
      web: 'not affected by this change',
      review: '-',
    })
    expect(made.plan.change).toEqual({ base: 'a'.repeat(40), files: 2 })
    expect(made.plan.stages.find(({ id }) => id === 'web')).toMatchObject({
      unaffected: true,
      instances: [],
      gates: [],
    })
    expect(made.notes).toEqual([])
    expect(idle(await planFor(packages, ['packages/api/a.js']))).toEqual(['lib', 'web'])
    expect(idle(await planFor(packages, ['packages/web/README.md']))).toEqual(['lib', 'api', 'web'])
  })

  test('reaches through milestones and through stages without paths', async () => {
    const stages = `lib: { paths: lib/, steps: [{ run: lib }] }
ready: { needs: lib }
pack: { needs: ready, steps: [{ run: pack }] }
app: { needs: pack, paths: app/, steps: [{ run: app }] }`
    expect(whys(await planFor(stages, ['lib/x']))).toMatchObject({ lib: 'touches lib/x', app: '`lib` is affected' })
    expect(idle(await planFor(stages, ['app/x']))).toEqual(['lib'])
  })

  test('runs what is not affected where a stage that runs waits for its artifacts or outputs', async () => {
    const stages = `base: { paths: base/, steps: [{ run: base }], artifacts: base/dist }
lib: { needs: base, paths: lib/, steps: [{ run: lib }] }
tag: { paths: tag/, steps: [{ id: t, run: tag }], outputs: { tag: '\${{ steps.t.outputs.tag }}' } }
app: { needs: [lib, tag], paths: app/, steps: [{ run: app }] }
end: { needs: [lib, tag, app] }`
    expect(whys(await planFor(stages, ['app/x']))).toEqual({
      base: '`app` waits for its artifacts',
      lib: 'not affected by this change',
      tag: '`app` waits for its outputs',
      app: 'touches app/x',
      end: '-',
    })
    expect(idle(await planFor(stages, ['tag/x']))).toEqual(['lib'])
    expect(idle(await planFor(stages, ['other']))).toEqual(['base', 'lib', 'tag', 'app'])
  })

  test('a milestone waits for outputs only where its condition asks for them', async () => {
    const stages = (condition: string): string =>
      `tag: { paths: tag/, steps: [{ id: t, run: tag }], outputs: { tag: '\${{ steps.t.outputs.tag }}' } }
end: { needs: tag${condition} }`
    expect(idle(await planFor(stages(''), ['x']))).toEqual(['tag'])
    expect(idle(await planFor(stages(', if: "always()"'), ['x']))).toEqual(['tag'])
    expect(idle(await planFor(stages(`, if: "needs.tag.outputs.tag != ''"`), ['x']))).toEqual([])
  })

  test('is everything where the workflow file changed, nothing did, or the change is not known, which is said', async () => {
    const why = async (files: string[] | undefined): Promise<unknown> => {
      const { plan, notes } = await planFor(packages, files)
      expect(idle({ plan })).toEqual([])
      expect(notes).toEqual([
        `every stage runs, whatever its \`paths\`: ${(plan.change as { everything: string }).everything}`,
      ])
      return plan.change
    }
    expect(await why(['.github/wf.yml', 'packages/web/a.js'])).toEqual({
      everything: 'this change touches the workflow file .github/wf.yml',
    })
    expect(await why([])).toEqual({ everything: 'nothing differs from aaaaaaa' })
    expect(await why(undefined)).toEqual({ everything: 'a tag is no change' })
  })

  test('is not asked where no stage has paths', async () => {
    const { plan, notes } = await planFor('a: { steps: [{ run: a }] }', undefined)
    expect([plan.change, notes]).toEqual([undefined, []])
  })

  test('is the same on a machine that is told which stages run', async () => {
    const { plan } = await planFor(packages, ['packages/lib/a.js'])
    const running = plan.stages.flatMap(({ id, unaffected, milestone }) => (unaffected || milestone ? [] : [id]))
    const loaded = await loadWorkflow('.github/wf.yml', workflowOf(packages))
    const whole = loaded.ok ? buildPlan(loaded.workflow) : loaded
    if (!loaded.ok || !whole.ok) throw new Error('the stages are not planned')
    const told = planOfStages(whole.value, loaded.workflow, running)
    const { change: _, ...rest } = plan
    expect(told).toEqual({ ...rest, stages: plan.stages.map(({ why: _why, ...stage }) => stage) })
  })

  test('a stage that somebody asks for by its name runs', async () => {
    expect(whys(await planFor(packages, ['README.md'], { named: 'web' }))).toMatchObject({
      lib: 'not affected by this change',
      web: 'asked for by its name',
    })
  })

  test('a stage whose paths lead nowhere runs for every change, since most likely a name is mistaken', async () => {
    const isThere = (path: string): boolean => path !== 'packages/web'
    const made = await planFor(packages, ['README.md'], { isThere })
    expect(idle(made)).toEqual(['lib', 'api'])
    expect(made.notes).toEqual([
      '`web` runs for every change: there is no `packages/web`, which its `paths` name; correct it or take it out',
    ])
  })
})

describe('paths', () => {
  const fits = (patterns: string[], names: string[]): string[] => names.filter(pathMatcher(patterns))

  test('are globs, or folders with all in them, and `!` takes out of what stands before it', () => {
    const names = ['a', 'a/b', 'a/b/c.js', 'a/.b/c', 'ab', 'd/a/b', 'a/b/c.md']
    expect(fits(['a'], names)).toEqual(['a', 'a/b', 'a/b/c.js', 'a/.b/c', 'a/b/c.md'])
    expect(fits(['./a/'], names)).toEqual(['a', 'a/b', 'a/b/c.js', 'a/.b/c', 'a/b/c.md'])
    expect(fits(['a/*'], names)).toEqual(['a/b'])
    expect(fits(['a/**', '!**/*.md', '!a/.b'], names)).toEqual(['a', 'a/b', 'a/b/c.js'])
    expect(fits(['a/**', '!a/b/', 'a/b/*.md'], names)).toEqual(['a', 'a/.b/c', 'a/b/c.md'])
    expect(fits(['**/*.{js,md}'], names)).toEqual(['a/b/c.js', 'a/b/c.md'])
    expect(fits(['.'], names)).toEqual(names)
  })

  test('a submodule is a file of its name', () => {
    expect(fits(['vendor/x/**'], ['vendor/x', 'vendor/y'])).toEqual(['vendor/x'])
    expect(fits(['vendor/x'], ['vendor/x', 'vendor/y'])).toEqual(['vendor/x'])
  })
})

type Stage = Parameters<typeof fatesOf>[0][number]

/** Stages in which each needs some of those before it; a component has the file of its own name. */
const graphs = array(
  record({
    needs: array(integer({ min: 1, max: 6 }), { maxLength: 3 }),
    hasPaths: boolean(),
    isMilestone: boolean(),
    leaves: constantFrom('nothing', 'artifacts', 'outputs'),
  }),
  { minLength: 1, maxLength: 12 },
).map((list) =>
  list.map(({ needs, hasPaths, isMilestone, leaves }, i) => ({
    id: `s${i}`,
    needs: [...new Set(needs.filter((back) => back <= i).map((back) => `s${i - back}`))],
    paths: hasPaths && !isMilestone ? [`s${i}/`] : [],
    steps: isMilestone ? [] : [{}],
    artifacts: leaves === 'artifacts' && !isMilestone ? [{}] : [],
    outputs: leaves === 'outputs' && !isMilestone ? { out: {} } : {},
  })),
) as unknown as Arbitrary<Stage[]>

const runningIn = (stages: readonly Stage[], touched: ReadonlySet<string>): Set<string> => {
  const fates = fatesOf(stages, ({ id }) => (touched.has(id) ? 'touched' : undefined))
  return new Set(stages.filter(({ id }) => fates.get(id)?.runs ?? true).map(({ id }) => id))
}

function behind(stages: readonly Stage[], id: string): Set<string> {
  const all = new Set<string>()
  const add = (one: string): void => {
    for (const need of stages.find((stage) => stage.id === one)?.needs ?? [])
      if (!all.has(need)) {
        all.add(need)
        add(need)
      }
  }
  add(id)
  return all
}

describe('in any graph of stages', () => {
  const cases = graphs.chain((stages) =>
    subarray(stages.map(({ id }) => id)).chain((more) =>
      subarray(more).map((less) => ({ stages, more: new Set(more), less: new Set(less) })),
    ),
  )

  test('a greater change runs all that a smaller one runs', () => {
    holds(
      property(cases, ({ stages, more, less }) => {
        const all = runningIn(stages, more)
        for (const id of runningIn(stages, less)) expect(all).toContain(id)
      }),
      { numRuns: 500 },
    )
  })

  test('what has no paths runs, and what has runs where it or what it needs is touched, or where somebody waits for it', () => {
    holds(
      property(cases, ({ stages, more }) => {
        const running = runningIn(stages, more)
        const isTouched = (id: string): boolean =>
          more.has(id) && stages.some((stage) => stage.id === id && stage.paths.length > 0)
        for (const { id, paths, artifacts, outputs } of stages) {
          const affected = isTouched(id) || [...behind(stages, id)].some(isTouched)
          if (!paths.length || affected) expect(running).toContain(id)
          else if (running.has(id)) {
            expect(artifacts.length + Object.keys(outputs).length).toBeGreaterThan(0)
            const waiting = stages.filter((one) => one.steps.length && running.has(one.id))
            expect(waiting.some((one) => behind(stages, one.id).has(id))).toBe(true)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('no stage that runs lacks what a stage leaves that it needs', () => {
    holds(
      property(cases, ({ stages, more }) => {
        const running = runningIn(stages, more)
        const leaving = new Map(stages.map((stage) => [stage.id, stage]))
        for (const { id, needs } of stages.filter((stage) => stage.steps.length && running.has(stage.id))) {
          for (const need of behind(stages, id))
            if (leaving.get(need)?.artifacts.length) expect(running).toContain(need)
          for (const need of needs)
            if (Object.keys(leaving.get(need)?.outputs ?? {}).length) expect(running).toContain(need)
        }
      }),
      { numRuns: 500 },
    )
  })
})
