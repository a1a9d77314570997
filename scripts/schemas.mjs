// Writes the published schemas of what the product prints and stores, from the TypeScript types; descriptions are their
// doc comments. CI runs it again and fails when anything differs from what is committed.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import standaloneModule from 'ajv/dist/standalone/index.js'
import { createGenerator } from 'ts-json-schema-generator'

const root = fileURLToPath(new URL('..', import.meta.url))

const schemas = [
  {
    file: 'outcome',
    title: 'outcome.json of a run of wf',
    path: 'src/journal/outcome.ts',
    type: 'Outcome',
    // An outcome that a fork's run left is checked before it is believed to be one.
    validator: 'src/publish/generated/outcome.ts',
  },
  {
    file: 'journal',
    title: 'one line of journal.jsonl of a run of wf',
    path: 'src/journal/events.ts',
    type: 'JournalLine',
  },
  { file: 'report', title: 'the answer of wf report --json', path: 'src/evidence/answer.ts', type: 'ReportAnswer' },
]

mkdirSync(`${root}schema`, { recursive: true })
for (const { file, title, path, type, validator } of schemas) {
  const generator = createGenerator({
    path: `${root}${path}`,
    tsconfig: `${root}tsconfig.json`,
    type,
    topRef: false,
    // `npm run types` checks them, by the compiler that the product is built with.
    skipTypeCheck: true,
    additionalProperties: false,
  })
  const { $schema, definitions = {}, ...body } = generator.createSchema(type)
  const sorted = Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)))
  const schema = { $schema, title, ...body, definitions: sorted }
  writeFileSync(`${root}schema/${file}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`)
  if (!validator) continue
  const ajv = new Ajv({ messages: false, allowUnionTypes: true, inlineRefs: false, code: { source: true, esm: true } })
  const code = standaloneModule.default(ajv, ajv.compile(schema))
  if (code.includes('require(')) throw new Error('the compiled validator calls require()')
  mkdirSync(dirname(`${root}${validator}`), { recursive: true })
  writeFileSync(
    `${root}${validator}`,
    `// @ts-nocheck\n// Made by scripts/schemas.mjs from src/journal/outcome.ts; do not edit.\n${code}\n`,
  )
}
