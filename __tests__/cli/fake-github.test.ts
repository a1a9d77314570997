import { describe, expect, test } from '@jest/globals'
import { fakeGitHubCommand } from '../../src/cli/fake-github.js'
import { MemoryFiles } from '../support/files.js'
import { fakePorts } from '../support/ports.js'

/** Calls the command; `meanwhile` happens while it runs, and then it is interrupted. */
async function call(
  args: string[],
  files: Record<string, string> = {},
  meanwhile: (url: string) => Promise<unknown> = async () => undefined,
) {
  const ports = fakePorts({ files: new MemoryFiles(files) })
  const command = fakeGitHubCommand(async () => {
    await meanwhile(ports.terminal.outText.split('\n')[0] ?? '')
  })
  const code = await command.run(args, { ports, cwd: '/repo' })
  return { code, out: ports.terminal.outText, err: ports.terminal.errText, files: ports.files }
}

const seed = JSON.stringify({
  repositories: { 'org/repo': { pulls: [{ number: 1 }], artifacts: { 7: [{ name: 'wf', path: 'wf.zip' }] } } },
  tokens: { secret: { permissions: { pull_requests: 'write' } } },
})

describe('wf fake-github', () => {
  test('prints its address first, answers until it is interrupted, and logs every request', async () => {
    const statuses: number[] = []
    const files = { '/repo/github/state.json': seed, '/repo/github/wf.zip': 'PK' }
    const {
      code,
      out,
      err,
      files: after,
    } = await call(['--state', 'github/state.json', '--log', 'log.jsonl'], files, async (url) => {
      const headers = { authorization: 'Bearer secret' }
      const address = `${url}/repos/org/repo/issues/1/comments`
      statuses.push((await fetch(address, { method: 'POST', headers, body: '{"body":"hello"}' })).status)
      statuses.push((await fetch(address)).status)
    })
    expect(statuses).toEqual([201, 200])
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/)
    expect(err).toBe('2 requests, 1 of them wrote, no mistake\n')
    expect(code).toBe(0)
    const lines = (after.readText('/repo/log.jsonl') ?? '').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { seq: 1, method: 'POST', route: 'issues/create-comment', status: 201 },
      { seq: 2, method: 'GET', route: 'issues/list-comments', status: 200, token: null },
    ])
  })

  test('tells of mistakes as they happen, and fails because of them', async () => {
    const { code, err } = await call([], {}, (url) => fetch(`${url}/repos/org/repo/nowhere`))
    expect(err).toContain('tokens: fake-token-that-writes, fake-token-that-reads; an interrupt ends it\n')
    expect(err).toContain('mistake: GET /repos/org/repo/nowhere: unknown route\n')
    expect(err).toContain('1 request, 0 of them wrote, 1 mistake\n')
    expect(code).toBe(1)
  })

  test('fails requests as the rules say', async () => {
    const statuses: number[] = []
    const files = { '/repo/faults.json': '[{"answer":500,"times":1}]' }
    await call(['--faults', 'faults.json'], files, async (url) => {
      statuses.push((await fetch(`${url}/repos/org/repo`)).status)
      statuses.push((await fetch(`${url}/repos/org/repo`)).status)
    })
    expect(statuses).toEqual([500, 200])
  })

  test.each<[string, string[], string]>([
    ['an unknown option', ['--sate', 'x'], 'unknown option `--sate` [arguments]\n  hint: did you mean `--state`?'],
    ['a port that is none', ['--port', '70000'], '`--port 70000` is no port'],
    ['a state that is not there', ['--state', 'x.json'], 'there is no file x.json'],
    [
      'a state that is wrong',
      ['--state', 'bad.json'],
      'bad.json: the value must NOT have additional properties (`repos`)',
    ],
    ['a state whose artifact is not there', ['--state', 'state.json'], 'there is no file wf.zip for the artifact wf'],
    ['faults that are wrong', ['--faults', 'bad.json'], 'bad.json: the value must be array'],
  ])('%s is told and ends with 2', async (_, args, message) => {
    const { code, out, err } = await call(args, { '/repo/bad.json': '{"repos":{}}', '/repo/state.json': seed })
    expect(err).toContain(message)
    expect([code, out]).toEqual([2, ''])
  })
})
