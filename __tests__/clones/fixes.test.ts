import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderDiagnostic } from '../../src/base/diagnostic.js'
import { defaultTokens, startFakeGitHub } from '../../src/fake-github/index.js'
import type { FakeGitHub, FakeGitHubOptions } from '../../src/fake-github/index.js'
import { hostGitHub } from '../../src/host/github.js'
import { hostPorts } from '../../src/host/index.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { renderComment } from '../../src/publish/comment.js'
import { prepare } from '../../src/prepare.js'
import { run } from '../../src/run.js'
import type { RunOptions, Watch } from '../../src/options.js'
import { git } from '../support/command.js'
import { cutOff, makeOrigin, pushEvent } from '../support/origin.js'
import type { Edits, Origin, Pull } from '../support/origin.js'
import { Scratch } from '../support/scratch.js'

jest.setTimeout(60_000)

let scratch: Scratch
let github: FakeGitHub | undefined
beforeAll(() => {
  scratch = new Scratch('wf-fixes-')
})
afterEach(async () => {
  expect(github?.mistakes ?? []).toEqual([])
  await github?.close()
  github = undefined
})
afterAll(() => scratch.remove())

/** `var` in a line of a file is a finding. */
const lint = `
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
const files = readdirSync('src').map((name) => 'src/' + name)
const found = files.map((filePath) => ({ filePath, messages: readFileSync(filePath, 'utf8').split('\\n').flatMap((text, i) =>
  text.includes('var ') ? [{ ruleId: 'no-var', severity: 2, message: 'no var', line: i + 1, column: 1 }] : []) }))
writeFileSync('lint.json', JSON.stringify(found))
process.exit(found.some(({ messages }) => messages.length) ? 1 : 0)
`
/** Puts \`let\` in its place. */
const mend = `
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
for (const name of readdirSync('src'))
  writeFileSync('src/' + name, readFileSync('src/' + name, 'utf8').replaceAll('var ', 'let '))
`
const workflow = `version: 1
name: shop
on: { pull_request: check, push: check }
stages:
  check:
    steps:
      lint: { run: node lint.mjs, fix: node mend.mjs, reports: { path: lint.json, format: eslint-json } }
    gates: { lint: { new-only: false } }
`
const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('')
const numbered = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`)
const start: Record<string, string> = {
  '.github/wf.yml': workflow,
  '.gitignore': 'lint.json\n.wf/\n',
  'lint.mjs': lint,
  'mend.mjs': mend,
  'src/a.js': lines(...numbered),
  'src/old.js': lines('var old = 1'),
}
/** One finding in lines that the change adds; `old.js` has one that the diff does not show. */
const change = { 'src/a.js': lines(...numbered.slice(0, 9), 'var ten = 10', 'var eleven = 11', ...numbered.slice(11)) }

interface Scene {
  origin: Origin
  pull: Pull
}

const scene = async (files: Edits = start, edits: Edits = change): Promise<Scene> => {
  const origin = await makeOrigin(scratch, files)
  const pull = await origin.pull(edits)
  await origin.push(pull.head, 'refs/heads/feature')
  return { origin, pull }
}

/** A GitHub that knows the commits of the pull request, and the files in them. */
async function gitHubOf({ pull }: Scene, more: Partial<FakeGitHubOptions> = {}, files = start): Promise<FakeGitHub> {
  github = await startFakeGitHub({
    ...more,
    repositories: {
      'org/shop': {
        commits: { [pull.base]: { files }, [pull.head]: { parents: [pull.base], files: { ...files, ...change } } },
        branches: { main: pull.base, feature: pull.head },
        pulls: [{ number: 7, head: { ref: 'feature', sha: pull.head }, merge_commit_sha: pull.merge }],
      },
    },
  })
  return github
}

interface Ran {
  outcome: Outcome
  folder: string
  files: string
  place: ReturnType<FakeGitHub['repository']>
}

async function walk(
  { origin, pull }: Scene,
  server: FakeGitHub,
  options: Partial<RunOptions> & {
    commit?: string
    token?: string
    before?: (folder: string) => unknown
    watch?: Watch
  } = {},
): Promise<Ran> {
  const { commit = pull.merge, token = defaultTokens.writes, before, watch, ...more } = options
  const files = await origin.checkOut({ commit, depth: 1 })
  await before?.(files)
  const hub = hostGitHub({ api: server.url, token, repository: 'org/shop', second: 1 })
  const ports = { ...hostPorts(), github: hub }
  const asked: RunOptions = {
    folder: files,
    event: pull.event,
    onRunner: true,
    home: scratch.folderWith(undefined),
    propose: 'suggest',
    post: { check: true, comment: true },
    ...more,
  }
  const prepared = await prepare(asked, ports)
  if (!prepared.ok) throw new Error(prepared.problems.map(renderDiagnostic).join('\n'))
  const { outcome, folder } = await run(prepared.value, asked, ports, watch)
  return { outcome, folder, files, place: server.repository('org/shop') }
}

const remarks = ({ place }: Ran) => (place.reviews['7'] ?? []).flatMap(({ comments }) => comments)

describe('fixes as suggestions', () => {
  test('stand on the lines that the diff shows; the others are a patch; the files and the verdict are those of the commit', async () => {
    const all = await scene()
    const ran = await walk(all, await gitHubOf(all))
    expect(remarks(ran)).toMatchObject([{ path: 'src/a.js', start_line: 10, line: 11, commit_id: all.pull.head }])
    expect(remarks(ran)[0]?.body).toMatch(
      /^<!-- wf-fix:[0-9a-f]{32} -->\nThe fix of `check\/lint`:\n```suggestion\nlet ten = 10\nlet eleven = 11\n```$/,
    )
    const { outcome, files, folder } = ran
    expect(outcome).toMatchObject({
      verdict: 'fail',
      context: { dirty: false },
      fixes: { how: 'suggest', handed: { suggested: 1, standing: 0, rest: ['src/old.js'] } },
    })
    expect(await git(files, 'status', '--porcelain')).toBe('')
    const comment = renderComment(outcome)
    expect(comment).toContain('🔧 1 fix suggested on the diff; 1 file has changes that cannot be suggested.')
    expect(comment).toContain('-var old = 1\n+let old = 1\n')
    expect(comment).not.toContain('+let ten')
    expect(ran.place.comments['7']?.[0]?.body).toContain('1 fix suggested on the diff')
    await git(files, 'apply', '--check', join(folder, 'fixes.patch'))
  })

  test('are not made again by a run that comes to the same', async () => {
    const all = await scene()
    const server = await gitHubOf(all)
    await walk(all, server)
    const again = await walk(all, server)
    expect(remarks(again)).toHaveLength(1)
    expect(again.outcome.fixes?.handed).toMatchObject({ suggested: 0, standing: 1 })
    expect(renderComment(again.outcome)).toContain('1 fix suggested on the diff before')
  })

  test('stand on the lines of the head where the merge was judged', async () => {
    const all = await scene()
    const grown = { 'src/a.js': lines('new on main', ...numbered) }
    await all.origin.edit(grown)
    const merged = { ...all, pull: await all.origin.mergeOf(all.pull.head) }
    const ran = await walk(merged, await gitHubOf(all))
    expect(remarks(ran)).toMatchObject([{ path: 'src/a.js', start_line: 10, line: 11 }])
  })

  test.each(['suggest', 'commit'] as const)(
    'are handed over (%s) where the merge was judged and the checkout kept no credentials',
    async (propose) => {
      const all = await scene()
      await all.origin.edit({ 'src/a.js': lines('new on main', ...numbered) })
      const merged = { ...all, pull: await all.origin.mergeOf(all.pull.head) }
      const { outcome, place } = await walk(merged, await gitHubOf(all), { propose, before: cutOff })
      expect(outcome.fixes?.handed).toMatchObject(propose === 'commit' ? { files: 2 } : { suggested: 1 })
      const tip = place.commits[place.branches['feature']?.sha ?? '']
      if (propose === 'commit') expect(tip?.files?.['src/a.js']).toBe(change['src/a.js'].replaceAll('var ', 'let '))
      else expect(place.reviews['7']?.[0]?.comments).toMatchObject([{ path: 'src/a.js', start_line: 10, line: 11 }])
    },
  )

  test('of a token that may not are told with the remedy, and the verdict is the same', async () => {
    const all = await scene()
    const { outcome } = await walk(all, await gitHubOf(all), {
      token: defaultTokens.reads,
      post: { check: false, comment: false },
    })
    expect(outcome.verdict).toBe('fail')
    expect(outcome.published).toMatchObject([
      { effect: 'fixes', status: 'failed', mend: expect.stringContaining('`pull-requests: write`') },
    ])
    expect(renderComment(outcome)).toContain('+let ten = 10')
  })

  test('of a fork are not posted', async () => {
    const all = await scene()
    const server = await gitHubOf(all)
    const payload = structuredClone(all.pull.event.payload) as {
      pull_request: { head: { repo: { full_name: string } } }
    }
    payload.pull_request.head.repo.full_name = 'stranger/shop'
    const event = { ...all.pull.event, payload: payload as never }
    for (const propose of ['suggest', 'commit'] as const) {
      const { outcome } = await walk(all, server, { event, propose, post: { check: false, comment: false } })
      expect(outcome.notes.join()).toContain('from a fork or of Dependabot only reads')
      expect(outcome.fixes?.files).toHaveLength(2)
    }
    expect(server.writes()).toEqual([])
  })
})

describe('fixes as a commit', () => {
  const commit = { propose: 'commit' } as const

  test('go to the branch of the pull request, and this run stays red', async () => {
    const all = await scene()
    const { outcome, place, files } = await walk(all, await gitHubOf(all), commit)
    const tip = place.branches['feature']?.sha ?? ''
    expect(place.commits[tip]).toMatchObject({
      parents: [all.pull.head],
      message: 'style: apply the fixes of lint\n\nWf-Fixes: check/lint\n',
      files: { 'src/a.js': change['src/a.js'].replaceAll('var ', 'let '), 'src/old.js': 'let old = 1\n' },
    })
    expect(outcome).toMatchObject({ verdict: 'fail', fixes: { handed: { commit: tip, files: 2 } } })
    expect(renderComment(outcome)).toContain(`🔧 2 files fixed in \`${tip.slice(0, 7)}\`.`)
    expect(await git(files, 'status', '--porcelain')).toBe('')
  })

  test('leave out what only the merge has', async () => {
    const all = await scene()
    await all.origin.edit({ 'src/a.js': lines('new on main', ...numbered), 'src/new.js': lines('var fresh = 1') })
    const merged = { ...all, pull: await all.origin.mergeOf(all.pull.head) }
    const { outcome, place } = await walk(merged, await gitHubOf(all), commit)
    const files = place.commits[place.branches['feature']?.sha ?? '']?.files ?? {}
    expect(files['src/a.js']).toBe(change['src/a.js'].replaceAll('var ', 'let '))
    expect(files).not.toHaveProperty('src/new.js')
    expect(outcome.notes.join()).toContain('1 file could not be committed')
  })

  test('are found again by a second attempt of the run', async () => {
    const all = await scene()
    const server = await gitHubOf(all)
    const first = await walk(all, server, commit)
    const second = await walk(all, server, commit)
    expect(second.outcome.fixes?.handed).toEqual(first.outcome.fixes?.handed)
    expect(server.writes().filter(({ route }) => route === 'git/create-commit')).toHaveLength(1)
  })

  test('are not pushed when the branch has moved', async () => {
    const all = await scene()
    const server = await gitHubOf(all)
    const place = server.repository('org/shop')
    const other = 'e'.repeat(40)
    place.commits[other] = { sha: other, parents: [all.pull.head], message: 'feat: more', date: '2026-01-01T00:00:00Z' }
    place.branches['feature'] = { sha: other, protected: false }
    const { outcome } = await walk(all, server, commit)
    expect(place.branches['feature'].sha).toBe(other)
    expect(outcome.published.find(({ effect }) => effect === 'fixes')).toEqual({
      effect: 'fixes',
      status: 'failed',
      reason: 'the branch `feature` has moved since: nothing was pushed',
    })
  })

  test('are not committed upon themselves', async () => {
    const all = await scene()
    const server = await gitHubOf(all)
    const head = server.repository('org/shop').commits[all.pull.head]
    if (head) head.message = 'style: apply the fixes of lint\n\nWf-Fixes: check/lint\n'
    const { outcome } = await walk(all, server, commit)
    expect(outcome.published.find(({ effect }) => effect === 'fixes')?.reason).toContain('do not converge')
    expect(server.writes().filter(({ route }) => route.startsWith('git/'))).toEqual([])
  })

  test('of a protected branch are refused in clear words', async () => {
    const all = await scene()
    const server = await gitHubOf(all)
    const branch = server.repository('org/shop').branches['feature']
    if (branch) branch.protected = true
    const { outcome } = await walk(all, server, commit)
    expect(outcome.published.find(({ effect }) => effect === 'fixes')).toMatchObject({
      reason: expect.stringContaining('GitHub does not let `feature` be changed'),
      mend: expect.stringContaining('`fix: suggest`'),
    })
  })

  test('go to a branch that was pushed, and to no tag', async () => {
    const all = await scene()
    const server = await gitHubOf(all)
    const at = { ...commit, commit: all.pull.head }
    const tag = await walk(all, server, { ...at, event: pushEvent('refs/tags/v1', all.pull.head) }).catch(
      () => undefined,
    )
    expect(server.writes().filter(({ route }) => route.startsWith('git/'))).toEqual([])
    expect(tag?.outcome.fixes?.handed).toBeUndefined()
    const { outcome } = await walk(all, server, { ...at, event: pushEvent('refs/heads/feature', all.pull.head) })
    expect(outcome.fixes?.handed).toMatchObject({ commit: server.repository('org/shop').branches['feature']?.sha })
  })
})

describe('what a fix changes', () => {
  const odd = `
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
mkdirSync('new/deep', { recursive: true })
writeFileSync('new/deep/file.txt', 'new\\n')
writeFileSync('image.png', Buffer.from([0, 1, 2, 255]))
rmSync('src/old.js')
chmodSync('tool.sh', 0o755)
symlinkSync('tool.sh', 'link')
writeFileSync('token.txt', 'ghp_' + 'aB3'.repeat(12) + '\\n')
writeFileSync('ignored.log', 'x')
writeFileSync('dirty.txt', 'overwritten\\n')
writeFileSync('.github/wf.yml', 'none')
mkdirSync('.github/workflows', { recursive: true })
writeFileSync('.github/workflows/ci.yml', 'none')
writeFileSync('src/a.js', readFileSync('src/a.js', 'utf8').replaceAll('var ', 'let '))
execFileSync('git', ['add', '--all'])
execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', 'commit', '--quiet', '--message=mine'])
`
  const files = {
    ...start,
    'mend.mjs': odd,
    'tool.sh': '#!/bin/sh\n',
    'dirty.txt': 'one\n',
    '.gitignore': 'lint.json\n*.log\n',
  }

  test('is carried by a commit with modes, new files and bytes, and everything here is as it was', async () => {
    const all = await scene(files)
    const {
      outcome,
      place,
      files: folder,
    } = await walk(all, await gitHubOf(all, {}, files), {
      propose: 'commit',
      before: (at) => {
        writeFileSync(join(at, 'dirty.txt'), 'two\n')
        chmodSync(join(at, 'dirty.txt'), 0o755)
      },
    })

    const made = place.commits[place.branches['feature']?.sha ?? '']
    expect(made?.executable).toEqual(['tool.sh'])
    expect(
      Object.keys(made?.files ?? {})
        .filter((path) => !(path in files))
        .sort(),
    ).toEqual(['image.png', 'new/deep/file.txt'])
    expect(made?.files).not.toHaveProperty('src/old.js')
    expect(made?.files).toMatchObject({ '.github/wf.yml': workflow, 'dirty.txt': 'one\n' })
    expect(outcome.fixes?.left).toEqual([
      { path: '.github/wf.yml', reason: 'a fix may not change workflows' },
      { path: '.github/workflows/ci.yml', reason: 'a fix may not change workflows' },
      { path: 'dirty.txt', reason: 'it differed from the commit before the fix ran' },
      { path: 'link', reason: 'it is no file' },
      { path: 'token.txt', reason: 'it would hold what looks like a secret' },
    ])
    expect((await git(folder, 'status', '--porcelain')).trim()).toBe('M dirty.txt')
    expect(readFileSync(join(folder, 'dirty.txt'), 'utf8')).toBe('two\n')
    expect((await git(folder, 'rev-parse', 'HEAD')).trim()).toBe(all.pull.merge)
  })

  test('that is no change of lines is not suggested', async () => {
    const all = await scene(files)
    const { outcome } = await walk(all, await gitHubOf(all, {}, files))
    expect(outcome.fixes?.handed).toEqual({
      suggested: 1,
      standing: 0,
      rest: ['dirty.txt', 'image.png', 'new/deep/file.txt', 'src/old.js', 'tool.sh'],
    })
  })

  test('is put back when the run is cancelled while it works, and nothing is posted', async () => {
    const stuck = mend + "console.log('changed')\nsetInterval(() => undefined, 1000)\n"
    const all = await scene({ ...start, 'mend.mjs': stuck })
    const server = await gitHubOf(all, {}, { ...start, 'mend.mjs': stuck })
    const cancel = new AbortController()
    const watch = {
      cancel: cancel.signal,
      live: (step: string) => void (step === 'check/lint-fix' && cancel.abort()),
    }
    const { outcome, files } = await walk(all, server, { watch })
    expect(outcome.verdict).toBe('cancelled')
    expect(outcome.fixes).toBeUndefined()
    expect(await git(files, 'status', '--porcelain')).toBe('')
    expect(server.repository('org/shop').reviews).toEqual({})
  })
})
