// Writes the published schemas of what the product prints and stores, from the TypeScript types; descriptions are their
// doc comments. CI runs it again and fails when anything differs from what is committed.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createGenerator } from 'ts-json-schema-generator'

const root = fileURLToPath(new URL('..', import.meta.url))

const schemas = [
  { file: 'outcome', title: 'outcome.json of a run of wf', path: 'src/journal/outcome.ts', type: 'Outcome' },
  {
    file: 'journal',
    title: 'one line of journal.jsonl of a run of wf',
    path: 'src/journal/events.ts',
    type: 'JournalLine',
  },
  { file: 'report', title: 'the answer of wf report --json', path: 'src/evidence/answer.ts', type: 'ReportAnswer' },
]

mkdirSync(`${root}schema`, { recursive: true })
for (const { file, title, path, type } of schemas) {
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
}
