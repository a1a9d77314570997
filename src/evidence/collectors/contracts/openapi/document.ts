import { canonicalJson } from '../../../../base/json.js'
import type { Remark } from '../../../build-findings.js'
import type { OpenApiRules } from '../../../../workflow/contracts.js'
import type { Document } from '../document.js'
import { placeIn, resolved } from '../library.js'
import type { Library } from '../library.js'
import { partRemarks } from '../references.js'
import { remark } from '../remark.js'
import { slipsOf } from '../structure.js'
import type { Slip, Standard } from '../structure.js'
import { told } from '../told.js'
import { isMembers, membersOf, textOf } from '../values.js'
import { nextBreaking, readVersion, step } from '../version.js'
import { eachPart } from '../walk.js'
import { operationsOf } from './api.js'
import { compareApis } from './compare.js'
import { lintRemarks } from './lint.js'
import type { Read } from './lint.js'

/** Whether a file says that it is an OpenAPI document. */
export const isOpenApi = ({ value }: Document): boolean =>
  value['openapi'] !== undefined || value['swagger'] !== undefined

/** Its standard, of those that wf knows; a number is a slip that the standard tells. */
function standardOf({ value }: Document): Standard | undefined {
  const [version = '', two = ''] = [value['openapi'], value['swagger']].map((one) =>
    typeof one === 'string' || typeof one === 'number' ? String(one) : '',
  )
  const known = ['3.0', '3.1', '3.2'].find((one) => version === one || version.startsWith(`${one}.`))
  if (known) return `openapi-${known}` as Standard
  return two.startsWith('2') ? 'openapi-2.0' : undefined
}

export const readApi = (library: Library, document: Document): Read => ({
  library,
  document,
  operations: operationsOf(library, document),
})

/** What is wrong with one document by itself. */
export async function documentRemarks(read: Read, { security }: OpenApiRules): Promise<Remark[]> {
  const { library, document } = read
  const standard = standardOf(document)
  if (!standard) {
    const place = document.places.of(document.value, 'openapi') ?? document.places.of(document.value, 'swagger')
    const message = 'its version of OpenAPI is not known: `openapi: 3.0.x`, `3.1.x`, `3.2.x` or `swagger: "2.0"` are'
    return [remark(['structure', 'error'], message, place, document.path)]
  }
  const slips = [...(await slipsOf(document, standard)), ...(await schemaSlips(document, standard))]
  return [
    ...slips.map(({ message, place }) =>
      remark(['structure', 'error'], `OpenAPI ${standard.slice(8)}: ${message}`, place, document.path),
    ),
    ...partRemarks(library, document),
    ...lintRemarks(read, security),
  ]
}

/** From 3.1 on schemas are JSON Schema 2020-12. */
async function schemaSlips(document: Document, standard: Standard): Promise<Slip[]> {
  if (standard === 'openapi-2.0' || standard === 'openapi-3.0' || document.value['jsonSchemaDialect'] !== undefined)
    return []
  const schemas: object[] = []
  eachPart(document.value, ({ part, key, holder, isData, isNames }) => {
    if (isData || isNames || !isMembers(part)) return
    const isNamed = holder === membersOf(document.value['components'])['schemas']
    if ((isNamed || key === 'schema') && part['$schema'] === undefined) schemas.push(part)
  })
  const all = await Promise.all(schemas.map((one) => slipsOf(document, 'draft-2020-12', one)))
  return all.flat().slice(0, 50)
}

/** What a change means for clients of the base, and for the version of the document. */
export function changeRemarks(before: Read, after: Read, { breaking }: OpenApiRules, now: number): Remark[] {
  if (breaking === 'allow') return []
  const [old, fresh] = [before, after].map(({ document }) => membersOf(document.value['info']))
  const [from, to] = [readVersion(old?.['version']), readVersion(fresh?.['version'])]
  const place = placeIn(after.library, fresh, 'version')
  const path = after.document.path
  const moved = from && to ? step(from, to) : undefined
  const lowered =
    moved === 'lowered'
      ? [
          remark(
            ['version-lowered', 'warning'],
            `\`info.version\` went from ${from?.text} to ${to?.text}: raise it`,
            place,
            path,
          ),
        ]
      : []
  if (moved === 'major') return []
  const atoms = compareApis(before, after, now)
  const remedy = from ? `raise \`info.version\` to ${nextBreaking(from)}` : 'give `info.version` a new major number'
  const remarks = atoms.map((one) => told(one, { remedy, file: path, isError: breaking === 'fail' }))
  const isBroken = atoms.some(({ level }) => level === 'breaking')
  const isSame = textOf(old?.['version']) === textOf(fresh?.['version'])
  if (isBroken || !isSame || meaning(before) === meaning(after)) return [...lowered, ...remarks]
  const same = `the contract changed, and \`info.version\` is still ${textOf(fresh?.['version'])?.slice(0, 50)}: raise it`
  return [...remarks, remark(['same-version', 'warning'], same, place, path)]
}

const forPeople = new Set([
  'description',
  'summary',
  'title',
  'example',
  'examples',
  'externalDocs',
  'tags',
  'info',
  'servers',
])

/** What a document and its files say, without what only people read. */
function meaning({ document, library }: Read): string {
  const bare = (value: unknown, isNames: boolean): unknown => {
    if (Array.isArray(value)) return value.map((one) => bare(one, false))
    if (!isMembers(value)) return value
    const kept = Object.entries(value).filter(([key]) => isNames || !(forPeople.has(key) || key.startsWith('x-')))
    return Object.fromEntries(kept.map(([key, one]) => [key, bare(one, !isNames && key === 'properties')]))
  }
  const files = reached(library, document)
  return files.map((one) => canonicalJson(bare(one.value, false))).join('\n')
}

/** A document with all that it refers to, in a fixed order. */
function reached(library: Library, document: Document): Document[] {
  const found = new Set([document])
  for (const one of found)
    eachPart(one.value, ({ part }) => {
      const target = isMembers(part) && part['$ref'] !== undefined ? resolved(library, part) : undefined
      const owner = typeof target === 'object' && target !== null ? library.owner(target) : undefined
      if (owner) found.add(owner)
    })
  return [...found]
}
