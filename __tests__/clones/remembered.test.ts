import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileOf, selectEntries } from '../../src/history/lines.js'
import type { Entry } from '../../src/history/entry.js'
import { hostPorts } from '../../src/host/index.js'
import type { Outcome } from '../../src/journal/outcome.js'
import type { Git } from '../../src/ports.js'
import { changeFacts } from '../../src/publish/change.js'
import { git } from '../support/command.js'
import { filesOf, onRunner, outcomeIn, pulled, pushed, source, workflow } from '../support/measured.js'
import { makeOrigin, pushEvent } from '../support/origin.js'
import type { Origin } from '../support/origin.js'
import { Scratch } from '../support/scratch.js'
import { shop } from '../support/entries.js'

jest.setTimeout(120_000)

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-history-')
})
afterAll(() => scratch.remove())

const entryOn = async (origin: Origin, commit: string): Promise<Entry | undefined> =>
  selectEntries(await git(origin.address, 'show', `wf-history:${fileOf(shop)}`), new Set([commit])).entries.at(-1)
const branches = async (origin: Origin): Promise<string> => git(origin.address, 'branch', '--list', 'wf-history')
const historyOf = ({ published }: Outcome) => published.filter(({ effect }) => effect === 'history')
/** Fingerprints of what the linter found, by place. */
const findingsIn = ({ evidence }: Outcome): Record<string, string> =>
  Object.fromEntries(
    evidence.flatMap((stage) =>
      stage.evidence.flatMap((one) =>
        one.kind === 'findings'
          ? one.findings.map((finding) => [`${finding.file}:${finding.line}`, finding.fingerprint])
          : [],
      ),
    ),
  )

describe('history: branch', () => {
  test('a push to the default branch is remembered by its commit, with what it measured', async () => {
    const origin = await makeOrigin(scratch, filesOf('history: branch'))
    const { commit, outcome } = await pushed(origin)
    expect([outcome.verdict, historyOf(outcome)]).toEqual(['pass', [{ effect: 'history', status: 'created' }]])
    const found = Object.values(findingsIn(outcome)).sort()
    expect(found).toHaveLength(3)
    expect(await entryOn(origin, commit)).toMatchObject({
      commit,
      workflow: shop,
      target: 'check',
      verdict: 'pass',
      stages: {
        check: {
          tests: { tests: 2, passed: 2, keys: ['["s","t","one"]', '["s","t","two"]'] },
          coverage: { lines: [13, 14], files: { 'a.js': [5, 6], 'b.js': [8, 8] } },
          findings: { lint: found },
        },
      },
    })
  })

  test('a pull request is compared with its base: one finding is new, one fixed, moved and renamed code is known', async () => {
    const origin = await makeOrigin(scratch, filesOf('history: branch'))
    const { commit, outcome: before } = await pushed(origin)
    const { pull, outcome } = await pulled(origin, {
      // `bad a` is mended, `bad b` moves down, `bad d` is new.
      'a.js': source('one', 'two', 'three miss', 'new', 'new miss', 'bad d', 'new', 'three miss', 'bad b', 'four'),
      'b.js': null,
      'lib/b.js': source('five', 'bad c', 'six', 'seven', 'eight', 'nine', 'ten', 'other'),
      'tests.txt': source('two', 'three', 'four'),
    })
    expect(outcome.compared).toEqual({
      base: { sha: pull.base, name: 'main' },
      baseline: { sha: commit, distance: 0 },
      // Five lines of a.js, one of lib/b.js, two of tests.txt.
      change: {
        files: 3,
        lines: 8,
        added: [
          { path: 'a.js', ranges: [[4, 8]] },
          { path: 'lib/b.js', ranges: [[8, 8]] },
          { path: 'tests.txt', ranges: [[2, 3]] },
        ],
      },
      earlier: [
        {
          sha: commit,
          stages: [
            {
              stage: 'check',
              duration_ms: expect.any(Number),
              tests: 2,
              lines: [13, 14],
              branches: [0, 0],
              findings: { lint: 3 },
            },
          ],
        },
      ],
    })
    const evidence = outcome.evidence.flatMap((stage) => stage.evidence)
    // Of the lines of a.js the fifth and the eighth have no hit.
    expect(evidence.find(({ kind }) => kind === 'coverage')).toMatchObject({
      patch: {
        lines_valid: 6,
        lines_covered: 4,
        files: [
          {
            path: 'a.js',
            lines_valid: 5,
            lines_covered: 3,
            missed: [
              [5, 5],
              [8, 8],
            ],
          },
        ],
        more: 0,
      },
    })
    // 13 of 14 lines were covered, and 15 of 18 are.
    expect(changeFacts(outcome)).toEqual([
      'coverage 83.33% ▼ 9.52',
      'added lines covered 66.66% (4 of 6)',
      'tests 3 +2 −1',
      'findings 1 new, 1 fixed, 2 known',
    ])
    const [was, now] = [findingsIn(before), findingsIn(outcome)]
    expect(Object.keys(now)).toEqual(['a.js:6', 'a.js:9', 'lib/b.js:2'])
    expect(now['a.js:9']).toBe(was['a.js:5'])
    const lint = outcome.verdicts.find(({ gate }) => gate === 'lint')
    expect(lint?.figures).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'known', value: '2' }),
        expect.objectContaining({ name: 'fixed', value: '1' }),
      ]),
    )
    // What was compared is no part of the history.
    expect(historyOf(outcome)).toEqual([])
    expect(await git(origin.address, 'rev-list', '--count', 'wf-history')).toBe('1\n')
  })

  test('the next push is compared with the one before it', async () => {
    const origin = await makeOrigin(scratch, filesOf('history: branch'))
    const first = await pushed(origin)
    expect(first.outcome.compared).toMatchObject({ base: null, baseline: { missing: 'no earlier run is known' } })
    await origin.edit({ 'tests.txt': source('one') })
    const second = await pushed(origin)
    expect(second.outcome.compared).toMatchObject({ baseline: { sha: first.commit, distance: 0 } })
    expect((await entryOn(origin, second.commit))?.stages['check']?.tests?.tests).toBe(1)
  })

  test('a push to another branch, or of files that differ from the commit, is not remembered', async () => {
    const origin = await makeOrigin(scratch, filesOf('history: branch'))
    await origin.edit({ 'tests.txt': source('one') }, 'feature')
    expect(historyOf((await pushed(origin, { branch: 'feature' })).outcome)).toEqual([])
    const folder = await origin.checkOut({ commit: await origin.tip('main'), depth: 1 })
    writeFileSync(join(folder, 'built.txt'), 'x')
    const { outcome } = await pushed(origin, { folder })
    expect([historyOf(outcome), outcome.notes]).toEqual([
      [],
      [expect.stringMatching(/^this run was not added to the history: files differ from the commit/)],
    ])
    expect(await branches(origin)).toBe('')
  })

  test('a token that may not write changes nothing of the verdict, and says what would mend it', async () => {
    const origin = await makeOrigin(scratch, filesOf('history: branch'))
    const denied: Git = {
      run: async (cwd, args, how) =>
        args.includes('push')
          ? { code: 128, stdout: '', stderr: 'remote: Permission to org/shop.git denied to github-actions[bot].' }
          : hostPorts().git.run(cwd, args, how),
    }
    const { outcome } = await pushed(origin, { port: denied })
    expect([outcome.verdict, historyOf(outcome)]).toEqual([
      'pass',
      [
        {
          effect: 'history',
          status: 'failed',
          reason: 'the token may not do this: remote: Permission to org/shop.git denied to github-actions[bot].',
          mend: "add `contents: write` to the job's `permissions:`",
        },
      ],
    ])
  })

  test('of two pushes at once both are remembered', async () => {
    const origin = await makeOrigin(scratch, filesOf('history: branch'))
    const first = await origin.tip('main')
    const second = await origin.edit({ 'tests.txt': source('one') })
    await Promise.all(
      [first, second].map(async (commit) => {
        const folder = await origin.checkOut({ commit, depth: 1 })
        return outcomeIn(folder, { ...onRunner(folder), event: pushEvent('refs/heads/main', commit) })
      }),
    )
    expect([(await entryOn(origin, first))?.commit, (await entryOn(origin, second))?.commit]).toEqual([first, second])
  })

  test('lines that are no entries are passed over and said once', async () => {
    const origin = await makeOrigin(scratch, filesOf('history: branch'))
    const { commit, folder } = await pushed(origin)
    await git(folder, 'fetch', '--quiet', 'origin', 'wf-history')
    await git(folder, 'checkout', '--quiet', '--detach', 'FETCH_HEAD')
    writeFileSync(
      join(folder, fileOf(shop)),
      `hello\n${readFileSync(join(folder, fileOf(shop)), 'utf8')}{"version":9}\n`,
    )
    await git(folder, 'commit', '--quiet', '--all', '--message=x')
    await git(folder, 'push', '--quiet', 'origin', 'HEAD:refs/heads/wf-history')
    const { outcome } = await pulled(origin, { 'tests.txt': source('one') })
    expect(outcome.compared?.baseline).toEqual({ sha: commit, distance: 0 })
    expect(outcome.notes).toEqual(['in the history of earlier runs 2 lines that are no entries were passed over'])
  })
})

describe('without `history`', () => {
  test('a runner reads the branch and writes nothing', async () => {
    const origin = await makeOrigin(scratch, filesOf(''))
    expect(historyOf((await pushed(origin)).outcome)).toEqual([])
    expect(await branches(origin)).toBe('')
    await origin.edit({ '.github/wf.yml': workflow('history: branch') })
    const { commit } = await pushed(origin)
    await origin.edit({ '.github/wf.yml': workflow('') })
    const { outcome } = await pulled(origin, { 'tests.txt': source('one') })
    expect(outcome.compared?.baseline).toEqual({ sha: commit, distance: 1 })
  })

  test('a laptop remembers each clean commit in its folder, and asks no remote', async () => {
    const origin = await makeOrigin(scratch, filesOf(''))
    const base = await origin.tip('main')
    const folder = await origin.checkOut({ commit: base, depth: 'full' })
    const asked: string[] = []
    const watched: Git = {
      run: async (cwd, args, how) => {
        asked.push(...args.filter((arg) => ['fetch', 'push', 'ls-remote'].includes(arg)))
        return hostPorts().git.run(cwd, args, how)
      },
    }
    await outcomeIn(folder, {}, watched)
    expect(readdirSync(join(folder, '.wf/history'))).toEqual(['.gitignore', fileOf(shop)])
    await git(folder, 'checkout', '--quiet', '-b', 'mine')
    writeFileSync(join(folder, 'b.js'), source('bad f'))
    await git(folder, 'commit', '--quiet', '--all', '--message=feat: f')
    writeFileSync(join(folder, 'a.js'), source('one', 'bad e'))
    const { compared, published } = await outcomeIn(folder, {}, watched)
    expect(compared).toMatchObject({
      base: { sha: base, name: 'main' },
      baseline: { sha: base, distance: 0 },
      change: { files: 2, lines: 2 },
    })
    expect([asked, published]).toEqual([[], []])
  })

  test('a commit that fails fails again: it is compared with what came before it, not with itself', async () => {
    const origin = await makeOrigin(scratch, filesOf(''))
    await origin.edit({ '.github/wf.yml': workflow('').replace('issues: 100', 'issues: 0') })
    const folder = await origin.checkOut({ commit: await origin.tip('main'), depth: 'full' })
    const twice = [await outcomeIn(folder), await outcomeIn(folder)]
    writeFileSync(join(folder, 'a.js'), source('one'))
    expect([...twice, await outcomeIn(folder)].map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'fail'])
  })

  test('a run that leaves no evidence asks git nothing more and is not remembered', async () => {
    const origin = await makeOrigin(scratch, filesOf(''))
    await origin.edit({
      '.github/wf.yml':
        'version: 1\nname: shop\non: { push: check }\nstages: { check: { steps: [{ run: "true" }] } }\n',
    })
    const { outcome, folder } = await pushed(origin)
    expect(outcome).not.toHaveProperty('compared')
    expect(await git(folder, 'rev-parse', '--is-shallow-repository')).toBe('true\n')
    await outcomeIn(folder)
    expect(readdirSync(join(folder, '.wf'))).not.toContain('history')
  })
})

describe('history by a folder', () => {
  const history = 'history: { store: folder, folder: .wf-history, keep: 1d, entries: 2 }'

  test('on a runner keeps what a cache brings back, as long and as much as is asked for', async () => {
    const origin = await makeOrigin(scratch, filesOf(history))
    const commits: string[] = []
    const folder = await origin.checkOut({ commit: await origin.tip('main'), depth: 'full' })
    for (const tests of ['one', 'two', 'three']) {
      commits.push(await origin.edit({ 'tests.txt': source(tests) }))
      await git(folder, 'fetch', '--quiet', 'origin')
      await git(folder, 'checkout', '--quiet', '--detach', commits.at(-1) ?? '')
      await pushed(origin, { folder })
    }
    const text = readFileSync(join(folder, '.wf-history', fileOf(shop)), 'utf8')
    expect(selectEntries(text, new Set(commits)).entries.map(({ commit }) => commit)).toEqual(commits.slice(1))
    const { outcome } = await pushed(origin, { folder })
    expect(outcome.compared?.baseline).toEqual({ sha: commits[1], distance: 0 })
    expect(await branches(origin)).toBe('')
  })

  test('that git tracks is not believed on a runner: a change could write its own', async () => {
    const origin = await makeOrigin(scratch, { ...filesOf('history: { folder: .wf-history }'), '.wf-history/x': '' })
    const { outcome } = await pulled(origin, { 'tests.txt': source('one') })
    expect(outcome.compared?.baseline).toEqual({
      missing: 'git tracks files in `.wf-history`, so a change could write its own history; take them out of git',
    })
  })
})

test('history: off compares with no earlier run and remembers none; the lines of the change are known all the same', async () => {
  const origin = await makeOrigin(scratch, filesOf('history: off'))
  expect(historyOf((await pushed(origin)).outcome)).toEqual([])
  const { outcome } = await pulled(origin, { 'tests.txt': source('one', 'two', 'three') })
  expect(outcome.compared).toMatchObject({
    baseline: { missing: 'the workflow file says `history: off`' },
    change: { files: 1, lines: 1 },
  })
})

test('where the history is kept is what the base says, whatever the change says', async () => {
  const origin = await makeOrigin(scratch, filesOf('history: branch'))
  const { commit } = await pushed(origin)
  const { outcome } = await pulled(origin, { '.github/wf.yml': workflow('history: off') })
  expect(outcome.compared?.baseline).toEqual({ sha: commit, distance: 0 })
})
