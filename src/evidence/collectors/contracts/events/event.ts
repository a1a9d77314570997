import { canonicalJson } from '../../../../base/json.js'
import type { EventRules } from '../../../../workflow/contracts.js'
import type { Remark } from '../../../build-findings.js'
import type { Document } from '../document.js'
import type { Library } from '../library.js'
import { partRemarks } from '../references.js'
import { remark } from '../remark.js'
import { bounds, eachOnce } from '../schemas/atom.js'
import type { Atom, Mode } from '../schemas/atom.js'
import { compareSchemas } from '../schemas/compare.js'
import { slipsOf } from '../structure.js'
import type { Standard } from '../structure.js'
import { told } from '../told.js'
import { textOf } from '../values.js'
import { nextBreaking, step } from '../version.js'
import { versionOf } from './version.js'

/** An event with the library that it is part of. */
export interface Event {
  library: Library
  document: Document
}

const drafts: Record<string, Standard> = {
  'json-schema.org/draft-04/schema': 'draft-04',
  'json-schema.org/draft-06/schema': 'draft-06',
  'json-schema.org/draft-07/schema': 'draft-07',
  'json-schema.org/draft/2019-09/schema': 'draft-2019-09',
  'json-schema.org/draft/2020-12/schema': 'draft-2020-12',
}
const latest = 'draft-2020-12'

/** What is wrong with the schema of an event by itself. */
export async function eventRemarks({ library, document }: Event): Promise<Remark[]> {
  const { path, value, places } = document
  const say = (rule: readonly [string, Remark['severity']], message: string, key?: string): Remark =>
    remark(rule, message, places.of(value, key), path)
  const uri = value['$schema']
  const draft = drafts[(textOf(uri) ?? '').replace(/^https?:\/\//, '').replace(/#$/, '')]
  const unknown = uri !== undefined && draft === undefined
  const slips = unknown ? [] : await slipsOf(document, draft ?? latest)
  const own = versionOf(document)
  return [
    ...(unknown
      ? [
          say(
            ['structure', 'error'],
            '`$schema` is none that is known: drafts 4, 6, 7, 2019-09 and 2020-12 of JSON Schema are',
            '$schema',
          ),
        ]
      : []),
    ...(uri === undefined
      ? [say(['draft', 'warning'], `it does not say its \`$schema\`, so it is read as ${latest}: add it`)]
      : []),
    ...slips.map(({ message, place }) =>
      remark(['structure', 'error'], `JSON Schema ${(draft ?? latest).slice(6)}: ${message}`, place, path),
    ),
    ...partRemarks(library, document),
    ...(own
      ? []
      : [
          say(['version', 'error'], 'it has no version: add `"version": "1.0.0"`, or name the file as `order.v1.json`'),
        ]),
    ...(own && /^`x?-?version/.test(own.where) && !own.version.isSemantic
      ? [
          remark(
            ['version', 'warning'],
            `its version \`${own.version.text}\` is no semantic version: write one such as \`1.4.0\``,
            own.place,
            path,
          ),
        ]
      : []),
  ]
}

const modesOf: Record<EventRules['compatibility'], readonly Mode[]> = {
  backward: ['in'],
  forward: ['out'],
  full: ['in', 'out'],
  none: [],
}

/** What a change of an event means for those who write and read it. */
export function eventChange(before: Event, after: Event, { compatibility }: EventRules): Remark[] {
  if (compatibility === 'none') return []
  const [old, fresh] = [versionOf(before.document), versionOf(after.document)]
  const { path, value, places } = after.document
  const place = fresh?.place ?? places.of(value)
  const moved = old && fresh ? step(old.version, fresh.version) : undefined
  if (moved === 'major') return []
  const lowered =
    moved === 'lowered'
      ? [
          remark(
            ['version-lowered', 'warning'],
            `its version went from ${old?.version.text} to ${fresh?.version.text}: raise it`,
            place,
            path,
          ),
        ]
      : []
  const atoms = modesOf[compatibility].flatMap((mode) => atomsOf(before, after, mode))
  const remedy = old ? `raise its version to ${nextBreaking(old.version)}` : 'give it a new major version'
  const remarks = atoms.map((one) => told(one, { remedy, file: path, isError: true }))
  if (atoms.some(({ level }) => level === 'breaking') || moved !== 'same') return [...lowered, ...remarks]
  // A version that has a major number only tells no smaller changes.
  if (!fresh?.version.text.includes('.') || meaning(before) === meaning(after)) return remarks
  const same = `it changed, and its version is still ${fresh.version.text}: raise it`
  return [...remarks, remark(['same-version', 'warning'], same, place, path)]
}

function atomsOf(before: Event, after: Event, mode: Mode): Atom[] {
  const { value, places } = after.document
  const found = compareSchemas(
    {
      mode,
      isStrict: true,
      before: before.library,
      after: after.library,
      user: '',
      label: 'the event',
      path: [],
      depth: 0,
      known: new Map(),
      ...bounds(),
      place: places.of(value),
    },
    before.document.value,
    value,
  )
  const word = mode === 'in' ? 'backward' : 'forward'
  return eachOnce(found).map((one) => ({ ...one, text: `${word}: ${one.text}` }))
}

const meaning = ({ document }: Event): string =>
  canonicalJson(
    Object.fromEntries(
      Object.entries(document.value).filter(([key]) => !['title', 'description', '$comment', 'examples'].includes(key)),
    ),
  )
