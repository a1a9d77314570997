// Writes src/fake-github/generated/openapi.ts: what the fake GitHub needs of GitHub's OpenAPI description, schemas only.
// Takes the newest @octokit/openapi from the registry (`npm pack`). Run by hand when an operation is added; the result is committed.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The operations that the fake answers, by GitHub's own names. */
const operations = [
  'actions/download-artifact',
  'actions/get-workflow-run',
  'actions/list-workflow-run-artifacts',
  'checks/create',
  'checks/get',
  'checks/list-annotations',
  'checks/list-for-ref',
  'checks/update',
  'code-scanning/upload-sarif',
  'git/create-blob',
  'git/create-commit',
  'git/create-tree',
  'git/get-commit',
  'git/get-ref',
  'git/update-ref',
  'issues/add-labels',
  'issues/create-comment',
  'issues/delete-comment',
  'issues/get-comment',
  'issues/list-comments',
  'issues/list-labels-on-issue',
  'issues/remove-all-labels',
  'issues/remove-label',
  'issues/set-labels',
  'issues/update-comment',
  'pulls/create-review',
  'pulls/get',
  'pulls/list',
  'pulls/list-files',
  'pulls/list-review-comments',
  'rate-limit/get',
  'repos/compare-commits-with-basehead',
  'repos/create-commit-status',
  'repos/get',
  'repos/get-branch',
  'repos/get-commit',
  'repos/get-content',
  'repos/list-branches',
  'repos/list-pull-requests-associated-with-commit',
]

const output = fileURLToPath(new URL('../src/fake-github/generated/openapi.ts', import.meta.url))
const { description, version } = fetchDescription()
const schemas = {}

/** The whole description, from the registry. */
function fetchDescription() {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
  try {
    const [packed] = JSON.parse(
      execFileSync('npm', ['pack', '@octokit/openapi', '--json', '--silent'], { cwd: folder, encoding: 'utf8' }),
    )
    const file = 'package/generated/api.github.com.json'
    execFileSync('tar', ['-xzf', packed.filename, file], { cwd: folder })
    return { description: JSON.parse(readFileSync(join(folder, file), 'utf8')), version: packed.version }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What a reference points to. */
const target = (reference) =>
  reference
    .slice(2)
    .split('/')
    .reduce((node, key) => node[key], description)

/** A parameter or response, which are few: written out where they are used. */
const inlined = (node) => (node.$ref ? inlined(target(node.$ref)) : node)

const forPeople =
  /^(description|title|summary|example|examples|default|deprecated|externalDocs|discriminator|xml|readOnly|x-.*)$/

/**
 * A schema without what only people read, as JSON Schema: `nullable` becomes a type. The keys of `properties` are names, not keywords.
 * Schemas that it refers to are collected in `schemas`.
 */
function bare(node, names = false) {
  if (Array.isArray(node)) return node.map((item) => bare(item))
  if (node === null || typeof node !== 'object') return node
  if (!names && node.$ref) return { $ref: collected(node.$ref) }
  const kept = Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => names || (key !== 'nullable' && !forPeople.test(key)))
      .map(([key, value]) => [key, bare(value, !names && key === 'properties')]),
  )
  return !names && node.nullable === true ? orNull(kept) : kept
}

function orNull(schema) {
  const values = schema.enum ? { enum: [...new Set([...schema.enum, null])] } : {}
  if (typeof schema.type === 'string') return { ...schema, ...values, type: [schema.type, 'null'] }
  return { anyOf: [{ type: 'null' }, schema] }
}

function collected(reference) {
  const name = reference.replace('#/components/schemas/', '')
  if (!(name in schemas)) {
    schemas[name] = {}
    schemas[name] = bare(target(reference))
  }
  return `openapi#/schemas/${name}`
}

const jsonOf = (content) => content?.['application/json']?.schema

function operationOf(id) {
  for (const [path, methods] of Object.entries(description.paths))
    for (const [method, operation] of Object.entries(methods))
      if (operation.operationId === id) return trimmed(method, path, operation)
  throw new Error(`GitHub's description has no operation ${id}`)
}

function trimmed(method, path, operation) {
  const parameters = (operation.parameters ?? []).map(inlined).map((parameter) => ({
    name: parameter.name,
    in: parameter.in,
    required: parameter.required === true,
    ...(parameter['x-multi-segment'] ? { multi: true } : {}),
    schema: bare(parameter.schema),
  }))
  const body = operation.requestBody && inlined(operation.requestBody)
  const answers = Object.entries(operation.responses).map(([status, response]) => {
    const schema = jsonOf(inlined(response).content)
    return [status, schema ? bare(schema) : null]
  })
  return {
    method: method.toUpperCase(),
    path,
    parameters,
    ...(jsonOf(body?.content)
      ? { body: { required: body.required === true, schema: bare(jsonOf(body.content)) } }
      : {}),
    answers: Object.fromEntries(answers),
  }
}

const byKey = (object) => Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))
const lines = (object) =>
  byKey(object)
    .map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)},`)
    .join('\n')

const found = Object.fromEntries(operations.map((id) => [id, operationOf(id)]))
const text = `// Made by scripts/openapi.mjs from GitHub's OpenAPI description (@octokit/openapi ${version}, MIT); do not edit.
import type { Description } from '../operation.js'

export const openapi: Description = {
  operations: {
${lines(found)}
  },
  schemas: {
${lines(schemas)}
  },
}
`
mkdirSync(join(output, '..'), { recursive: true })
writeFileSync(output, text)
console.log(`${output}: ${operations.length} operations, ${Object.keys(schemas).length} schemas, ${text.length} bytes`)
