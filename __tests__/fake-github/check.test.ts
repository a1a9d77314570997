import { describe, expect, test } from '@jest/globals'
import type { Json } from '../../src/base/json.js'
import { createChecker } from '../../src/fake-github/check.js'
import { openapi } from '../../src/fake-github/generated/openapi.js'
import { fakes, repo } from './client.js'
import { startFakeGitHub } from '../../src/fake-github/index.js'

const start = fakes()
const remark = { path: 'a.ts', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'look' }
const output = (more: { [key: string]: Json }) => ({ output: { title: 'T', summary: 'S', ...more } })
const noted = (more: { [key: string]: Json }) => output({ annotations: [{ ...remark, ...more }] })

describe('a check run that breaks the description is refused and a mistake', () => {
  test.each<[string, { [key: string]: Json }, string]>([
    ['without a name', { name: null }, 'name must be string'],
    ['with a blank name', { name: ' ' }, "name can't be blank"],
    [
      'with a status that is none',
      { status: 'done' },
      'status must be equal to one of the allowed values: queued, in_progress, completed',
    ],
    [
      'with a conclusion that is none',
      { conclusion: 'passed' },
      'conclusion must be equal to one of the allowed values',
    ],
    ['completed without a conclusion', { status: 'completed' }, 'conclusion is required when the status is completed'],
    ['with a time that is none', { started_at: 'noon' }, 'started_at must match format "date-time"'],
    ['with a number for an id', { external_id: 7 }, 'external_id must be string'],
    ['with an address that is not http', { details_url: 'file:///tmp/x' }, 'details_url must use http or https'],
    ['without a summary', { output: { title: 'T' } }, "output must have required property 'summary'"],
    [
      'with a summary that is too long',
      output({ summary: 'x'.repeat(65_536) }),
      'output.summary must NOT have more than 65535 characters',
    ],
    [
      'with a text that is too long',
      output({ text: 'x'.repeat(65_536) }),
      'output.text must NOT have more than 65535 characters',
    ],
    [
      'with 51 annotations',
      output({ annotations: Array.from({ length: 51 }, () => remark) }),
      'output.annotations must NOT have more than 50 items',
    ],
    [
      'with an annotation without a path',
      output({ annotations: [{ ...remark, path: null }] }),
      'output.annotations[0].path must be string',
    ],
    [
      'with a level that is none',
      noted({ annotation_level: 'error' }),
      'output.annotations[0].annotation_level must be equal to one of the allowed values',
    ],
    ['with line 0', noted({ start_line: 0 }), 'output.annotations[0].start_line counts from 1'],
    [
      'with an end before the start',
      noted({ start_line: 5, end_line: 4 }),
      'output.annotations[0].end_line comes before start_line',
    ],
    [
      'with columns over two lines',
      noted({ end_line: 2, start_column: 1 }),
      'output.annotations[0] has columns, and its start_line and end_line differ',
    ],
    ['with column 0', noted({ start_column: 0 }), 'output.annotations[0] has columns that count from 1'],
    [
      'with columns the wrong way round',
      noted({ start_column: 5, end_column: 4 }),
      'output.annotations[0].end_column comes before start_column',
    ],
    [
      'with a title that is too long',
      noted({ title: 'x'.repeat(256) }),
      'output.annotations[0].title is too long (maximum is 255 characters)',
    ],
    [
      'with a message that is too large',
      noted({ message: 'é'.repeat(32_769) }),
      'output.annotations[0].message is larger than 65536 bytes',
    ],
    [
      'with details that are too large',
      noted({ raw_details: 'x'.repeat(65_537) }),
      'output.annotations[0].raw_details is larger than 65536 bytes',
    ],
    [
      'with four buttons',
      { actions: Array.from({ length: 4 }, () => ({ label: 'l', description: 'd', identifier: 'i' })) },
      'actions must NOT have more than 3 items',
    ],
  ])('%s', async (_, more, message) => {
    const { github, ask } = await start()
    const head_sha = github.repository().branches['main']?.sha ?? ''
    const answer = await ask('POST', `${repo}/check-runs`, { name: 'wf', head_sha, ...more })
    expect(answer.status).toBe(422)
    expect((answer.data as { message: string }).message).toContain(message)
    expect(github.mistakes[0]).toContain(`#1 POST ${repo}/check-runs: ${message}`)
    expect(github.repository().checkRuns).toEqual({})
  })

  test('one within every limit is taken', async () => {
    const { github, ask } = await start()
    const head_sha = github.repository().branches['main']?.sha ?? ''
    const largest = {
      ...remark,
      start_column: 1,
      end_column: 2,
      title: 'x'.repeat(255),
      message: 'x'.repeat(65_536),
      raw_details: 'x'.repeat(65_536),
    }
    const text = 'x'.repeat(65_535)
    const annotations = Array.from({ length: 50 }, () => largest)
    const body = { name: 'wf', head_sha, ...output({ summary: text, text, annotations }) }
    expect(await ask('POST', `${repo}/check-runs`, body)).toMatchObject({ status: 201 })
    expect(github.mistakes).toEqual([])
  })
})

describe('other requests that break the description', () => {
  test.each<[string, string, Json | undefined, string]>([
    ['a blank comment', 'POST /issues/1/comments', { body: '' }, "body can't be blank"],
    [
      'a comment that is too long',
      'POST /issues/1/comments',
      { body: 'x'.repeat(65_537) },
      'body is too long (maximum is 65536 characters)',
    ],
    ['a comment that is no object', 'POST /issues/1/comments', ['x'], 'the value must be object'],
    ['a comment without a body', 'POST /issues/1/comments', undefined, 'the request needs a body'],
    [
      'a status with a long description',
      'POST /statuses/main',
      { state: 'success', description: 'x'.repeat(141) },
      'description is too long (maximum is 140 characters)',
    ],
    [
      'a status that leads to a file',
      'POST /statuses/main',
      { state: 'success', target_url: '/tmp/x' },
      'target_url must use http or https',
    ],
    [
      'SARIF for a short SHA',
      'POST /code-scanning/sarifs',
      { commit_sha: 'abc', ref: 'refs/heads/main', sarif: '' },
      'commit_sha must NOT have fewer than 40 characters',
    ],
    ['a page that is no number', 'GET /pulls?page=two', undefined, 'page: the value must be integer'],
    [
      'a filter that is none',
      'GET /commits/main/check-runs?filter=newest',
      undefined,
      'filter: the value must be equal to one of the allowed values: latest, all',
    ],
  ])('%s is refused and a mistake', async (_, request, body, message) => {
    const [method = '', path = ''] = request.split(' ')
    const { github, ask } = await start({ repositories: { 'org/repo': { pulls: [{ number: 1 }] } } })
    const answer = await ask(method, `${repo}${path}`, body)
    expect(answer.status).toBe(422)
    expect((answer.data as { message: string }).message).toContain(message)
    expect(github.mistakes[0]).toContain(message)
  })

  test('a property or parameter that GitHub does not know changes nothing and is a mistake', async () => {
    const { github, ask } = await start()
    const head_sha = github.repository().branches['main']?.sha ?? ''
    const body = { name: 'wf', head_sha, sumary: 'x', output: { title: 'T', summary: 'S', annotation: [] } }
    expect(await ask('POST', `${repo}/check-runs?dry=true`, body)).toMatchObject({ status: 201 })
    const request = `#1 POST ${repo}/check-runs?dry=true`
    expect(github.mistakes).toEqual([
      `${request}: GitHub knows no parameter \`dry\` here`,
      `${request}: GitHub knows no property \`sumary\` here`,
      `${request}: GitHub knows no property \`output.annotation\` here`,
    ])
  })

  test('a body that is not JSON is refused and a mistake', async () => {
    const { github } = await start()
    const answer = await fetch(`${github.url}${repo}/check-runs`, { method: 'POST', body: '{"name":' })
    expect(answer.status).toBe(400)
    expect(github.mistakes).toEqual([`#1 POST ${repo}/check-runs: the body is not JSON`])
  })

  test('a route that GitHub or the fake does not know is not found, and logged as such', async () => {
    const { github, ask } = await start()
    expect(await ask('POST', `${repo}/check-run`, {})).toMatchObject({ status: 404, data: { message: 'Not Found' } })
    expect(await ask('DELETE', repo)).toMatchObject({ status: 404 })
    expect(await ask('GET', `${repo}/git/ref/heads%`)).toMatchObject({ status: 404 })
    expect(github.log.map(({ route }) => route)).toEqual(['unknown route', 'unknown route', 'unknown route'])
    expect(github.mistakes[0]).toBe(`#1 POST ${repo}/check-run: unknown route`)
  })

  test('a word where a number belongs is not found and a mistake', async () => {
    const { github, ask } = await start()
    expect(await ask('GET', `${repo}/pulls/one`)).toMatchObject({ status: 404 })
    expect(await ask('GET', `${repo}/issues/constructor/comments`)).toMatchObject({ status: 404 })
    expect(github.mistakes).toEqual([
      `#1 GET ${repo}/pulls/one: pull_number: the value must be integer`,
      `#2 GET ${repo}/issues/constructor/comments: issue_number: the value must be integer`,
    ])
  })

  test('a mistake is told even where the right is missing', async () => {
    const { github, as } = await start({ tokens: { none: { permissions: {} } } })
    expect(await as('none')('POST', `${repo}/check-runs`, { name: 'wf' })).toMatchObject({ status: 403 })
    expect(github.mistakes).toEqual([`#1 POST ${repo}/check-runs: the value must have required property 'head_sha'`])
  })
})

describe("the fake's own answers", () => {
  test('one that breaks the description is answered with 500, a mistake, and fails the test when the fake is closed', async () => {
    const github = await startFakeGitHub({ repositories: { 'org/repo': { pulls: [{ number: 1 }] } } })
    const pull = github.repository().pulls[1]
    if (pull) Object.assign(pull, { state: 'half open', title: 7 })
    const answer = await fetch(`${github.url}${repo}/pulls/1`)
    expect(answer.status).toBe(500)
    expect(github.mistakes.join('\n')).toMatch(
      /state must be equal to one of the allowed values: open, closed; .*title must be string/,
    )
    await expect(github.close()).rejects.toThrow('the fake GitHub has bugs')
  })

  test('one that fails is a bug too', async () => {
    const github = await startFakeGitHub()
    github.repository().commits = null as never
    expect((await fetch(`${github.url}${repo}/commits/main`)).status).toBe(500)
    await expect(github.close()).rejects.toThrow('the fake failed: TypeError')
  })

  test('a status or a property that GitHub does not describe is told', async () => {
    const checker = await createChecker(openapi)
    expect(checker.answer('checks/get', 204)).toEqual(['GitHub does not describe the status 204'])
    const annotation = {
      ...remark,
      start_column: null,
      end_column: null,
      title: null,
      raw_details: null,
      blob_href: 'x',
    }
    expect(checker.answer('checks/list-annotations', 200, [annotation])).toEqual([])
    expect(checker.answer('checks/list-annotations', 200, [{ ...annotation, blob_url: 'x' }])).toEqual([
      'GitHub does not describe `[0].blob_url`',
    ])
    expect(checker.answer('checks/list-annotations', 200, [remark])).toContain(
      "[0] must have required property 'start_column'",
    )
  })

  test('an operation that is not in the trimmed description is named', async () => {
    const checker = await createChecker(openapi)
    expect(() => checker.answer('gists/get', 200)).toThrow('gists/get is not in the trimmed description')
  })
})
