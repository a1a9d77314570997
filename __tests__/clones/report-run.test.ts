import { afterEach, describe, expect, test } from '@jest/globals'
import { strToU8, zipSync } from 'fflate'
import { reportRun } from '../../src/action/report-run.js'
import type { Reported } from '../../src/action/report-run.js'
import type { Json } from '../../src/base/json.js'
import { startFakeGitHub, defaultTokens } from '../../src/fake-github/index.js'
import type { FakeGitHub } from '../../src/fake-github/index.js'
import { hostGitHub } from '../../src/host/github.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { failingShop, greenShop } from '../publish/outcomes.js'
import { FakeClock } from '../support/clock.js'
import { fakePorts } from '../support/ports.js'

const open: FakeGitHub[] = []
afterEach(async () => {
  for (const github of open.splice(0)) {
    expect(github.mistakes).toEqual([])
    await github.close()
  }
})

const green = greenShop()
const archiveOf = (files: Record<string, string | Uint8Array>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, typeof content === 'string' ? strToU8(content) : content]),
    ),
  )
const whole = (outcome: Json | Outcome): Uint8Array => archiveOf({ 'outcome.json': JSON.stringify(outcome) })

interface Case {
  archive?: Uint8Array
  conclusion?: string
  event?: string
  /** The files that the pull request has, beside those of main. */
  changes?: Record<string, string>
  /** Somebody else's pull request 6 has the same commit. */
  shared?: boolean
  /** What an earlier attempt left. */
  earlier?: Uint8Array
}

/** A fork's pull request 7, beside another one 8, whose run 55 has ended and left an archive. */
async function forked({ conclusion = 'success', event = 'pull_request', changes = { 'a.txt': '2' }, ...more }: Case) {
  const artifacts = [more.earlier, more.archive].flatMap((one) =>
    one ? [{ name: 'wf', base64: Buffer.from(one).toString('base64') }] : [],
  )
  const main = { 'a.txt': '1', '.github/workflows/ci.yml': 'on: pull_request' }
  const github = await startFakeGitHub({
    repositories: {
      'org/repo': {
        files: { main, feature: { ...main, ...changes }, other: { ...main, 'b.txt': '' } },
        pulls: [
          ...(more.shared ? [{ number: 6, head: { ref: 'feature', repo: 'victim/repo' } }] : []),
          { number: 7, head: { ref: 'feature', repo: 'stranger/repo' } },
          { number: 8, head: { ref: 'other' } },
        ],
        runs: [{ id: 55, event, conclusion, head_branch: 'feature', head_repository: 'stranger/repo' }],
        artifacts: { 55: artifacts },
      },
    },
  })
  open.push(github)
  const sha = github.repository().pulls['7']?.head.sha ?? ''
  const payload: { [key: string]: Json } = {
    workflow_run: {
      id: 55,
      run_attempt: 1,
      event,
      conclusion,
      head_sha: sha,
      head_branch: 'feature',
      path: '.github/workflows/ci.yml',
      html_url: 'https://github.com/org/repo/actions/runs/55',
      head_repository: { full_name: 'stranger/repo', owner: { login: 'stranger' } },
      pull_requests: [{ number: 8 }],
    },
  }
  return { github, sha, payload }
}

async function report(
  { github, payload }: Awaited<ReturnType<typeof forked>>,
  cancel = new AbortController(),
  clock = new FakeClock(),
): Promise<Reported> {
  const client = hostGitHub({ api: github.url, token: defaultTokens.writes, repository: 'org/repo', second: 1 })
  const how = { artifact: 'wf', check: true, comment: true, home: '/runs', cancel: cancel.signal }
  return reportRun(payload, how, { ...fakePorts({ clock }), github: client })
}

describe('the run of a fork that has ended', () => {
  test('is posted by the one that may: its pull request by the commit, who reported it said', async () => {
    const failing = failingShop()
    const here = await forked({ archive: whole(failing), conclusion: 'failure' })
    const { posted, problems } = await report(here)
    expect(problems).toEqual([])
    expect(posted).toMatchObject([{ published: [{ status: 'created' }, { status: 'created' }] }])
    const [comment] = here.github.repository().comments['7'] ?? []
    expect(comment?.body).toContain('stranger/repo')
    const [check] = here.github.repository().checkRuns[here.sha] ?? []
    expect(check).toMatchObject({ conclusion: 'failure', details_url: 'https://github.com/org/repo/actions/runs/55' })
    expect(check?.annotations.length).toBeGreaterThan(0)
    // Run again, it changes what is there.
    await report(here)
    expect(here.github.repository().comments['7']).toHaveLength(1)
    expect(here.github.repository().checkRuns[here.sha]).toHaveLength(1)
  })

  test('that claims another pull request and commit is shown at its own', async () => {
    const claim = {
      ...green,
      context: { ...green.context, sha: 'f'.repeat(40), pull_request: 8, repository: 'org/other' },
    }
    const here = await forked({ archive: whole(claim) })
    await report(here)
    expect(here.github.repository().comments['8'] ?? []).toEqual([])
    expect(here.github.repository().comments['7']).toHaveLength(1)
    expect(Object.keys(here.github.repository().checkRuns)).toEqual([here.sha])
  })

  test('that reports success is never a success that was verified', async () => {
    const here = await forked({ archive: whole(green) })
    await report(here)
    expect(here.github.repository().checkRuns[here.sha]).toMatchObject([{ conclusion: 'neutral' }])
  })

  test('that failed although it reports success is a failure', async () => {
    const here = await forked({ archive: whole(green), conclusion: 'failure' })
    await report(here)
    expect(here.github.repository().checkRuns[here.sha]).toMatchObject([{ conclusion: 'failure' }])
  })

  test('whose change alters the workflow that ran it proves nothing', async () => {
    const here = await forked({
      archive: whole(green),
      changes: { '.github/workflows/ci.yml': 'on: pull_request # and lies' },
    })
    await report(here)
    expect(here.github.repository().checkRuns[here.sha]).toMatchObject([{ conclusion: 'failure' }])
    expect(here.github.repository().comments['7']?.[0]?.body).toContain('a maintainer has to look')
  })

  test('that was none of a pull request has posted by itself', async () => {
    const here = await forked({ archive: whole(green), event: 'push' })
    expect((await report(here)).problems).toEqual([expect.stringContaining('not for a pull request')])
    expect(here.github.writes()).toEqual([])
  })

  test('that left nothing says what to add', async () => {
    const here = await forked({})
    expect((await report(here)).problems).toEqual([expect.stringContaining('left no artifact `wf`')])
  })

  test('is not posted in the pull request of somebody else that has the same commit', async () => {
    const here = await forked({ archive: whole(green), shared: true })
    expect(here.github.repository().pulls['6']?.head.sha).toBe(here.sha)
    await report(here)
    expect(here.github.repository().comments['6'] ?? []).toEqual([])
    expect(here.github.repository().comments['7']).toHaveLength(1)
  })

  test('that ran twice is posted as its last attempt left it', async () => {
    const here = await forked({ earlier: whole(green), archive: whole(failingShop()), conclusion: 'failure' })
    const { posted } = await report(here)
    expect(posted).toMatchObject([{ outcome: { verdict: 'fail' } }])
  })

  test('whose change has more files than GitHub tells proves nothing', async () => {
    const many = Object.fromEntries(Array.from({ length: 3001 }, (_, i) => [`!/${i}`, '']))
    const here = await forked({
      archive: whole(green),
      changes: { ...many, '.github/workflows/ci.yml': 'on: pull_request # and lies' },
    })
    await report(here)
    expect(here.github.repository().checkRuns[here.sha]).toMatchObject([{ conclusion: 'failure' }])
  })

  test.each(['GET .*/artifacts$', 'GET .*/zip$', 'GET .*/commits/.*/pulls', 'GET .*/files', 'POST'])(
    'is given up at once when the job is cancelled while GitHub is slow to answer %s',
    async (route) => {
      const here = await forked({ archive: whole(green) })
      here.github.fault({ route, answer: 'slow' })
      const cancel = new AbortController()
      const clock = new FakeClock()
      const done = report(here, cancel, clock)
      await here.github.held(1)
      cancel.abort()
      await clock.advance(1200)
      const { posted, problems } = await done
      expect([...problems, ...posted.flatMap(({ published }) => published)]).not.toEqual([])
      expect(Object.keys(here.github.repository().checkRuns)).toEqual([])
      here.github.release()
    },
  )

  const bomb = (): Uint8Array => archiveOf({ 'outcome.json': new Uint8Array(30 * 2 ** 20) })
  /** Says that it holds ten bytes. */
  const modestBomb = (): Uint8Array => {
    const archive = Buffer.from(bomb())
    archive.writeUInt32LE(10, 22)
    archive.writeUInt32LE(10, archive.lastIndexOf('PK\u0001\u0002', undefined, 'latin1') + 24)
    return archive
  }
  const encrypted = (): Uint8Array => {
    const archive = Buffer.from(whole(green))
    archive.writeUInt16LE(99, archive.lastIndexOf('PK\u0001\u0002', undefined, 'latin1') + 10)
    return archive
  }
  const poisoned = JSON.stringify(green).replace('{', '{"__proto__":{"polluted":true},')
  test.each<[string, Uint8Array, string]>([
    ['that is no archive', strToU8('PK no archive'), 'no archive'],
    ['that is cut off', whole(green).slice(0, 200), 'no archive'],
    ['without an outcome', archiveOf({ 'x.txt': 'x' }), 'holds no `outcome.json`'],
    ['with a zip bomb', bomb(), 'larger than 20 MB'],
    ['with a zip bomb that claims to be small', modestBomb(), 'larger than 20 MB'],
    ['packed as nobody packs', encrypted(), 'not of the form'],
    ['whose outcome is no JSON', archiveOf({ 'outcome.json': '{"version":1' }), 'not of the form'],
    ['whose outcome is of another form', whole({ version: 1, verdict: 'pass' }), 'not of the form'],
    ['with a prototype to pollute', archiveOf({ 'outcome.json': poisoned }), 'not of the form'],
    ['whose file leads out of its folder', archiveOf({ '../../etc/passwd': 'x' }), 'holds no `outcome.json`'],
  ])('with an artifact %s posts nothing', async (_, archive, said) => {
    const here = await forked({ archive })
    const { posted, problems } = await report(here)
    expect(posted).toEqual([])
    expect(problems.join()).toContain(said)
    expect(here.github.writes()).toEqual([])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('with HTML, mentions and markers in its names shows them as text', async () => {
    const evil = '<img src=x onerror=alert(1)> @everyone <!-- wf-run:999:1 --> | `'
    const claim = { ...failingShop(), workflow: { name: evil, path: evil }, reason: evil, notes: [evil] }
    const here = await forked({ archive: whole(claim), conclusion: 'failure' })
    await report(here)
    const body = here.github.repository().comments['7']?.[0]?.body ?? ''
    expect(body).not.toMatch(/(?<!\\)<img/)
    expect(body).not.toMatch(/@everyone/)
    expect(body).not.toContain('<!-- wf-run:999')
  })

  test('whose pull request cannot be asked for posts nothing', async () => {
    const here = await forked({ archive: whole(green) })
    here.github.fault({ route: 'GET .*/pulls', answer: 500 })
    expect((await report(here)).problems).toEqual([expect.stringContaining('could not be found')])
    expect(here.github.writes()).toEqual([])
  })
})
