import type { Document } from './document.js'
import type { Place } from './places.js'
import { isMembers, listOf } from './values.js'

/** What the compiled schemas say of a value. */
interface Fault {
  instancePath: string
  keyword: string
  params: Record<string, unknown>
  propertyName?: string
}
interface Validator {
  (value: unknown): boolean
  errors?: Fault[] | null
}

/** The schemas that are there; each is loaded when it is needed. */
const validators = {
  'openapi-2.0': () => import('./generated/openapi-2.0.js'),
  'openapi-3.0': () => import('./generated/openapi-3.0.js'),
  'openapi-3.1': () => import('./generated/openapi-3.1.js'),
  'openapi-3.2': () => import('./generated/openapi-3.2.js'),
  'draft-04': () => import('./generated/draft-04.js'),
  'draft-06': () => import('./generated/draft-06.js'),
  'draft-07': () => import('./generated/draft-07.js'),
  'draft-2019-09': () => import('./generated/draft-2019-09.js'),
  'draft-2020-12': () => import('./generated/draft-2020-12.js'),
}
export type Standard = keyof typeof validators

/** A slip of a document against its standard. */
export interface Slip {
  message: string
  place: Place | undefined
}

const maxSlips = 50
/** Places with longer names are only counted: engines compare such texts slowly, and a document may have many. */
const maxPath = 8000

/** What a value of a document, or the whole, does that its standard does not know, one slip a place. */
export async function slipsOf(document: Document, standard: Standard, value: object = document.value): Promise<Slip[]> {
  const { validate } = (await validators[standard]()) as unknown as { validate: Validator }
  if (validate(value)) return []
  const all = validate.errors ?? []
  const near = all.filter(({ instancePath }) => instancePath.length <= maxPath)
  const faults = telling(near)
  const slips = faults.slice(0, maxSlips).map((fault) => slipOf(fault, document, value))
  const more = faults.length - slips.length + all.length - near.length
  return more > 0
    ? [...slips, { message: `and ${more} more slips against ${standard}`, place: document.places.of(value) }]
    : slips
}

/** How little a fault tells, beside others at the same place. */
const vague = ['not', 'oneOf', 'anyOf', 'if', 'propertyNames', 'contains']
const unknownKeys = ['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems']

/** Of faults that follow from one another the one that is deepest; of those at one place one, but each unknown or missing key. */
function telling(faults: readonly Fault[]): Fault[] {
  const sorted = [...faults].sort((a, b) => rank(a) - rank(b))
  // All places at and above a fault, so that what only follows from it is left out.
  const [above, told] = [new Set<string>(), new Set<string>()]
  return sorted.filter((fault) => {
    const { instancePath, keyword } = fault
    const key = keyOf(fault)
    const at = `${instancePath}\0${key ?? ''}`
    // A key in which something is wrong is known.
    const follows =
      rank(fault) === 3
        ? above.has(instancePath)
        : keyword.startsWith('unevaluated') && (told.has(instancePath) || above.has(`${instancePath}/${escaped(key)}`))
    if (follows || told.has(at) || (key === undefined && told.has(instancePath))) return false
    told.add(at)
    if (rank(fault) < 2) told.add(instancePath)
    for (let path = instancePath; !above.has(path); path = path.slice(0, path.lastIndexOf('/'))) above.add(path)
    return true
  })
}

const escaped = (key = ''): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

const rank = (fault: Fault): number => {
  if (vague.includes(fault.keyword) || isNoStatus(fault)) return 3
  return unknownKeys.includes(fault.keyword) ? 2 : fault.keyword === 'type' ? 0 : 1
}

/** From 3.1 on `default` is asked for where no status is one. */
const isNoStatus = ({ instancePath, params }: Fault): boolean =>
  params['missingProperty'] === 'default' && instancePath.endsWith('/responses')

const keyOf = ({ params, propertyName }: Fault): string | undefined => {
  const key = params['additionalProperty'] ?? params['unevaluatedProperty'] ?? params['missingProperty'] ?? propertyName
  return typeof key === 'string' ? key : undefined
}

function slipOf(fault: Fault, document: Document, root: object): Slip {
  const path = fault.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  let [holder, value]: [unknown, unknown] = [undefined, root]
  for (const step of path) [holder, value] = [value, (value as Record<string, unknown>)[step]]
  const key = keyOf(fault)
  const own = isMembers(value) && key !== undefined && Object.hasOwn(value, key)
  const last = path.at(-1)
  const place = own
    ? document.places.of(value, key)
    : (document.places.of(holder, Array.isArray(holder) ? Number(last) : last) ?? document.places.of(value ?? root))
  return { message: messageOf(fault, key, path), place }
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? ''
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``
}

/** The last steps of a path, not from a number on. */
const tailOf = (path: readonly string[]): readonly string[] => {
  const from = Math.max(0, path.length - 3)
  return path.slice(from > 0 && /^\d+$/.test(path[from] ?? '') ? from - 1 : from)
}

function messageOf({ keyword, params }: Fault, key: string | undefined, path: readonly string[]): string {
  const what = path.length > 0 ? `\`${tailOf(path).join('.')}\`` : 'the document'
  if (['required', 'minProperties'].includes(keyword) && path.at(-1) === 'responses')
    return `${what} names no status: add one, or \`default\``
  if (keyword === 'required') return `${what} has no \`${key}\`: add it`
  if (key !== undefined && path.at(-1) === 'paths') return `the path \`${key}\` has to begin with \`/\``
  if (key !== undefined && path.at(-1) === 'responses')
    return `\`${key}\` is no status: write one such as \`'200'\`, \`2XX\` or \`default\``
  if (unknownKeys.includes(keyword))
    return `${what} knows no \`${key ?? 'more members'}\`: take it out, or mend its name`
  const limit = params['limit']
  const said: Record<string, string> = {
    type: `has to be ${[params['type']].flat().map(article).join(' or ')}`,
    enum: `has to be one of ${listOf(params['allowedValues']).map(shown).join(', ')}`,
    const: `has to be ${shown(params['allowedValue'])}`,
    pattern: `does not have the form \`${String(params['pattern'])}\``,
    minItems: `has to have members, ${String(limit)} at least`,
    minProperties: `has to have keys, ${String(limit)} at least`,
    maxProperties: `has too many keys: ${String(limit)} at most`,
    minLength: 'is empty',
    minimum: `has to be ${String(limit)} or more`,
    exclusiveMinimum: `has to be more than ${String(limit)}`,
    uniqueItems: 'has a member twice',
    dependencies: `has to have \`${String(params['missingProperty'])}\` as well`,
  }
  return `${what} ${said[keyword] ?? 'fits none of the forms that the standard knows for it'}`
}

const article = (type: unknown): string =>
  ({ object: 'a mapping', array: 'a list', string: 'a text', boolean: '`true` or `false`' })[String(type)] ??
  `a ${String(type)}`
