import { describe, expect, test } from '@jest/globals'
import { fakes, repo } from './client.js'

const start = fakes()
const sha = '1'.repeat(40)
const seed = {
  repositories: {
    'org/repo': {
      commits: { [sha]: { message: 'first <b>', files: { 'src/a b.js': 'if (a < b) {}\n' } } },
      branches: { main: sha },
      pulls: [{ number: 7, title: 'A <change>', head: { ref: 'topic' } }],
      runs: [{ id: 9, name: 'ci', head_sha: sha }],
    },
  },
}
const addressOf = (data: unknown, key = 'html_url'): string =>
  new URL((data as { [key: string]: string })[key] ?? '').pathname

describe('the pages that the fake hands out', () => {
  test('show a check with the source of its texts', async () => {
    const { ask, as } = await start(seed)
    const output = {
      title: '1 test failed',
      summary: '| Gate |\n| --- |\n<script>alert(1)</script>',
      annotations: [{ path: 'a.js', start_line: 3, end_line: 3, annotation_level: 'failure', message: 'is <wrong>' }],
    }
    const made = await ask('POST', `${repo}/check-runs`, { name: 'wf', head_sha: sha, conclusion: 'failure', output })
    const page = await as()('GET', addressOf(made.data))
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.text).toContain('<h1>wf: failure</h1>')
    expect(page.text).toContain(
      '<h2>1 test failed</h2>\n<pre>| Gate |\n| --- |\n&lt;script&gt;alert(1)&lt;/script&gt;</pre>',
    )
    expect(page.text).toContain('a.js:3 failure\nis &lt;wrong&gt;')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  test('show a pull request with its comments, each at its mark', async () => {
    const { ask, as } = await start(seed)
    const { data } = await ask('POST', `${repo}/issues/7/comments`, { body: '### ❌ <b>failed</b>' })
    const { id } = data as { id: number }
    const { text } = await as()('GET', addressOf(data))
    expect(text).toContain('<h1>A &lt;change&gt; #7</h1>')
    expect(text).toContain(`<h2 id="issuecomment-${id}">`)
    expect(text).toContain('<pre>### ❌ &lt;b&gt;failed&lt;/b&gt;</pre>')
  })

  test('show runs, commits and files', async () => {
    const { as } = await start(seed)
    const text = async (path: string): Promise<string> => (await as()('GET', `/org/repo/${path}`)).text
    expect(await text('actions/runs/9')).toContain('<h1>ci: success</h1>')
    expect(await text('actions/runs/10/attempts/2')).toContain('<h1>Run 10</h1>')
    expect(await text(`commit/${sha}`)).toContain('<pre>first &lt;b&gt;</pre>')
    expect(await text(`blob/${sha}/src/a%20b.js`)).toContain('<pre>if (a &lt; b) {}\n</pre>')
  })

  test('are no mistakes, count for no limit and are struck by no fault', async () => {
    const { github, as } = await start({ ...seed, faults: [{ answer: 500 }] })
    expect((await as()('GET', '/org/repo/pull/7')).status).toBe(200)
    expect((await as()('GET', '/favicon.ico')).status).toBe(204)
    expect(github.mistakes).toEqual([])
    expect(github.log.map(({ route }) => route)).toEqual(['page', 'page'])
  })

  test('hide no slip of a client of the API', async () => {
    const { github, ask } = await start(seed)
    for (const path of [
      '/org/repo/pulls/7',
      '/org/repo/pull/8',
      '/org/other/pull/7',
      '/org/repo/%ZZ',
      '/__proto__/x/pull/1',
    ])
      expect((await ask('GET', path)).status).toBe(404)
    expect((await ask('POST', '/org/repo/pull/7', {})).status).toBe(404)
    expect(github.mistakes).toHaveLength(6)
  })
})
