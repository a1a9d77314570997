import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { dirname, join } from 'node:path'
import { Redactor } from '../../src/base/redact.js'
import type { Json } from '../../src/base/json.js'
import { perform } from '../../src/effects/effect.js'
import { readReport } from '../../src/evidence/read.js'
import { hostPorts } from '../../src/host/index.js'
import { openRun } from '../../src/journal/open.js'
import type { Ports } from '../../src/ports.js'
import { openCodecov } from '../../src/publish/send/codecov.js'
import { filesIn, startCodecov } from '../support/codecov.js'
import type { CodecovRequest, FakeCodecov } from '../support/codecov.js'
import { git } from '../support/command.js'
import { execute } from '../support/runner.js'
import { Scratch } from '../support/scratch.js'
import { describeWith, tool } from '../support/tools.js'

jest.setTimeout(60_000)

let scratch: Scratch
let codecov: FakeCodecov
beforeEach(async () => {
  scratch = new Scratch('wf-codecov-')
  codecov = await startCodecov()
})
afterEach(async () => {
  await codecov.close()
  scratch.remove()
})

const lcov = 'TN:\nSF:src/a.js\nDA:1,1\nend_of_record\n'

/** What both must say alike; who they are and where the folder lies is their own business. */
function essence({ method, path, authorization, body }: CodecovRequest): object {
  const { cli_args: _, version: __, report_payload_bytes: ___, network_files: names, ...rest } = body
  if (method !== 'PUT') return { method, path, authorization: authorization ?? null, ...rest }
  const files = Object.entries(filesIn({ body } as CodecovRequest)).map(([name, text]) => [
    name.slice(name.indexOf('coverage/')),
    text,
  ])
  // Codecov's own tool ends its list with an empty name.
  const tracked = (names as string[]).filter((name) => name !== '')
  const shapes = (rest['coverage_files'] as { [key: string]: Json }[]).map(({ format, labels }) => [format, labels])
  return { method, authorization: authorization ?? null, ...rest, coverage_files: shapes, files, tracked }
}

const reportFile = (path: string, { files }: Ports) => ({ path, size: lcov.length, chunks: () => files.stream(path) })

describeWith('codecov')('Codecov’s own tool', () => {
  test.each(['upload-token', ''])('asks for the same as we do, with the token %j', async (token) => {
    const folder = scratch.folderWith(undefined, {
      'src/a.js': 'x\n',
      '.gitignore': 'coverage/\n',
      'coverage/lcov.info': lcov,
    })
    await git(folder, 'init', '--quiet')
    await git(folder, 'add', '--all')
    await git(folder, 'commit', '--quiet', '--message=x')
    const sha = (await git(folder, 'rev-parse', 'HEAD')).trim()

    const program = tool('codecov')
    const options = ['--git-service', 'github', '--disable-search', '-f', 'coverage/lcov.info', '-F', 'unit', '-b', '1']
    const args = ['--disable-telem', '--url', codecov.url, 'upload-process', ...options]
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: scratch.root,
      PYTHONPATH: dirname(dirname(program)),
      GITHUB_ACTIONS: 'true',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'org/repo',
      GITHUB_RUN_ID: '100',
      GITHUB_WORKFLOW: 'shop',
      GITHUB_HEAD_REF: 'topic',
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_SHA: sha,
      ...(token === '' ? {} : { CODECOV_TOKEN: token }),
    }
    const ended = await execute(program, args, { cwd: folder, env })
    expect(ended).toMatchObject({ code: 0 })
    const theirs = codecov.requests.splice(0).map(essence)
    expect(theirs).toHaveLength(4)

    const ports = hostPorts({})
    const { journal } = openRun(join(scratch.root, 'home'), ports, new Redactor())
    const upload = openCodecov(
      {
        service: 'github',
        repository: 'org/repo',
        sha,
        branch: 'topic',
        pullRequest: 7,
        build: 'https://github.com/org/repo/actions/runs/100',
        job: 'shop',
      },
      { token, url: codecov.url },
      {
        ...ports,
        journal,
        folder,
        tracked: async () => (await git(folder, 'ls-files')).trim().split('\n'),
        clean: (text) => text,
      },
    )
    const report = await readReport(reportFile(join(folder, 'coverage/lcov.info'), ports), { suite: 'unit' })
    const told = { ...report, path: 'coverage/lcov.info' }
    journal.append({ type: 'report.read', step: 'test/unit', attempt: 1, report: told })
    const effect = await upload.effect(() => new AbortController().signal)
    const done = effect && (await perform(effect, journal, { foreign: false }))
    journal.close()
    expect(done).toMatchObject({ ok: true })
    expect(codecov.requests.map(essence)).toEqual(theirs)
    expect(codecov.mistakes).toEqual([])
  })
})
