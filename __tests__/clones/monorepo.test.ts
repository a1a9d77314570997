import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { join } from 'node:path'
import { renderPlan } from '../../src/cli/plan.js'
import { hostPorts } from '../../src/host/index.js'
import type { Json } from '../../src/base/json.js'
import type { RunOptions } from '../../src/options.js'
import type { Ports } from '../../src/ports.js'
import { prepare } from '../../src/prepare.js'
import { renderCheck } from '../../src/publish/check.js'
import { renderComment } from '../../src/publish/comment.js'
import { renderSummary } from '../../src/publish/summary.js'
import { renderTerminal } from '../../src/publish/terminal.js'
import type { Event } from '../../src/trigger/event.js'
import { git } from '../support/command.js'
import { DiskGitHub } from '../support/github.js'
import { cutOff, makeOrigin, mergeGroupEvent, pushEvent } from '../support/origin.js'
import type { Edits, Origin } from '../support/origin.js'
import { change, runIn, shell } from '../support/real-run.js'
import { checkouts } from '../support/rules.js'
import { Scratch } from '../support/scratch.js'

jest.setTimeout(120_000)

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-monorepo-')
})
afterAll(() => scratch.remove())

const path = '.github/wf.yml'
const workflow = (gates = ''): string => `version: 1
name: shop
on: { pull_request: review, merge_group: review, push: [{ branches: ['**'], target: review }, { tags: ['v*'], target: review }], schedule: review }
history: { store: folder }
stages:
  all-files: { steps: [{ run: 'true' }] }
  lib: { paths: packages/lib/, steps: [{ run: sh report.sh lib, reports: lib.info }] }
  api: { needs: lib, paths: packages/api/, steps: [{ run: sh report.sh api, reports: api.info }] }
  web:
    paths: packages/web/
    steps: [{ run: sh report.sh web, reports: [web.info, { path: web.xml, suite: browser }] }]
  review: { needs: [all-files, api, web]${gates} }
`
/** Each package says itself how many of its ten lines are covered. */
const report = `n=$(cat packages/$1/covered)
{ echo "SF:packages/$1/a.js"; for i in 1 2 3 4 5 6 7 8 9 10; do echo "DA:$i,$((i <= n))"; done; echo end_of_record; } > $1.info
echo '<testsuite name="s" tests="1"><testcase name="t"/></testsuite>' > $1.xml
`
const files = (gates = ''): Edits => ({
  [path]: workflow(gates),
  'report.sh': report,
  '.gitignore': '*.info\n*.xml\n.wf/\n',
  ...Object.fromEntries(['lib', 'api', 'web'].map((name) => [`packages/${name}/covered`, '6\n'])),
  'README.md': 'shop\n',
})
const originOf = async (gates = ''): Promise<Origin> => makeOrigin(scratch, files(gates))

/** The stages that need not run in a folder, or why all of them run. */
async function idleIn(
  folder: string,
  options: Partial<RunOptions> = {},
  ports: Partial<Ports> = {},
): Promise<string[] | string> {
  const prepared = await prepare({ folder, ...options }, { ...hostPorts(), ...ports })
  if (!prepared.ok) throw new Error(prepared.problems.map(({ message }) => message).join('\n'))
  const { plan, notes } = prepared.value
  if (!plan.change) throw new Error('nothing is said of the change')
  if ('everything' in plan.change) {
    expect(notes).toContain(`every stage runs, whatever its \`paths\`: ${plan.change.everything}`)
    expect(plan.stages.some(({ unaffected }) => unaffected)).toBe(false)
    return plan.change.everything
  }
  return plan.stages.flatMap(({ id, unaffected }) => (unaffected ? [id] : []))
}

const pushOf = (before: string, after: string, more: { [key: string]: Json } = {}): Event => {
  const event = pushEvent('refs/heads/main', after)
  return { ...event, payload: { ...event.payload, before, ...more } }
}

describe('what a pull request affects', () => {
  test('are the files between its merge base and its commit, however it is checked out', async () => {
    const origin = await originOf()
    const { head } = await origin.pull({ 'packages/lib/a.js': 'x\n' }, { 'README.md': 'y\n' })
    // What the base did since is no part of it.
    await origin.edit({ 'packages/web/a.js': 'z\n' })
    const pull = await origin.mergeOf(head)
    await origin.edit({ 'packages/web/b.js': 'z\n' })
    for (const how of checkouts(pull))
      expect(await idleIn(await origin.checkOut(how), { event: pull.event })).toEqual(['web'])
  })

  test('a file that was renamed counts under both names, and one that was removed too', async () => {
    const origin = await originOf()
    const moved = await origin.pull({ 'packages/lib/covered': null, 'packages/web/moved': '6\n' })
    const folder = async (commit: string): Promise<string> => origin.checkOut({ commit, depth: 'full' })
    expect(await idleIn(await folder(moved.merge), { event: moved.event })).toEqual([])
    const removed = await origin.pull({ 'packages/web/covered': null })
    expect(await idleIn(await folder(removed.merge), { event: removed.event })).toEqual(['lib', 'api'])
  })

  test('is everything where it changes the workflow file', async () => {
    const origin = await originOf()
    const pull = await origin.pull({ [path]: `${workflow()}# a remark\n`, 'packages/web/a.js': 'x\n' })
    expect(await idleIn(await origin.checkOut({ commit: pull.merge, depth: 1 }), { event: pull.event })).toBe(
      'this change touches the workflow file .github/wf.yml',
    )
  })

  test('is known without the remote where the whole history is checked out, although the base went on', async () => {
    const origin = await originOf()
    const pull = await origin.pull({ 'packages/api/a.js': 'x\n' })
    const folder = await origin.checkOut({ commit: pull.merge, depth: 'full' })
    await origin.edit({ 'packages/web/a.js': 'x\n' })
    await cutOff(folder)
    expect(await idleIn(folder, { event: pull.event }, { github: new DiskGitHub(origin) })).toEqual(['lib', 'web'])
  })

  test('is the same for every job of a run, whatever its base does meanwhile and however deep its clone is', async () => {
    const origin = await originOf()
    const pull = await origin.pull({ 'packages/api/a.js': 'x\n' }, { 'README.md': 'y\n' })
    const planIn = async (depth: 1 | 'full'): Promise<unknown> => {
      const folder = await origin.checkOut({ commit: pull.merge, depth })
      const prepared = await prepare({ folder, event: pull.event }, hostPorts())
      return prepared.ok ? prepared.value.plan : prepared.problems
    }
    const first = await planIn(1)
    expect(first).toMatchObject({ change: { base: pull.base, files: 2 } })
    await origin.edit({ 'packages/web/a.js': 'x\n' })
    expect(await planIn(1)).toEqual(first)
    await origin.grow(60)
    expect(await planIn('full')).toEqual(first)
    expect(await planIn(1)).toEqual(first)
  })

  test('a submodule counts by its path', async () => {
    const origin = await originOf()
    const folder = await origin.checkOut({ commit: await origin.tip('main'), depth: 'full' })
    const other = await scratch.repositoryWith(undefined, { a: 'a\n' })
    shell(
      folder,
      `git switch -qc topic; git -c protocol.file.allow=always submodule --quiet add ${other} packages/web/sub`,
    )
    expect(await idleIn(folder, { base: 'origin/main' })).toEqual(['lib', 'api'])
    shell(folder, `git commit -qm 'chore: add a submodule'`)
    expect(await idleIn(folder, { base: 'HEAD' })).toMatch(/^nothing differs from /)
    shell(join(folder, 'packages/web/sub'), `echo b > b`)
    expect(await idleIn(folder, { base: 'HEAD' })).toEqual(['lib', 'api'])
  })
})

describe('what other events affect', () => {
  test('of a merge group: the files from its base to its head', async () => {
    const origin = await originOf()
    const base = await origin.tip('main')
    const head = await origin.edit({ 'packages/api/a.js': 'x\n' }, 'queue')
    for (const depth of [1, 'full'] as const)
      expect(
        await idleIn(await origin.checkOut({ commit: head, depth }), { event: mergeGroupEvent(base, head) }),
      ).toEqual(['lib', 'web'])
  })

  test('of a push to a branch: the files between the commits before and after it', async () => {
    const origin = await originOf()
    await origin.edit({ 'packages/web/a.js': 'x\n' })
    const before = await origin.tip('main')
    await origin.edit({ 'packages/api/a.js': 'x\n' })
    const after = await origin.edit({ 'README.md': 'y\n' })
    for (const depth of [1, 'full'] as const)
      expect(await idleIn(await origin.checkOut({ commit: after, depth }), { event: pushOf(before, after) })).toEqual([
        'lib',
        'web',
      ])
  })

  test('of a push without a commit before it, a forced one, a tag and a schedule: everything', async () => {
    const origin = await originOf()
    const first = await origin.tip('main')
    const old = await origin.edit({ 'packages/web/a.js': 'x\n' })
    const after = await origin.edit({ 'packages/api/a.js': 'x\n' }, 'other')
    const folder = await origin.checkOut({ commit: after, depth: 'full' })
    const why = async (event: Event): Promise<unknown> => idleIn(folder, { event })
    expect(await why(pushOf('0'.repeat(40), after))).toBe('the branch has no commit before this push')
    const other = 'the push put other commits in the place of those that the branch had'
    expect(await why(pushOf(first, after, { forced: true }))).toBe(other)
    const side = await origin.edit({ 'packages/lib/a.js': 'x\n' }, 'side')
    expect(side).not.toBe(old)
    const clone = await origin.checkOut({ commit: side, depth: 'full' })
    expect(await idleIn(clone, { event: pushOf(after, side) })).toBe(
      'the push put other commits in the place of those that the branch had',
    )
    await origin.push(first, 'refs/tags/v1')
    const tagged = await origin.checkOut({ commit: first, depth: 'full' })
    expect(await idleIn(tagged, { event: pushEvent('refs/tags/v1', first) })).toBe('a tag is no change')
    const schedule: Event = {
      name: 'schedule',
      payload: { schedule: '0 0 * * *', repository: { full_name: 'org/shop', default_branch: 'main' } },
      sha: first,
      ref: 'refs/heads/main',
    }
    const main = await origin.checkOut({ commit: first, depth: 'full' })
    expect(await idleIn(main, { event: schedule })).toBe('the event `schedule` is of no change')
  })

  test('where a shallow clone has not the base and cannot get it: everything, and how to mend that', async () => {
    const origin = await originOf()
    const before = await origin.tip('main')
    const after = await origin.edit({ 'packages/api/a.js': 'x\n' })
    const folder = await origin.checkOut({ commit: after, depth: 1 })
    await cutOff(folder)
    expect(await idleIn(folder, { event: pushOf(before, after) })).toMatch(
      /^the commit [0-9a-f]{7} is not here \(.*; check out the whole history: `fetch-depth: 0`/,
    )
  })
})

describe('on a laptop', () => {
  const cloneOf = async (origin: Origin): Promise<string> => {
    const folder = join(scratch.folderWith(undefined), 'shop')
    await git(scratch.root, 'clone', '--quiet', `file://${origin.address}`, folder)
    return folder
  }

  test('what is not committed belongs to the change, new files too', async () => {
    const folder = await cloneOf(await originOf())
    expect(await idleIn(folder)).toMatch(
      /^nothing differs from [0-9a-f]{7}; `--base REV` compares with another commit$/,
    )
    change(folder, { 'packages/web/new.js': 'x\n' })
    expect(await idleIn(folder)).toEqual(['lib', 'api'])
    shell(folder, 'git switch -qc topic; git add .; git commit -qm "feat: new"; echo x >> packages/api/covered')
    expect(await idleIn(folder)).toEqual(['lib'])
    expect(await idleIn(folder, { base: 'HEAD' })).toEqual(['lib', 'web'])
    change(folder, { [path]: `${workflow()}# a remark\n` })
    expect(await idleIn(folder)).toBe('this change touches the workflow file .github/wf.yml')
  })

  test('in a folder of the repository its paths are those of that folder', async () => {
    const folder = scratch.folderWith(undefined)
    change(folder, Object.fromEntries(Object.entries(files()).map(([name, text]) => [`shop/${name}`, text])))
    shell(
      folder,
      'git init -q; git add .; git commit -qm "chore: start"; echo x >> shop/packages/api/covered; echo x > top',
    )
    expect(await idleIn(join(folder, 'shop'))).toEqual(['lib', 'web'])
  })

  test('a stage that is named runs; a run that goes on does what the first one did not, and no more', async () => {
    const folder = await cloneOf(await originOf())
    change(folder, { 'README.md': 'x\n' })
    expect(await idleIn(folder, { target: 'review' })).toEqual(['lib', 'api', 'web'])
    expect(await idleIn(folder, { target: 'web' })).toEqual([])
    expect(await idleIn(folder, { target: 'api' })).toEqual(['lib'])
    const first = await runIn(folder, { target: 'review' })
    const again = await runIn(folder, { resume: { run: first.outcome.run.id, fresh: false } })
    expect(again.outcome.stages.map(({ id, unaffected }) => [id, unaffected ?? false])).toEqual([
      ['all-files', false],
      ['lib', true],
      ['api', true],
      ['web', true],
      ['review', false],
    ])
    expect(again.outcome.resumed).toMatchObject({ reused: 1 })
  })
})

describe('a run of a change that does not affect everything', () => {
  const gates = ', gates: { coverage: { lines: 50%, drop: 0% }, tests: { required: [browser] } }'

  test('judges a milestone by what ran; required suites and coverage of the rest are not missed', async () => {
    const origin = await originOf(gates)
    const pull = await origin.pull({ 'packages/lib/a.js': 'x\n' })
    const folder = await origin.checkOut({ commit: pull.merge, depth: 'full' })
    const { outcome } = await runIn(folder, { event: pull.event })
    expect(outcome).toMatchObject({ verdict: 'pass', reason: 'all gates pass' })
    expect(outcome.stages.find(({ id }) => id === 'web')).toEqual({
      id: 'web',
      milestone: false,
      unaffected: true,
      status: 'success',
      reason: 'not affected by this change',
      duration_ms: 0,
      instances: [],
    })
    expect(outcome.verdicts.map(({ gate, status, reason }) => [gate, status, reason])).toEqual([
      ['tests', 'pass', 'not affected by this change: web'],
      ['coverage', 'pass', expect.stringContaining('lines 60%')],
    ])
    for (const said of [
      renderTerminal(outcome, { columns: 100, colours: false }),
      renderComment(outcome),
      renderSummary(outcome),
      renderCheck(outcome).text,
    ])
      expect(said.replaceAll(/\s+/g, ' ')).toMatch(
        /(?:web`?.{0,5}|: `web`) ?not affected by this change|Not affected by this change: `web`/,
      )
    // A stage that runs and is not good enough fails, whatever else did not run.
    const bad = await origin.pull({ 'packages/lib/covered': '1\n' })
    const low = await runIn(await origin.checkOut({ commit: bad.merge, depth: 'full' }), { event: bad.event })
    expect(low.outcome.verdict).toBe('fail')
  })

  test('asks no condition of what is not affected, and what needs it goes on', async () => {
    const folder =
      await scratch.repositoryWith(`a: { paths: a/, if: "env.NOBODY == 'x'", steps: [{ run: 'false' }], gates: { coverage: {} } }
b: { needs: a, steps: [{ run: 'true' }] }
c: { needs: a, paths: c/, matrix: { n: [1, 2] }, steps: [{ run: 'true' }] }
`)
    const { outcome } = await runIn(folder, { stages: ['b', 'c'] })
    expect(outcome.verdict).toBe('pass')
    expect(outcome.stages.map(({ id, status, instances }) => [id, status, instances.length])).toEqual([
      ['a', 'success', 0],
      ['b', 'success', 1],
      ['c', 'success', 2],
    ])
    expect(outcome.verdicts).toEqual([])
  })

  test('says so where nothing is affected', async () => {
    const folder = join(scratch.folderWith(undefined), 'shop')
    const origin = await makeOrigin(scratch, {
      ...files(gates),
      [path]: workflow(gates)
        .replace(/ {2}all-files.*\n/, '')
        .replace('all-files, ', ''),
    })
    await git(scratch.root, 'clone', '--quiet', `file://${origin.address}`, folder)
    change(folder, { 'README.md': 'x\n' })
    const { outcome } = await runIn(folder)
    expect(outcome).toMatchObject({ verdict: 'pass', reason: 'no stage is affected by this change' })
    expect(renderCheck(outcome).title).toBe('no stage is affected by this change')
    expect(renderComment(outcome)).toContain('No stage is affected by this change')
    expect(outcome.verdicts.map(({ status, reason }) => [status, reason])).toEqual([
      ['pass', 'not affected by this change: lib, api, web'],
      ['pass', 'not affected by this change: lib, api, web'],
    ])
  })

  test('a secret in what no stage is about is found by the milestone all the same', async () => {
    const origin = await originOf(', gates: { secrets: {} }')
    const key = ['ghp', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('_')
    const pull = await origin.pull({ 'README.md': `token = "${key}"\n` })
    const { outcome } = await runIn(await origin.checkOut({ commit: pull.merge, depth: 'full' }), { event: pull.event })
    expect(outcome.verdicts.map(({ gate, status }) => [gate, status])).toEqual([['secrets', 'fail']])
  })

  test('does not say in the history that the rest measured nothing: what that measured before goes on to count', async () => {
    const origin = await originOf(gates)
    const folder = join(scratch.folderWith(undefined), 'shop')
    await git(scratch.root, 'clone', '--quiet', `file://${origin.address}`, folder)
    await runIn(folder)
    const commit = (files: Edits): void => {
      change(folder, files)
      shell(folder, 'git add .; git commit -qm "feat: next"')
    }
    const idle = (outcome: { stages: readonly { id: string; unaffected?: true }[] }): string[] =>
      outcome.stages.flatMap(({ id, unaffected }) => (unaffected ? [id] : []))
    // As pushes to main do: each is compared with the one before it.
    commit({ 'packages/lib/a.js': 'x\n' })
    const second = await runIn(folder, { base: 'HEAD~1' })
    expect(idle(second.outcome)).toEqual(['web'])
    commit({ 'packages/web/covered': '5\n' })
    const third = await runIn(folder, { base: 'HEAD~1' })
    expect(idle(third.outcome)).toEqual(['lib', 'api'])
    const coverage = third.outcome.verdicts.find(({ gate }) => gate === 'coverage')
    expect(coverage).toMatchObject({
      status: 'fail',
      reason: expect.stringMatching(/lines 60% at .*50% now: 10% lost/),
    })
    expect(third.outcome.compared?.baseline).toMatchObject({ distance: 0 })
    expect(third.outcome.compared?.earlier?.[0]?.stages.map(({ stage }) => stage).sort()).toEqual(['api', 'lib', 'web'])
  })
})

test('the plan shows what is affected, and why', async () => {
  const origin = await originOf()
  const pull = await origin.pull({ 'packages/lib/a.js': 'x\n' })
  const prepared = await prepare(
    { folder: await origin.checkOut({ commit: pull.merge, depth: 1 }), event: pull.event },
    hostPorts(),
  )
  if (!prepared.ok) throw new Error('the plan is not made')
  const shown = renderPlan(prepared.value.plan)
  expect(shown).toContain(`1 file changed since ${pull.base.slice(0, 7)}\n`)
  expect(shown).toContain('lib  (touches packages/lib/a.js)\n└─ lib/1')
  expect(shown).toContain('api  needs lib  (`lib` is affected)\n')
  expect(shown).toContain('\nweb  not affected by this change\n\nreview  milestone')
})
