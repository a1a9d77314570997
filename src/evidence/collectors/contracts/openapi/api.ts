import type { Document } from '../document.js'
import { truncate } from '../../../../base/text.js'
import { resolved } from '../library.js'
import type { Library } from '../library.js'
import { isMembers, listOf, membersOf, textOf, textsOf, Unreadable } from '../values.js'
import type { Members } from '../values.js'

/** A parameter of an operation, in the words of OpenAPI 3. */
export interface Parameter {
  in: string
  name: string
  isRequired: boolean
  schema: unknown
  /** Where it stands. */
  node: Members
}

/** Schemas by media type. */
export type Content = ReadonlyMap<string, unknown>

/** A response of an operation. */
export interface Response {
  node: Members
  content: Content
  headers: ReadonlyMap<string, { isRequired: boolean; schema: unknown }>
}

/** Who may call an operation: one of these, each with all of its schemes and their scopes. Nothing: nobody says. */
export type Security = readonly ReadonlyMap<string, ReadonlySet<string>>[]

/** An operation with its references followed, of whatever version. */
export interface Operation {
  /** `GET /users/{}`: the same for all that names of path parameters are. */
  key: string
  /** `GET /users/{id}`, for messages: a long path is cut. */
  name: string
  path: string
  /** Where it stands: the mapping of the path, and the key of the method. */
  item: Members
  method: string
  node: Members
  parameters: readonly Parameter[]
  body: { isRequired: boolean; content: Content; node: Members } | undefined
  responses: ReadonlyMap<string, Response>
  security: Security | undefined
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

/** The path template without the names of its parameters. */
export const templateOf = (path: string): string => path.replaceAll(/\{[^{}]*\}/g, '{}')

/** The names of the parameters in a path. */
export const namesIn = (path: string): string[] => [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name)

/** Parts that operations name, each counted where it is named: many may name the same ones. */
const maxNamed = 1_000_000

/** All operations of a document, in its order; an Unreadable where they name more than can be looked through. */
export function operationsOf(library: Library, document: Document): Operation[] {
  const root = document.value
  let left = maxNamed
  const spend = (...parts: readonly unknown[]): void => {
    left -= parts.reduce<number>((sum, part) => sum + sizeOf(part), 1)
    if (left < 0)
      throw new Unreadable(`its operations name more than ${maxNamed} parts, each counted where it is named`)
  }
  return Object.entries(membersOf(root['paths'])).flatMap(([path, written]) => {
    const item = membersOf(resolved(library, written))
    const additional = Object.entries(membersOf(item['additionalOperations']))
    return [...methods.map((method) => [method, item[method]] as const), ...additional].flatMap(([method, node]) =>
      isMembers(node) && !path.startsWith('x-')
        ? [operationOf({ library, root, path, item, spend }, method, node)]
        : [],
    )
  })
}

interface Around {
  library: Library
  root: Members
  path: string
  item: Members
  /** Takes the size of parts from what may be looked at. */
  spend: (...parts: readonly unknown[]) => void
}

const sizeOf = (part: unknown): number => (isMembers(part) ? Object.keys(part).length : listOf(part).length)

function operationOf(around: Around, method: string, node: Members): Operation {
  const { library, root, path, item, spend } = around
  const isTwo = root['swagger'] !== undefined
  spend(item['parameters'], node['parameters'], node['responses'], node['consumes'] ?? root['consumes'])
  for (const one of listOf(node['security'] ?? root['security'])) spend(one, ...Object.values(membersOf(one)))
  const all = new Map<string, Members>()
  for (const written of [...listOf(item['parameters']), ...listOf(node['parameters'])]) {
    const parameter = membersOf(resolved(library, written))
    all.set(`${textOf(parameter['in'])}:${textOf(parameter['name'])}`, parameter)
  }
  const written = [...all.values()].filter((one) => textOf(one['in']) !== undefined)
  const responses = Object.entries(membersOf(node['responses'])).filter(([status]) => !status.startsWith('x-'))
  return {
    key: `${method.toUpperCase()} ${templateOf(path)}`,
    name: `${method.toUpperCase().slice(0, 50)} ${truncate(path, 200)}`,
    path,
    item,
    method,
    node,
    parameters: written.filter((one) => !isBody(one)).map((one) => parameterOf(one, isTwo)),
    body: isTwo ? bodyOfTwo({ root, node }, written) : bodyOf(around, node),
    responses: new Map(
      responses.map(([status, one]) => {
        const response = membersOf(resolved(library, one))
        spend(response['content'], response['headers'], node['produces'] ?? root['produces'])
        const media = mediaOf(node['produces'] ?? root['produces'])
        const content = isTwo ? sameFor(media, response['schema']) : contentOf(response)
        return [status.toUpperCase(), { node: response, content, headers: headersOf(library, response, isTwo) }]
      }),
    ),
    security: securityOf(node['security'] ?? root['security']),
  }
}

const isBody = (one: Members): boolean => one['in'] === 'body' || one['in'] === 'formData'

const parameterOf = (one: Members, isTwo: boolean): Parameter => ({
  in: textOf(one['in']) ?? '',
  name: textOf(one['name']) ?? '',
  isRequired: one['required'] === true || one['in'] === 'path',
  schema: isTwo ? one : (one['schema'] ?? [...contentOf(one).values()][0] ?? true),
  node: one,
})

const contentOf = (holder: Members): Content =>
  new Map(
    Object.entries(membersOf(holder['content'])).map(([media, one]) => [
      media.toLowerCase(),
      membersOf(one)['schema'] ?? true,
    ]),
  )

function bodyOf({ library, spend }: Around, node: Members): Operation['body'] {
  if (node['requestBody'] === undefined) return undefined
  const body = membersOf(resolved(library, node['requestBody']))
  spend(body['content'])
  return { isRequired: body['required'] === true, content: contentOf(body), node: body }
}

const mediaOf = (list: unknown): readonly string[] => {
  const texts = textsOf(list).map((one) => one.toLowerCase())
  return texts.length > 0 ? texts : ['application/json']
}

const sameFor = (media: readonly string[], schema: unknown): Content =>
  schema === undefined ? new Map() : new Map(media.map((one) => [one, schema]))

/** The body of OpenAPI 2.0: one parameter, or the fields of a form. */
function bodyOfTwo(
  { root, node }: { root: Members; node: Members },
  parameters: readonly Members[],
): Operation['body'] {
  const media = mediaOf(node['consumes'] ?? root['consumes'])
  const body = parameters.find((one) => one['in'] === 'body')
  if (body)
    return { isRequired: body['required'] === true, content: sameFor(media, body['schema'] ?? true), node: body }
  const fields = parameters.filter((one) => one['in'] === 'formData')
  const [first] = fields
  if (!first) return undefined
  const required = fields.filter((one) => one['required'] === true).map((one) => one['name'])
  const properties = Object.create(null) as Members
  for (const field of fields) properties[String(field['name'])] = field
  return {
    isRequired: required.length > 0,
    content: sameFor(media, { type: 'object', properties, required }),
    node: first,
  }
}

function headersOf(library: Library, response: Members, isTwo: boolean): Response['headers'] {
  return new Map(
    Object.entries(membersOf(response['headers'])).map(([name, one]) => {
      const header = membersOf(resolved(library, one))
      return [
        name.toLowerCase(),
        { isRequired: header['required'] === true, schema: isTwo ? header : (header['schema'] ?? true) },
      ]
    }),
  )
}

const securityOf = (written: unknown): Security | undefined =>
  Array.isArray(written)
    ? written
        .filter(isMembers)
        .map((one) => new Map(Object.entries(one).map(([scheme, scopes]) => [scheme, new Set(textsOf(scopes))])))
    : undefined
