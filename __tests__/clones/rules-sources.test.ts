import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { hostPorts } from '../../src/host/index.js'
import { prepare } from '../../src/prepare.js'
import type { RunOptions } from '../../src/options.js'
import { git } from '../support/command.js'
import { DiskGitHub, refused } from '../support/github.js'
import { cutOff, makeOrigin } from '../support/origin.js'
import type { Origin } from '../support/origin.js'
import { Scratch } from '../support/scratch.js'
import { checkouts, files, lowered, path, report, rulesIn, shopOf, workflow } from '../support/rules.js'

jest.setTimeout(60_000)

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-rules-')
})
afterAll(() => scratch.remove())
const origin = async (text?: string): Promise<Origin> => shopOf(scratch, text)

describe('the remote', () => {
  /** The commands of git that ask it. */
  async function askedIn(folder: string, event: RunOptions['event']): Promise<string[]> {
    const ports = hostPorts()
    const asked: string[] = []
    const counting = {
      run: async (cwd: string, args: readonly string[]) => {
        asked.push(...args.filter((one) => one === 'fetch' || one === 'ls-remote'))
        return ports.git.run(cwd, args)
      },
    }
    const prepared = await prepare({ folder, ...(event ? { event } : {}) }, { ...ports, git: counting })
    expect(prepared).toMatchObject({ ok: true, value: { rules: { of: 'base', changes: [] } } })
    return asked
  }

  test('is asked once by a pull request that leaves the rules alone', async () => {
    const shop = await origin()
    await shop.grow(2)
    const pull = await shop.pull({ 'a.txt': '1' })
    for (const how of checkouts(pull)) expect(await askedIn(await shop.checkOut(how), pull.event)).toEqual(['fetch'])
    const deep = await shop.checkOut({ commit: pull.merge, depth: 3 })
    expect(await askedIn(deep, pull.event)).toEqual(['ls-remote'])
    await shop.grow(1)
    expect(await askedIn(deep, pull.event)).toEqual(['ls-remote', 'fetch'])
  })
})

describe('where the remote cannot be fetched', () => {
  const scenario = async () => {
    const shop = await origin()
    const pull = await shop.pull({ [path]: workflow('50%') })
    return {
      shop,
      pull,
      folders: await Promise.all(checkouts(pull).map(async (how) => ({ ...how, folder: await shop.checkOut(how) }))),
    }
  }

  test('GitHub tells the same rules', async () => {
    const { shop, pull, folders } = await scenario()
    for (const { folder } of folders) {
      await cutOff(folder)
      const github = new DiskGitHub(shop)
      expect(await rulesIn(folder, { event: pull.event, github })).toMatchObject({
        of: 'base',
        sha: pull.base,
        name: 'main',
        changes: lowered,
        notes: [],
      })
      expect(github.requests).toBeLessThanOrEqual(3)
    }
  })

  test('the commit that the event names stands in for the tip, and where it is not here nothing is judged', async () => {
    const { pull, folders } = await scenario()
    const said = [/^the newest commit of main could not be had \(git: .*\); the rules are those of [0-9a-f]{7}$/]
    for (const { folder, depth, commit } of folders) {
      await cutOff(folder)
      const found = await rulesIn(folder, { event: pull.event })
      if (depth === 'full')
        expect(found).toMatchObject({
          of: 'base',
          sha: pull.base,
          changes: lowered,
          notes: said.map((one) => expect.stringMatching(one)),
        })
      else
        expect([commit, found.problems]).toEqual([
          commit,
          [
            {
              code: 'no-base',
              message: expect.stringContaining('the rules of `main` cannot be had'),
              hint: expect.stringContaining('contents: read'),
            },
          ],
        ])
    }
  })

  test('and GitHub refuses, its words and the missing permission are told', async () => {
    const { shop, pull, folders } = await scenario()
    const [first] = folders
    await cutOff(first?.folder ?? '')
    const instead = () => refused(403, 'Resource not accessible by integration', 'contents=read')
    const { problems } = await rulesIn(first?.folder ?? '', {
      event: pull.event,
      github: new DiskGitHub(shop, { instead }),
    })
    expect(problems?.[0]?.message).toContain('GitHub: Resource not accessible by integration (needs contents=read)')
  })

  test('a base without the file and a token that may not look are told apart', async () => {
    const shop = await makeOrigin(scratch, { 'report.sh': report })
    const pull = await shop.pull(files(workflow('50%')))
    const folder = await shop.checkOut({ commit: pull.merge, depth: 1 })
    await cutOff(folder)
    expect(await rulesIn(folder, { event: pull.event, github: new DiskGitHub(shop) })).toMatchObject({ of: 'adoption' })
    const instead = (route: string) => (/contents|commits/.test(route) ? refused(404, 'Not Found') : undefined)
    const { problems } = await rulesIn(folder, { event: pull.event, github: new DiskGitHub(shop, { instead }) })
    expect(problems).toMatchObject([{ code: 'no-base' }])
  })
})

describe('a checkout of a fork', () => {
  test('does not let the fork’s own `main` judge', async () => {
    const shop = await origin()
    const pull = await shop.pull({ [path]: workflow('50%') })
    const folder = await shop.checkOut({ commit: pull.head, depth: 1 })
    await git(folder, 'remote', 'set-url', 'origin', 'https://github.example/stranger/shop')
    const { problems } = await rulesIn(folder, { event: pull.event })
    expect(problems?.[0]?.message).toContain('the checkout is of stranger/shop, not of org/shop')
    const found = await rulesIn(folder, { event: pull.event, github: new DiskGitHub(shop) })
    expect(found).toMatchObject({ of: 'base', sha: pull.base, changes: lowered })
  })
})

describe('the clone', () => {
  const refs = async (folder: string): Promise<string> => git(folder, 'for-each-ref')
  const commits = async (folder: string): Promise<string> => git(folder, 'rev-list', '--count', 'HEAD')

  test('keeps its refs, and a full one stays full', async () => {
    const shop = await origin()
    const pull = await shop.pull({ [path]: workflow('50%') })
    const folder = await shop.checkOut({ commit: pull.merge, depth: 'full' })
    await shop.edit({ 'a.txt': '1' })
    await shop.edit({ 'a.txt': '1' }, 'another')
    const [before, count] = [await refs(folder), await commits(folder)]
    expect(await rulesIn(folder, { event: pull.event })).toMatchObject({ of: 'base', changes: lowered })
    expect([await refs(folder), await commits(folder)]).toEqual([before, count])
    expect(await git(folder, 'rev-parse', '--is-shallow-repository')).toBe('false\n')
  })

  test('that is shallow loses nothing of what it has', async () => {
    const shop = await origin()
    for (let i = 0; i < 3; i++) await shop.edit({ 'a.txt': String(i) })
    const pull = await shop.pull({ 'b.txt': '1' }, { 'b.txt': '2' })
    const folder = await shop.checkOut({ commit: pull.head, depth: 4 })
    const [before, count] = [await refs(folder), await commits(folder)]
    expect(await rulesIn(folder, { event: pull.event })).toMatchObject({ of: 'base', sha: pull.base, changes: [] })
    expect([await refs(folder), await commits(folder)]).toEqual([before, count])
  })
})
