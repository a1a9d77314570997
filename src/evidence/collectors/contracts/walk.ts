import { isMembers } from './values.js'

/** A mapping or a list of a document. */
export interface Part {
  part: object
  /** Under which key it stands, and in what. */
  key: string | number | undefined
  holder: object | undefined
  /** It is an example, a default or a value, in which nothing has a meaning. */
  isData: boolean
  /** The keys of this mapping are names that somebody gave. */
  isNames: boolean
}

/** Keys under which names stand. */
const maps = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'schemas',
  'paths',
  'webhooks',
  'pathItems',
  'responses',
  'parameters',
  'requestBodies',
  'headers',
  'securitySchemes',
  'securityDefinitions',
  'links',
  'callbacks',
  'content',
  'encoding',
  'variables',
  'mapping',
])
const data = new Set(['example', 'default', 'enum', 'const', 'value'])

/** Visits each mapping and list once, from the outside in; without recursion. */
export function eachPart(root: object, visit: (part: Part) => void): void {
  const queue: Part[] = [{ part: root, key: undefined, holder: undefined, isData: false, isNames: false }]
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    visit(one)
    const inner: Part[] = []
    const { part, isData, isNames } = one
    for (const key of Array.isArray(part) ? part.keys() : Object.keys(part)) {
      const value = (part as Record<string | number, unknown>)[key]
      if (typeof value !== 'object' || value === null) continue
      const isKeyword = typeof key === 'string' && !isNames
      inner.push({
        part: value,
        key,
        holder: part,
        isData:
          isData ||
          (isKeyword && (data.has(key) || key.startsWith('x-') || (key === 'examples' && Array.isArray(value)))),
        isNames: isKeyword && maps.has(key) && isMembers(value),
      })
    }
    for (const each of inner.reverse()) queue.push(each)
  }
}
