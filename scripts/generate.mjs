// Writes what follows from the definitions in src/language: the published JSON Schema, the compiled validator and the
// reference page. Run after `tsc`; CI runs it again and fails when anything differs from what is committed.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import standaloneModule from 'ajv/dist/standalone/index.js'
import { workflow } from '../build/language/workflow.js'
import { reference } from './reference.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const standalone = standaloneModule.default

/** Moves every named definition to `definitions`, once, and leaves a reference. */
function hoist(node, definitions) {
  if (Array.isArray(node)) return node.map((item) => hoist(item, definitions))
  if (node === null || typeof node !== 'object') return node
  const plain = Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => key !== 'x-name')
      .map(([key, value]) => [key, hoist(value, definitions)]),
  )
  const name = node['x-name']
  if (!name) return plain
  definitions[name] ??= plain
  return { ...(plain.description ? { description: plain.description } : {}), $ref: `#/definitions/${name}` }
}

const definitions = {}
const body = hoist(JSON.parse(JSON.stringify(workflow)), definitions)
const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'wf workflow',
  ...body,
  definitions: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1))),
}

const ajv = new Ajv({
  allErrors: true,
  messages: false,
  verbose: true,
  allowUnionTypes: true,
  strictTypes: false,
  strictRequired: false,
  inlineRefs: false,
  code: { source: true, esm: true },
})
for (const keyword of ['x-expression', 'x-say', 'x-kinds', 'x-example']) ajv.addKeyword(keyword)
const code = standalone(ajv, ajv.compile(schema))
if (code.includes('require('))
  throw new Error('the compiled validator calls require(): a keyword needs a run-time helper')

const note = '// Made by scripts/generate.mjs from the definitions in src/language; do not edit.\n'
mkdirSync(`${root}/src/language/generated`, { recursive: true })
mkdirSync(`${root}/docs`, { recursive: true })
const write = (path, text) => writeFileSync(`${root}/${path}`, text)
write('schema/wf.schema.json', `${JSON.stringify(schema, null, 2)}\n`)
write('src/language/generated/validate.ts', `// @ts-nocheck\n${note}${code}\n`)
write('docs/reference.md', reference(schema))
