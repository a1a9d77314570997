// Writes src/evidence/collectors/contracts/generated/: compiled validators of OpenAPI documents and of JSON Schemas. Takes the schemas of the
// OpenAPI initiative and of JSON Schema from the registry (`npm pack`) and from Ajv. Run by hand when there is a newer one; the result is committed.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import standaloneModule from 'ajv/dist/standalone/index.js'

const output = fileURLToPath(new URL('../src/evidence/collectors/contracts/generated', import.meta.url))
const fromAjv = (name) => createRequire(import.meta.url)(`ajv/dist/refs/${name}.json`)

/** Files of a package of the registry. */
function fetched(name, files) {
  const folder = mkdtempSync(join(tmpdir(), 'schemas-'))
  try {
    const [packed] = JSON.parse(
      execFileSync('npm', ['pack', name, '--json', '--silent'], { cwd: folder, encoding: 'utf8' }),
    )
    execFileSync('tar', ['-xzf', packed.filename], { cwd: folder })
    return files.map((file) => JSON.parse(readFileSync(join(folder, 'package', file), 'utf8')))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const maps = new Set(['properties', 'definitions', '$defs', 'patternProperties', 'dependentSchemas'])

/** Each schema within a schema, from the inside out, as `change` makes it. The keys of `properties` are names, not keywords. */
function mapped(node, change, names = false) {
  if (Array.isArray(node)) return node.map((item) => mapped(item, change))
  if (node === null || typeof node !== 'object') return node
  const inner = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      ['enum', 'const', 'default'].includes(key) && !names ? value : mapped(value, change, !names && maps.has(key)),
    ]),
  )
  return names ? inner : change(inner)
}

/** What only people read, and formats, are left out; draft 4 is written as draft 7. */
function bare({ id: _, ...node }) {
  const kept = Object.fromEntries(
    Object.entries(node).filter(([key]) => !/^(description|title|default|format|url|\$comment|\$schema)$/.test(key)),
  )
  if (typeof kept.exclusiveMinimum === 'boolean') {
    if (kept.exclusiveMinimum) kept.exclusiveMinimum = kept.minimum
    else delete kept.exclusiveMinimum
    if (kept.exclusiveMinimum !== undefined) delete kept.minimum
  }
  // Other members than texts are compared each with each: of 100,000 that takes minutes.
  if (kept.uniqueItems && kept.items?.type !== 'string') delete kept.uniqueItems
  return kept
}

/**
 * Alternatives that a key or the type tells apart are decided by it, not tried one after the other: so a slip is told once, and told as what it is.
 */
const decided = (root) => (node) => {
  const kind = node.oneOf ? 'oneOf' : 'anyOf'
  const branches = node[kind]
  const asks = branches?.map((branch) => asked(branch, root))
  if (!branches || asks.some((one) => one === undefined)) return node
  const { [kind]: _, ...rest } = node
  // The most telling question first: `$ref`, a value of a key, a key, and the type at last.
  const rows = branches.map((branch, i) => ({ branch, ...asks[i] })).sort((a, b) => a.rank - b.rank)
  const last = rows.at(-1)
  const isOpen = last.rank === 3
  if (isOpen && rows.filter(({ rank }) => rank === 3).length > 1) return node
  const byType = rows.filter(({ rank }) => rank === 2).map(({ if: test }) => test.type)
  const others = isOpen ? last.branch : byType.length > 0 ? { type: byType } : { type: 'object', ...values(rows) }
  const tried = isOpen ? rows.slice(0, -1) : rows
  // JSON Schema's `then` is a key, not a promise.
  // oxlint-disable-next-line unicorn/no-thenable
  const chain = tried.reduceRight((other, { if: test, branch }) => ({ if: test, then: branch, else: other }), others)
  return Object.keys(rest).length === 0 ? chain : { ...rest, allOf: [...(rest.allOf ?? []), chain] }
}

/** Where values of keys decide, one of these has to be there; `not` tells that the whole fits nothing. */
function values(rows) {
  const all = rows.flatMap(({ if: test }) => Object.entries(test.properties ?? {}))
  const enums = (wanted) => [...new Set(all.filter(([name]) => name === wanted).flatMap(([, { enum: list }]) => list))]
  const names = [...new Set(all.map(([name]) => name))]
  const properties = Object.fromEntries(names.map((name) => [name, { enum: enums(name) }]))
  const shared = names.filter((name) => all.filter(([one]) => one === name).length === rows.length)
  return { required: shared, properties, not: {} }
}

/** What tells an alternative from the others. */
function asked(branch, root) {
  const node = target(branch, root)
  if (node === undefined) return undefined
  if (node.required?.includes('$ref')) return { rank: 0, if: { type: 'object', required: ['$ref'] } }
  const names = [...new Set(['in', ...(node.required ?? [])])].filter((name) =>
    node.properties?.[name]?.enum?.every((one) => typeof one === 'string'),
  )
  const properties = Object.fromEntries(names.map((name) => [name, { enum: node.properties[name].enum }]))
  if (names.length > 0) return { rank: 1, if: { type: 'object', required: names, properties } }
  if (node.enum?.every((one) => typeof one === 'string')) return { rank: 2, if: { type: 'string' } }
  if (['boolean', 'array'].includes(node.type)) return { rank: 2, if: { type: node.type } }
  return node.type === 'object' || node.oneOf || node.if || node.allOf ? { rank: 3, if: {} } : undefined
}

function target(node, root) {
  if (!node.$ref) return node
  return node.$ref
    .slice(2)
    .split('/')
    .reduce((at, key) => at?.[key], root)
}

/** All vocabularies of a draft as one schema without references to other files. */
function flat(folder, names) {
  const all = names.map((name) => fromAjv(`${folder}/meta/${name}`))
  const merged = (key) => Object.assign({}, ...all.map((one) => one[key]))
  const here = { type: ['object', 'boolean'], properties: merged('properties'), $defs: merged('$defs') }
  return mapped(here, ({ $dynamicRef, $recursiveRef, $dynamicAnchor: _a, $recursiveAnchor: _r, ...node }) =>
    $dynamicRef || $recursiveRef ? { ...node, $ref: '#' } : node,
  )
}

const vocabularies = ['core', 'applicator', 'validation', 'meta-data', 'content']

function compile(schema, Kind) {
  const plain = mapped(schema, bare)
  const told = mapped(plain, decided(plain))
  delete told.$id
  const ajv = new Kind({
    allErrors: true,
    messages: false,
    strict: false,
    inlineRefs: false,
    validateFormats: false,
    code: { source: true, esm: true },
  })
  // OpenAPI 2.0 borrows from draft 4.
  ajv.addSchema(mapped(draft4, bare), 'http://json-schema.org/draft-04/schema')
  return (
    standaloneModule
      .default(ajv, ajv.compile(told))
      // A list of errors that is copied for each part makes a document of many slips take minutes.
      .replaceAll(
        /vErrors = vErrors === null \? ((?:wrapper\d+\.)?validate\d*)\.errors : vErrors\.concat\(\1\.errors\);/g,
        'if(vErrors === null){vErrors = $1.errors;}else {for(const each of $1.errors){vErrors.push(each);}}',
      )
      .replaceAll('require("ajv/dist/runtime/ucs2length").default', '((text) => [...text].length)')
  )
}

const openapi = fetched(
  '@seriousme/openapi-schema-validator',
  ['2.0', '3.0', '3.1', '3.2'].map((version) => `schemas/v${version}/schema.json`),
)
const [draft4] = fetched('ajv-draft-04', ['dist/refs/json-schema-draft-04.json'])
const all = {
  'openapi-2.0': [openapi[0], Ajv],
  'openapi-3.0': [openapi[1], Ajv],
  'openapi-3.1': [openapi[2], Ajv2020],
  'openapi-3.2': [openapi[3], Ajv2020],
  'draft-04': [draft4, Ajv],
  'draft-06': [fromAjv('json-schema-draft-06'), Ajv],
  'draft-07': [fromAjv('json-schema-draft-07'), Ajv],
  'draft-2019-09': [flat('json-schema-2019-09', vocabularies), Ajv],
  'draft-2020-12': [flat('json-schema-2020-12', [...vocabularies, 'unevaluated']), Ajv],
}
/** Whose schema it is, and under which licence. */
const sourceOf = (name) =>
  name.startsWith('openapi')
    ? 'the schemas of the OpenAPI Initiative (Apache-2.0)'
    : 'the meta-schemas of JSON Schema (BSD-3-Clause)'

rmSync(output, { recursive: true, force: true })
mkdirSync(output, { recursive: true })
for (const [name, [schema, Kind]] of Object.entries(all)) {
  const code = compile(schema, Kind)
  for (const part of ['require(', 'vErrors.concat'])
    if (code.includes(part)) throw new Error(`the validator of ${name} holds \`${part}\``)
  writeFileSync(
    `${output}/${name}.ts`,
    `// @ts-nocheck\n// Made by scripts/contracts.mjs from ${sourceOf(name)}; do not edit.\n${code}\n`,
  )
  console.log(name, code.length)
}
