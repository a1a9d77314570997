import { describe, expect, test } from '@jest/globals'
import { judge } from './judge.js'
import { edited, shop } from './pairs.js'

const openapi = '*.{yaml,json}'
const alone = (text: string, name = 'api.yaml'): Promise<string[]> => judge({ openapi }, { now: { [name]: text } })

/** The smallest document of a version. */
const small = (head: string, rest = ''): string =>
  `${head}\ninfo: { title: t, version: 1.0.0 }\npaths:\n  /a:\n    get: { summary: s, responses: { '200': { description: d } } }\n${rest}`

describe('the structure of an OpenAPI document', () => {
  test.each(["swagger: '2.0'", 'openapi: 3.0.4', 'openapi: 3.1.1', 'openapi: 3.2.0'])('of %s passes', async (head) => {
    expect(await alone(small(head))).toEqual([])
  })

  test('passes as JSON too, and its slips are told at their lines', async () => {
    const value = { openapi: '3.0.3', info: { title: 't', version: '1.0.0' }, paths: {} }
    expect(await alone(JSON.stringify(value), 'api.json')).toEqual([])
    const slip = JSON.stringify({ ...value, info: { title: 1, version: '1.0.0', licence: {} } }, null, 2)
    expect(await alone(slip, 'api.json')).toEqual([
      'api.json:4 error structure: OpenAPI 3.0: `info.title` has to be a text',
      'api.json:6 error structure: OpenAPI 3.0: `info` knows no `licence`: take it out, or mend its name',
    ])
  })

  test.each<[string, string, [string, string][], string[]]>([
    ['a key that is missing', 'openapi: 3.0.3', [['title: t, ', '']], ['2 `info` has no `title`: add it']],
    ['a key that is missing', "swagger: '2.0'", [['title: t, ', '']], ['2 `info` has no `title`: add it']],
    [
      'a status that is none',
      'openapi: 3.0.3',
      [["'200'", 'ok']],
      ["5 `ok` is no status: write one such as `'200'`, `2XX` or `default`"],
    ],
    [
      'a status that is none',
      'openapi: 3.1.0',
      [["'200'", 'ok']],
      ["5 `ok` is no status: write one such as `'200'`, `2XX` or `default`"],
    ],
    [
      'no status at all',
      'openapi: 3.0.3',
      [["{ '200': { description: d } }", '{}']],
      ['5 `/a.get.responses` names no status: add one, or `default`'],
    ],
    ['a path without a slash', 'openapi: 3.1.0', [['  /a:', '  a:']], ['4 the path `a` has to begin with `/`']],
    [
      'a response without a description',
      'openapi: 3.0.3',
      [['{ description: d }', '{}']],
      ['5 `get.responses.200` has no `description`: add it'],
    ],
    [
      'a response of another form',
      'openapi: 3.1.0',
      [['{ description: d }', 'd']],
      ['5 `get.responses.200` has to be a mapping'],
    ],
    [
      'a key that nobody knows',
      'openapi: 3.2.0',
      [['summary: s', 'summary: s, sumary: s']],
      ['5 `paths./a.get` knows no `sumary`: take it out, or mend its name'],
    ],
    [
      'a parameter of no kind',
      "swagger: '2.0'",
      [['summary: s', 'summary: s, parameters: [{ name: q, in: quer, type: string }]']],
      ['5 `parameters.0.in` has to be one of `"header"`, `"formData"`, `"query"`, `"path"`'],
    ],
    [
      'a type that is none',
      'openapi: 3.1.0',
      [['{ description: d }', '{ description: d, content: { a/b: { schema: { type: sting } } } }']],
      ['5 `type` has to be one of `"array"`, `"boolean"`, `"integer"`, `"null"`, `"number"`, `"object"`, `"string"`'],
    ],
  ])('tells %s of %s once, where it is', async (_, head, edits, told) => {
    const found = (await alone(edited(edits, small(head)))).filter((one) => one.includes(' structure: '))
    expect(found.map((one) => one.replace(/^api\.yaml:(\d+) error structure: OpenAPI \d\.\d: /, '$1 '))).toEqual(told)
  })

  test('is not judged by a version that is not known', async () => {
    expect(await alone(small('openapi: 4.0.0'))).toEqual([
      'api.yaml:1 error structure: its version of OpenAPI is not known: `openapi: 3.0.x`, `3.1.x`, `3.2.x` or `swagger: "2.0"` are',
    ])
  })
})

describe('an OpenAPI document beyond its structure', () => {
  const told = async (...edits: [string, string][]): Promise<string[]> => alone(edited(edits))

  test('passes as it is', async () => {
    expect(await told()).toEqual([])
  })

  test('has references that lead somewhere', async () => {
    expect(await told(['schemas/Gift', 'schemas/Present'])).toEqual([
      'api.yaml:53 error reference: `$ref: #/components/schemas/Present` leads nowhere: there is no `Present` there; mend it, or add what it names',
    ])
  })

  test('may refer to files of the repository, and to no others', async () => {
    const now = {
      'api/main.yaml': small(
        'openapi: 3.0.3',
        "components: { schemas: { A: { $ref: './parts/a.json#/A' }, B: { $ref: '../../etc/x.yaml' }, C: { $ref: 'none.yaml' } } }",
      ),
      'api/parts/a.json': '{ "A": { "properties": { "b": { "$ref": "#/B" } } } }',
    }
    expect(await judge({ openapi: 'api/*.yaml' }, { now })).toEqual([
      'api/main.yaml:6 error reference: `$ref: ../../etc/x.yaml` leads nowhere: it leaves the repository; mend it, or add what it names',
      'api/main.yaml:6 error reference: `$ref: none.yaml` leads nowhere: `api/none.yaml`: there is no such tracked file, or it is too large; mend it, or add what it names',
      'api/parts/a.json:1 error reference: `$ref: #/B` leads nowhere: there is no `B` there; mend it, or add what it names',
    ])
  })

  test('says once that addresses are not fetched', async () => {
    const found = await alone(
      small(
        'openapi: 3.0.3',
        "components: { schemas: { A: { $ref: 'https://x.example/a' }, B: { $ref: 'https://x.example/b' } } }",
      ),
    )
    expect(found).toEqual([
      'api.yaml:6 note outside: addresses are not fetched, so what stands there is not judged: `https://x.example/a`, `https://x.example/b`',
    ])
  })

  test('passes over what looks like a reference in an example', async () => {
    expect(
      await alone(small('openapi: 3.0.3', "components: { examples: { a: { value: { $ref: '#/none' } } } }")),
    ).toEqual([])
  })

  test('calls each operation by a name of its own, and tells its paths apart', async () => {
    expect(
      await told(
        ['operationId: addOrder', 'operationId: listOrders'],
        ['  /orders/{id}:', '  /orders/{one}: {}\n  /orders/{id}:'],
      ),
    ).toEqual([
      'api.yaml:31 error same-path: `/orders/{id}` is the same path as `/orders/{one}`: put their operations under one',
      'api.yaml:21 error operation-id: `POST /orders`: the operationId `listOrders` is that of `GET /orders` too: give it one of its own',
    ])
  })

  test('declares the parameters of its paths', async () => {
    expect(await told(['in: path, name: id', 'in: path, name: order'])).toEqual([
      'api.yaml:31 error path-parameter: `DELETE /orders/{id}`: the path has `{id}`, and no parameter with `in: path` is called so: declare it',
      'api.yaml:37 error path-parameter: `DELETE /orders/{id}`: the parameter `order` is `in: path`, and the path has no `{order}`: take it out, or name it in the path',
    ])
  })

  test('names security schemes that there are', async () => {
    expect(
      await told(
        ['[{ login: [write] }]', '[{ logon: [write] }]'],
        ['security: [{ key: [] }]', 'security: [{ keys: [] }]'],
      ),
    ).toEqual([
      'api.yaml:3 error security-scheme: the document: no security scheme is called `keys`: define it, or mend the name',
      'api.yaml:36 error security-scheme: `DELETE /orders/{id}`: no security scheme is called `logon`: define it, or mend the name',
    ])
  })

  test('says what its operations do, and has a semantic version', async () => {
    expect(await told(['      summary: lists\n', ''], ['version: 1.2.0', "version: '1.2'"])).toEqual([
      'api.yaml:2 warning version: `info.version` is `1.2`, which is no semantic version: write one such as `1.4.0`',
      'api.yaml:6 warning documented: `GET /orders` has neither `summary` nor `description`: say in a sentence what it does',
    ])
  })
})

describe('security that is required', () => {
  const judged = (text: string): Promise<string[]> =>
    judge({ openapi: { files: openapi, security: 'required' } }, { now: { 'api.yaml': text } })

  test('is said by each operation, or by the document', async () => {
    expect(await judged(shop)).toEqual([])
    const found = await judged(edited([['security: [{ key: [] }]\n', '']]))
    expect(found.map((one) => one.replace(/ does not.*/, ''))).toEqual([
      'api.yaml:5 error security: `GET /orders`',
      'api.yaml:19 error security: `POST /orders`',
    ])
    expect(found[0]).toContain('add `security`, or `security: []` where everybody may')
  })

  test('may say that everybody may, which is noted', async () => {
    for (const open of ['[]', '[{}, { login: [] }]'])
      expect(await judged(edited([['[{ login: [write] }]', open]]))).toEqual([
        'api.yaml:36 note anonymous: `DELETE /orders/{id}` may be called by everybody, as its `security` says',
      ])
  })
})

describe('the files of an OpenAPI document', () => {
  test('have to be there, and to be documents or parts of one', async () => {
    expect(await judge({ openapi: 'docs/*.yaml' }, { now: { 'a.yaml': shop } })).toEqual([
      ': error unread: no tracked file fits `docs/*.yaml`: mend `gates.contracts.openapi`, or add the OpenAPI document',
    ])
    expect(await judge({ openapi }, { now: { 'a.yaml': 'a: 1' } })).toEqual([
      'a.yaml:1 error unread: it is no OpenAPI document, since it has neither `openapi` nor `swagger`, and none refers to it: name documents only',
    ])
    const parts = {
      'a.yaml': small('openapi: 3.0.3', "components: { schemas: { A: { $ref: 'b.yaml' } } }"),
      'b.yaml': 'type: string',
    }
    expect(await judge({ openapi }, { now: parts })).toEqual([])
  })

  test('are those with the usual names where none are named', async () => {
    expect(await judge({}, { now: { 'x/openapi.json': '[]', 'x/other.json': '[]' } })).toEqual([
      'x/openapi.json:1 error unread: the OpenAPI document cannot be read: it is no mapping',
    ])
  })

  test.each<[string, string, string, string]>([
    [
      'YAML that is none',
      'a.yaml',
      'a: [1',
      'a.yaml:1 error unread: the OpenAPI document cannot be read: it is no YAML here',
    ],
    [
      'JSON that is none',
      'a.json',
      '{\n"a": 1,\n}',
      'a.json:3 error unread: the OpenAPI document cannot be read: it is no JSON here',
    ],
    [
      'a key that stands twice',
      'a.json',
      '{\n"a": 1,\n"a": 2}',
      'a.json:3 error unread: the OpenAPI document cannot be read: the key `a` stands twice',
    ],
  ])('that hold %s are told', async (_, name, text, told) => {
    const [found] = await judge({ openapi }, { now: { [name]: text } })
    expect(found).toContain(told)
  })
})

describe('a change of an OpenAPI document', () => {
  const rules = (breaking: 'fail' | 'warn' | 'allow') => ({ openapi: { files: openapi, breaking } })
  const gone = edited([['    post:', '    x-post:']])

  test('may be a warning, or nobody’s concern', async () => {
    const states = { before: { 'a.yaml': shop }, now: { 'a.yaml': gone } }
    expect((await judge(rules('warn'), states)).join()).toMatch(
      /^a\.yaml:4 warning operation-removed: `POST \/orders`: the operation is removed: raise/,
    )
    expect(await judge(rules('allow'), states)).toEqual([])
  })

  test('is found in a file that was renamed, and in files that the document refers to', async () => {
    const found = await judge(rules('fail'), {
      before: { 'a.yaml': shop },
      now: { 'b.yaml': gone },
      renamed: { 'b.yaml': 'a.yaml' },
    })
    expect(found.join()).toMatch(/^b\.yaml:4 error operation-removed/)
    const main = small('openapi: 3.0.3').replace(
      '{ description: d }',
      "{ description: d, content: { a/b: { schema: { $ref: 'p.json#/A' } } } }",
    )
    const files = (type: string) => ({ 'a.yaml': main, 'p.json': `{\n"A": { "type": "${type}" } }` })
    expect(await judge(rules('fail'), { before: files('string'), now: files('integer') })).toEqual([
      'p.json:2 error type-changed: `GET /a`: the response 200 was string and is integer now: raise `info.version` to 2.0.0, or keep the type',
    ])
  })

  test('that removes the document breaks', async () => {
    expect(await judge(rules('fail'), { before: { 'a.yaml': shop, 'b.yaml': shop }, now: { 'a.yaml': shop } })).toEqual(
      [
        ': error removed: the OpenAPI document `b.yaml` is removed, and whoever relies on it is left alone: keep it, or waive this with a reason',
      ],
    )
  })

  test('that mends what could not be read cannot be told', async () => {
    expect(await judge(rules('fail'), { before: { 'a.yaml': 'a: [' }, now: { 'a.yaml': shop } })).toEqual([
      expect.stringMatching(/^a\.yaml:1 warning cannot-tell: what the change breaks cannot be told/),
    ])
  })

  test('of webhooks and callbacks cannot be told', async () => {
    const text = (word: string): string =>
      small('openapi: 3.1.0', `webhooks: { w: { post: { summary: ${word} } } }`).replace(
        'summary: s,',
        `summary: s, callbacks: { ${word}: {} },`,
      )
    const found = await judge(rules('fail'), { before: { 'a.yaml': text('a') }, now: { 'a.yaml': text('b') } })
    const untold = found.filter((one) => one.includes('warning cannot-tell: '))
    expect(untold.map((one) => one.replace(/,.*/, ''))).toEqual([
      'a.yaml:5 warning cannot-tell: `GET /a`: it has other `callbacks`',
      'a.yaml:6 warning cannot-tell: the document has other `webhooks`',
    ])
  })

  test('counts the operations in which it shows', async () => {
    const users = (type: string): string =>
      small('openapi: 3.0.3', `components: { schemas: { A: { type: ${type} } } }`).replace(
        /\n {4}get.*\n/,
        ['get', 'put', 'post']
          .map(
            (one) =>
              `\n    ${one}: { summary: s, responses: { '200': { description: d, content: { a/b: { schema: { $ref: '#/components/schemas/A' } } } } } }`,
          )
          .join('') + '\n',
      )
    const found = await judge(rules('fail'), {
      before: { 'a.yaml': users('string') },
      now: { 'a.yaml': users('integer') },
    })
    expect(found).toEqual([
      expect.stringContaining('a.yaml:8 error type-changed: `GET /a` (and 2 more): the response 200 was string'),
    ])
  })

  test('from one version of OpenAPI to another is the same contract', async () => {
    const body = (schema: string) =>
      `requestBody: { required: true, content: { application/json: { schema: ${schema} } } }`
    const two = small("swagger: '2.0'").replace(
      'summary: s,',
      'summary: s, parameters: [{ in: body, name: b, required: true, schema: { type: object, properties: { a: { type: string } } } }, { in: query, name: q, type: integer }],',
    )
    const three = (type: string) =>
      small('openapi: 3.1.0').replace(
        'summary: s,',
        `summary: s, parameters: [{ in: query, name: q, schema: { type: integer } }], ${body(`{ type: object, properties: { a: { type: ${type} } } }`)},`,
      )
    const change = async (text: string) =>
      (await judge(rules('fail'), { before: { 'a.yaml': two }, now: { 'a.yaml': text } })).map((one) =>
        one.split(' ').slice(1, 3).join(' '),
      )
    expect(await change(three('string'))).toEqual(['warning same-version:'])
    expect(await change(three('boolean'))).toEqual(['error type-changed:'])
    expect(await change(three('[string, "null"]'))).toEqual(['warning same-version:'])
  })
})
