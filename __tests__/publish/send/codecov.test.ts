import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Redactor } from '../../../src/base/redact.js'
import { perform } from '../../../src/effects/effect.js'
import type { CoverageEvidence } from '../../../src/evidence/evidence.js'
import { hostHttp } from '../../../src/host/http.js'
import type { ReportRead } from '../../../src/journal/events.js'
import type { Published } from '../../../src/journal/outcome.js'
import { openRun } from '../../../src/journal/open.js'
import { foldPublished } from '../../../src/journal/published.js'
import { openCodecov } from '../../../src/publish/send/codecov.js'
import type { CodecovAccess, CodecovPlace } from '../../../src/publish/send/codecov-place.js'
import { filesIn, hastyClock, startCodecov } from '../../support/codecov.js'
import type { CoverageLimits } from '../../../src/publish/send/codecov-files.js'
import type { FakeCodecov } from '../../support/codecov.js'
import { MemoryFiles } from '../../support/files.js'
import { fakePorts } from '../../support/ports.js'

const sha = 'a'.repeat(40)
const lcov = 'TN:\nSF:src/a.js\nDA:1,1\nend_of_record\n'
const place: CodecovPlace = {
  service: 'github',
  repository: 'org/repo',
  sha,
  branch: 'topic',
  pullRequest: 7,
  build: 'https://github.com/org/repo/actions/runs/1',
  job: 'shop',
}
const coverage: CoverageEvidence = {
  kind: 'coverage',
  lines_valid: 1,
  lines_covered: 1,
  branches_valid: 0,
  branches_covered: 0,
  files: [],
}

let codecov: FakeCodecov
beforeEach(async () => {
  codecov = await startCodecov()
})
afterEach(async () => {
  await codecov.close()
  expect(codecov.mistakes).toEqual([])
})

/** A run of the repository that has written some files, and sends what is read of them. */
function running(access: Partial<CodecovAccess> = {}, limits?: CoverageLimits) {
  const clock = hastyClock()
  const files = new MemoryFiles({ '/repo/coverage/lcov.info': lcov })
  const redactor = new Redactor()
  redactor.add('upload-token')
  const { journal } = openRun('/runs', fakePorts({ clock, files }), redactor)
  const cancel = new AbortController()
  const upload = openCodecov(
    place,
    { token: 'upload-token', url: codecov.url, ...access },
    {
      http: hostHttp(),
      clock,
      files,
      journal,
      folder: '/repo',
      tracked: async () => ['src/a.js', 'README.md'],
      clean: (text) => redactor.text(text),
      ...(limits ? { limits } : {}),
    },
  )
  return {
    clock,
    files,
    journal,
    cancel,
    reads(
      path = 'coverage/lcov.info',
      more: Pick<ReportRead, 'source'> & { format?: string; suite?: string } = {},
    ): void {
      const { format = 'lcov', suite, ...rest } = more
      const evidence = suite === undefined ? coverage : { ...coverage, suite }
      const report = { path, format, kind: 'coverage' as const, evidence, problems: [] }
      journal.append({ type: 'report.read', step: 'test/unit', attempt: 1, report, ...rest })
    },
    /** Ends the run: what was posted, and what the notes say. */
    async ends(): Promise<{ published: Published[]; notes: string[] }> {
      const effect = await upload.effect(() => cancel.signal)
      if (effect) await perform(effect, journal, { foreign: false })
      const notes = journal.lines.flatMap(({ event }) => (event.type === 'note' ? [event.message] : []))
      return { published: foldPublished(journal.lines), notes }
    },
  }
}

const asked = (): string[] => codecov.requests.map(({ method, path }) => `${method} ${path}`)
const commits = 'POST /upload/github/org::::repo/commits'

describe('a run with a coverage report', () => {
  test('tells Codecov of the commit and the report, and hands the file to the storage without the token', async () => {
    const run = running()
    run.reads()
    const { published, notes } = await run.ends()
    expect(published).toEqual([
      { effect: 'codecov', status: 'created', url: 'https://app.codecov.example/gh/org/repo/commit/1' },
    ])
    expect(notes).toEqual(['1 coverage report sent to Codecov: https://app.codecov.example/gh/org/repo/commit/1'])
    expect(asked()).toEqual([
      commits,
      `${commits}/${sha}/reports`,
      `${commits}/${sha}/reports/default/uploads`,
      'PUT /storage/1?signature=s',
    ])
    const [commit, report, upload, stored] = codecov.requests
    expect(codecov.requests.map(({ authorization }) => authorization)).toEqual([
      ...Array<string>(3).fill('token upload-token'),
      undefined,
    ])
    expect(commit?.body).toMatchObject({ branch: 'topic', commitid: sha, pullid: '7', parent_commit_id: null })
    expect(report?.body).toMatchObject({ code: 'default' })
    expect(upload?.body).toMatchObject({
      ci_service: 'github-actions',
      ci_url: 'https://github.com/org/repo/actions/runs/1',
      flags: [],
      report_payload_bytes: Number(stored?.length),
    })
    expect(stored?.body).toMatchObject({ network_files: ['src/a.js', 'README.md'] })
    expect(stored && filesIn(stored)).toEqual({ 'coverage/lcov.info': lcov })
  })

  test('gives each suite an upload of its own with its flag', async () => {
    const run = running()
    run.files.write('/repo/e2e.info', lcov)
    run.reads('coverage/lcov.info', { suite: 'unit' })
    run.reads('e2e.info', { suite: 'e2e' })
    const { notes } = await run.ends()
    expect(notes[0]).toContain('2 coverage reports sent to Codecov (e2e, unit)')
    const uploads = codecov.requests.filter(({ path }) => path.endsWith('/uploads'))
    expect(uploads.map(({ body }) => body['flags'])).toEqual([['unit'], ['e2e']])
    expect(codecov.requests.filter(({ method }) => method === 'PUT').map(filesIn)).toEqual([
      { 'coverage/lcov.info': lcov },
      { 'e2e.info': lcov },
    ])
  })

  test('sends what the last attempt of the step wrote, although a later step writes over it', async () => {
    const run = running()
    run.reads()
    run.journal.append({ type: 'attempt.started', step: 'test/unit', attempt: 2 })
    run.files.write('/repo/coverage/lcov.info', `${lcov}# second\n`)
    run.reads()
    run.files.write('/repo/coverage/lcov.info', 'somebody else’s')
    await run.ends()
    expect(codecov.requests.filter(({ method }) => method === 'PUT').map(filesIn)).toEqual([
      { 'coverage/lcov.info': `${lcov}# second\n` },
    ])
  })

  test('takes secrets out of it', async () => {
    const run = running()
    run.files.write('/repo/coverage/lcov.info', `${lcov}# upload-token\n`)
    run.reads()
    await run.ends()
    expect(JSON.stringify(codecov.requests.filter(({ method }) => method === 'PUT').map(filesIn))).toContain('# ***')
  })

  test('lets GitHub vouch for it where it has no token', async () => {
    const identity = { url: `${codecov.url}/identity?api-version=2`, token: 'from-the-runner' }
    const run = running({ token: '', identity })
    run.reads()
    expect((await run.ends()).published).toMatchObject([{ status: 'created' }])
    expect(asked()[0]).toBe(`GET /identity?api-version=2&audience=${encodeURIComponent(codecov.url)}`)
    expect(codecov.requests.map(({ authorization }) => authorization)).toEqual([
      'bearer from-the-runner',
      ...Array<string>(3).fill('token vouched-for'),
      undefined,
    ])
  })

  test('asks without a token where it has none', async () => {
    const run = running({ token: '' })
    run.reads()
    expect((await run.ends()).published).toMatchObject([{ status: 'created' }])
    expect(codecov.requests.every(({ authorization }) => authorization === undefined)).toBe(true)
  })
})

describe('what does not go to Codecov', () => {
  test('is named with the reason: formats that it does not read, what lies in git, what was printed, what is gone', async () => {
    const run = running()
    run.reads('sonar.xml', { format: 'sonarqube' })
    run.reads('kept.info', { source: 'stored' })
    run.reads('stdout', { source: 'printed' })
    run.reads('gone.info')
    const { published, notes } = await run.ends()
    expect([published, codecov.requests]).toEqual([[], []])
    expect(notes).toEqual([
      'not sent to Codecov: sonar.xml (Codecov does not read sonarqube), kept.info (it lies in git, this run did not write it), stdout (it was printed, there is no file of it), gone.info (it is gone)',
    ])
  })

  test('is a report that is too long, alone or with the others', async () => {
    const run = running({}, { file: 100, all: 60 })
    run.files.write('/repo/long.info', 'x'.repeat(101))
    run.files.write('/repo/second.info', lcov)
    for (const path of ['long.info', 'coverage/lcov.info', 'second.info']) run.reads(path)
    const { notes } = await run.ends()
    expect(notes[0]).toBe(
      'not sent to Codecov: long.info (it is longer than 100 bytes), second.info (all reports together are longer than 60 bytes)',
    )
    expect(notes[1]).toContain('1 coverage report sent')
  })

  test('is told too when there is nothing at all', async () => {
    const { published, notes } = await running().ends()
    expect(published).toEqual([])
    expect(notes).toEqual(['nothing was sent to Codecov: no step left a coverage report'])
  })
})

describe('when Codecov does not do what it should, the run', () => {
  /** What comes of an upload with a fault. */
  async function failing(end: string, fault: Parameters<FakeCodecov['fault']>[1], times = 1, access = {}) {
    codecov.fault(end, fault, times)
    const run = running(access)
    run.reads()
    const [published] = (await run.ends()).published
    expect(published?.effect).toBe('codecov')
    return { run, ...published }
  }

  test('says that a token is not taken', async () => {
    const { status, reason, mend } = await failing('/commits', { status: 401, body: '{"detail":"Invalid token."}' })
    expect([status, reason]).toEqual(['failed', 'Codecov answered 401: Invalid token.'])
    expect(mend).toBe('check that Codecov has the repository org/repo, and that the token is of it')
    expect(asked()).toEqual([commits])
  })

  test('asks for a token where there was none', async () => {
    const fault = { status: 401, body: '{"message":"Token required because branch is protected"}' }
    const { reason, mend } = await failing('/commits', fault, 1, { token: '' })
    expect(reason).toBe('Codecov answered 401: Token required because branch is protected')
    expect(mend).toContain('`codecov-token`')
  })

  test('says that the repository is not known', async () => {
    const { reason, mend } = await failing('/reports', { status: 400, body: '["Repository not found"]' })
    expect(reason).toBe('Codecov answered 400: Repository not found')
    expect(mend).toContain('org/repo')
  })

  test('waits as long as it is asked to, and goes on', async () => {
    const { status, run } = await failing('/uploads', { status: 429, headers: { 'retry-after': '3' } })
    expect(status).toBe('created')
    expect(run.clock.waits).toEqual([3000])
  })

  test('does not wait where it would take too long', async () => {
    const { status, mend, run } = await failing('/uploads', { status: 429, headers: { 'retry-after': '3600' } })
    expect([status, mend, run.clock.waits]).toEqual(['failed', 'run the job again later', []])
  })

  test('gives up after three attempts', async () => {
    const { reason, mend, run } = await failing('/commits', { status: 500, body: '<html>down</html>' }, 99)
    expect([reason, mend]).toEqual(['Codecov answered 500', 'run the job again'])
    expect(asked()).toEqual([commits, commits, commits])
    expect(run.clock.waits).toEqual([1000, 2000])
  })

  test('says that the storage did not take the report', async () => {
    const { reason } = await failing('signature=s', { status: 403, body: '<Error>expired</Error>' })
    expect(reason).toBe('the storage that Codecov named answered 403')
  })

  test('does not follow a redirect, which would take the token along', async () => {
    const elsewhere = await startCodecov()
    const headers = { location: `${elsewhere.url}/upload/github/org::::repo/commits` }
    const { reason, mend } = await failing('/commits', { status: 307, headers })
    expect(reason).toBe('Codecov answered 307, which leads to another address and is not followed')
    expect(mend).toBe('check the input `codecov-url`')
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })

  test.each([['ftp://127.0.0.1/x'], ['nowhere'], ['']])('does not send a report to %j', async (storage) => {
    codecov.storage = storage
    const run = running()
    run.reads()
    const [published] = (await run.ends()).published
    expect(published?.reason).toBe('Codecov named no place that the report could go to')
  })

  test('ends at once when the time is over', async () => {
    codecov.fault('/commits', 'hangs')
    const run = running()
    run.reads()
    const ended = run.ends()
    await codecov.hanging
    run.cancel.abort()
    expect((await ended).published).toMatchObject([
      { status: 'failed', reason: 'there was no time left to wait for Codecov' },
    ])
    expect(asked()).toEqual([commits])
  })

  test('never shows the token', async () => {
    const body = JSON.stringify({ detail: 'no such token: upload-token' })
    const { run, reason } = await failing('/commits', { status: 401, body })
    expect(reason).toContain('no such token: ***')
    expect(JSON.stringify(run.journal.lines)).not.toContain('upload-token')
  })
})
