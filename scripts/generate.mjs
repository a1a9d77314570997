// Writes what follows from the definitions in src/language: the published JSON Schema, the compiled validator and the
// reference page. Run after `tsc`; CI runs it again and fails when anything differs from what is committed.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import standaloneModule from 'ajv/dist/standalone/index.js'
import { workflow } from '../build/language/workflow.js'
import { format, resolveConfig } from 'prettier'
import { actionYaml, inputs, outputs } from '../build/action/contract.js'
import { readers } from '../build/evidence/readers/table.js'
import { formatsByKind } from '../build/language/formats.js'
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

/** The schema without what only people read. `properties` holds names, not keywords. */
function bare(node, names = false) {
  if (Array.isArray(node)) return node.map((item) => bare(item))
  if (node === null || typeof node !== 'object') return node
  const kept = Object.entries(node).filter(([key]) => names || !/^(description|title|default|x-.*)$/.test(key))
  return Object.fromEntries(
    kept.map(([key, value]) => [key, bare(value, !names && ['properties', 'definitions'].includes(key))]),
  )
}

/** The validator as code that needs nothing at run time. */
function compile(from, options) {
  const ajv = new Ajv({
    messages: false,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
    inlineRefs: false,
    code: { source: true, esm: true },
    ...options,
  })
  for (const keyword of ['x-expression', 'x-say', 'x-kinds', 'x-example']) ajv.addKeyword(keyword)
  const code = standalone(ajv, ajv.compile(from))
  if (code.includes('require('))
    throw new Error('the compiled validator calls require(): a keyword needs a run-time helper')
  return code
}

/** The same validator that only answers yes or no: what it would say of each error is most of its text. */
function silent(code) {
  const quiet = code
    .replaceAll(/validate\d+\.errors = \[\{instancePath.*?\}\];return false;/g, 'return false;')
    .replaceAll(
      /const (err\d+) = \{[^;]*?\};if\(vErrors === null\)\{vErrors = \[\1\];\}else \{vErrors\.push\(\1\);\}errors\+\+;/g,
      'errors++;',
    )
    .replaceAll(
      /vErrors = vErrors === null \? validate\d+\.errors : vErrors\.concat\(validate\d+\.errors\);errors = vErrors\.length;/g,
      'errors++;',
    )
    .replaceAll(/if\(vErrors !== null\)\{if\((_errs\d+)\)\{vErrors\.length = \1;\}else \{vErrors = null;\}\}/g, '')
    .replaceAll(/let vErrors = null;|validate\d+\.errors = vErrors;/g, '')
    .replaceAll(/, \{instancePath:[^{}]*?,rootData\}\)/g, ')')
  for (const left of ['instancePath:', 'vErrors'].filter((text) => quiet.includes(text)))
    throw new Error(`the silent validator still holds \`${left}\`: Ajv writes it in another way now`)
  return quiet
}

const note = '// Made by scripts/generate.mjs from the definitions in src/language; do not edit.\n'
mkdirSync(`${root}/src/language/generated`, { recursive: true })
mkdirSync(`${root}/docs`, { recursive: true })
const write = (path, text) => writeFileSync(`${root}/${path}`, text)
write('schema/wf.schema.json', `${JSON.stringify(schema, null, 2)}\n`)
// Nearly every file is valid: that is told by a small validator, and the large one that explains is loaded when it is not.
write('src/language/generated/accepts.ts', `// @ts-nocheck\n${note}${silent(compile(bare(schema), {}))}\n`)
write(
  'src/language/generated/validate.ts',
  `// @ts-nocheck\n${note}${compile(schema, { allErrors: true, verbose: true })}\n`,
)
const version = createHash('sha256').update(JSON.stringify(schema)).digest('hex').slice(0, 16)
write(
  'src/language/generated/version.ts',
  `${note}/** Another one for each language: what was checked against one is not known to fit another. */\nexport const languageVersion = '${version}'\n`,
)
write('docs/reference.md', reference(schema))
write('action.yml', actionYaml())

/** The page of formats. */
function formatsPage() {
  const titles = {
    tests: 'Tests',
    coverage: 'Coverage',
    findings: 'Linters, formatters, type checkers',
    security: 'Scanners',
    benchmarks: 'Benchmarks',
  }
  const parts = Object.entries(formatsByKind).map(([kind, names]) => {
    const rows = names.map((name) => readers.find(({ format }) => format === name))
    const cells = rows.map(({ format, recognised, proven }) => [`\`${format}\``, recognised, proven])
    return `## ${titles[kind]}\n\n${tableOf(['format', 'recognised by', 'proven with'], cells)}`
  })
  const head = `# Report formats

Made by \`scripts/generate.mjs\` from the readers in \`src/evidence/readers/\`. How doubtful content is read stands in [reports](reports.md).
*Proven* names the tools, with their versions, whose real reports the tests read; a format that says *unproven* was built to its definition and to
other projects' files only.`
  return [head, ...parts].join('\n\n')
}

function tableOf(heads, rows) {
  const cells = (row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [heads, heads.map(() => '---'), ...rows].map(cells).join('\n')
}

/** The README with a table between the two marks of its name. */
function withTable(text, name, ...table) {
  const marks = new RegExp(`(<!-- ${name}: [^>]*-->)[^]*?(<!-- /${name} -->)`)
  return text.replace(marks, (_, open, close) => `${open}\n\n${tableOf(...table)}\n\n${close}`)
}
let readme = readFileSync(`${root}/README.md`, 'utf8')
readme = withTable(
  readme,
  'inputs',
  ['input', 'meaning', 'default'],
  Object.entries(inputs).map(([name, spec]) => [
    `\`${name}\``,
    spec.description,
    spec.default ? `\`${spec.default}\`` : '',
  ]),
)
readme = withTable(
  readme,
  'outputs',
  ['output', 'meaning'],
  Object.entries(outputs).map(([name, description]) => [`\`${name}\``, description]),
)
const markdown = { ...(await resolveConfig(`${root}/README.md`)), parser: 'markdown' }
write('README.md', await format(readme, markdown))
write('docs/formats.md', await format(formatsPage(), markdown))
