import { describe, expect, test } from '@jest/globals'
import { walk } from '../support/walk.js'
import type { Walk } from '../support/walk.js'

const event: NonNullable<Walk['event']> = {
  name: 'pull_request',
  payload: {
    number: 7,
    pull_request: {
      number: 7,
      title: 'feat: x',
      head: { sha: 'a'.repeat(40), ref: 'x', repo: { full_name: 'org/repo' } },
      base: { sha: 'b'.repeat(40), ref: 'main' },
    },
    repository: { full_name: 'org/repo', default_branch: 'main' },
  },
}

const api = (limit: number, summary = 'summary: s, ', version = '1.0.0'): string =>
  `openapi: 3.0.3
info: { title: t, version: ${version} }
paths:
  /a:
    get: { ${summary}parameters: [{ in: query, name: n, schema: { maximum: ${limit} } }], responses: { '200': { description: d } } }
`

/** A stage with this gate over a pull request with this document; `before` is the one of the base. */
async function judged(gate: string, now: string, before = now, top = '') {
  const done = await walk(
    `version: 1\nname: w\non: { pull_request: s }\n${top}stages:\n  s: { steps: [{ run: x }], gates: { contracts: ${gate} } }\n`,
    {
      files: { 'api/openapi.yaml': now },
      tracked: ['.github/wf.yml', 'api/openapi.yaml'],
      event,
      with: ({ git }) => {
        git
          .on(/^log|^diff/, { stdout: '' })
          .on(/^ls-tree -r -z --name-only/, { stdout: 'api/openapi.yaml\0src/a.js\0' })
          .on(/^cat-file blob \w+:\.\/api\/openapi\.yaml/, { stdout: before })
      },
    },
  )
  const [verdict] = done.outcome.verdicts.filter((one) => one.gate === 'contracts')
  const found = done.outcome.evidence.flatMap(({ evidence }) =>
    evidence.flatMap((one) => (one.kind === 'findings' ? one.findings : [])),
  )
  return { status: verdict?.status, reason: verdict?.reason, rules: found.map(({ rule }) => rule) }
}

describe('the gate of contracts', () => {
  test('passes where the contracts are whole and nothing changed', async () => {
    expect(await judged('{}', api(9))).toEqual({
      status: 'pass',
      reason: 'the contracts are whole, and nothing breaks',
      rules: [],
    })
  })

  test('fails where a change breaks clients, and not in a new major version', async () => {
    expect(await judged('{}', api(8), api(9))).toMatchObject({ status: 'fail', rules: ['bound-tightened'] })
    expect(await judged('{}', api(8, undefined, '2.0.0'), api(9))).toMatchObject({ status: 'pass', rules: [] })
    expect(await judged('{ openapi: { files: api/*.yaml, breaking: allow } }', api(8), api(9))).toMatchObject({
      status: 'pass',
      rules: [],
    })
  })

  test('counts errors and warnings against their thresholds', async () => {
    expect(await judged('{}', api(9, ''))).toMatchObject({ status: 'pass', rules: ['documented'] })
    expect((await judged('{ warnings: 0 }', api(9, ''))).status).toBe('fail')
    expect((await judged('{ errors: 1 }', api(8), api(9))).status).toBe('pass')
  })

  test('asks for security where it is required', async () => {
    const gate = '{ openapi: { files: api/*.yaml, security: required } }'
    expect(await judged(gate, api(9))).toMatchObject({ status: 'fail', rules: ['security'] })
    expect((await judged(gate, api(9, 'summary: s, security: [], '))).status).toBe('pass')
  })

  test.each([
    ['backward', 'pass'],
    ['forward', 'fail'],
    ['none', 'pass'],
  ])('asks of events what is written: %s', async (compatibility, status) => {
    const event = (more: string): string =>
      `{ "$schema": "https://json-schema.org/draft/2020-12/schema", "version": "1.1.0", "enum": ["a"${more}] }`
    const gate = `{ events: { files: api/*.yaml, compatibility: ${compatibility} } }`
    expect((await judged(gate, event(', "b"'), event(''))).status).toBe(status)
  })

  test('fails where a file that is named is not there', async () => {
    expect(await judged('{ events: "events/*.json" }', api(9))).toMatchObject({ status: 'fail', rules: ['unread'] })
  })

  test('lets off what is waived', async () => {
    const top = 'waivers:\n  - { rule: bound-tightened, gate: contracts, until: 2999-01-01, reason: nobody uses it }\n'
    expect(await judged('{}', api(8), api(9), top)).toMatchObject({ status: 'pass' })
  })

  test('is not judged when it is off', async () => {
    expect(await judged('off', 'x')).toEqual({ status: undefined, reason: undefined, rules: [] })
  })
})
