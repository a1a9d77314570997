import { canonicalJson } from '../../../../base/json.js'
import { placeIn } from '../library.js'
import { bounds, eachOnce, untold } from '../schemas/atom.js'
import type { Atom, Context, Mode } from '../schemas/atom.js'
import { compareSchemas } from '../schemas/compare.js'
import { textOf } from '../values.js'
import type { Content, Operation, Parameter } from './api.js'
import type { Read } from './lint.js'
import { responseAtoms } from './responses.js'
import { securityAtoms } from './security.js'
import { simple } from './simple.js'
import type { Pair } from './simple.js'

/** What changed between two states of a document that breaks clients, or may. `now` is the time, for what was to go by a day. */
export function compareApis(before: Read, after: Read, now: number): Atom[] {
  const known: Record<Mode, Context['known']> = { in: new Map(), out: new Map() }
  const shared = {
    before: before.library,
    after: after.library,
    isStrict: false,
    path: [],
    depth: 0,
    ...bounds(),
  }
  const later = new Map(after.operations.map((one) => [one.key, one]))
  const found = before.operations.flatMap((old) => {
    const fresh = later.get(old.key)
    if (!fresh) return removedOperation(old, after, now)
    const place = placeIn(after.library, fresh.item, fresh.method) ?? placeIn(after.library, fresh.node)
    const context = (mode: Mode): Context => ({
      ...shared,
      mode,
      user: fresh.name,
      label: '',
      known: known[mode],
      place,
    })
    return operationAtoms({ old, fresh, context, now })
  })
  return eachOnce([...found, ...webhookAtoms(before, after, shared)])
}

/** Webhooks go the other way round, and are compared as text only. */
function webhookAtoms(
  before: Read,
  after: Read,
  shared: Omit<Context, 'mode' | 'user' | 'label' | 'known' | 'place'>,
): Atom[] {
  const [old, fresh] = [before, after].map(({ document }) => document.value['webhooks'])
  if (old === undefined || canonicalJson(old) === canonicalJson(fresh)) return []
  const place = placeIn(after.library, after.document.value, 'webhooks')
  const context: Context = { ...shared, mode: 'out', user: '', label: 'the document', known: new Map(), place }
  return [untold(context, 'has other `webhooks`')]
}

/** A day in the past until which something was to be there; only what said so before may go. */
const isSunset = (node: Record<string, unknown>, now: number): boolean => {
  const day = Date.parse(textOf(node['x-sunset']) ?? '')
  return node['deprecated'] === true && day < now
}

function removedOperation(old: Operation, { library, document }: Read, now: number): Atom[] {
  if (isSunset(old.node, now)) return []
  const place = placeIn(library, document.value, 'paths')
  const said = old.node['deprecated'] === true ? 'is removed, and no `x-sunset` in the past had told so' : 'is removed'
  return [
    {
      rule: 'operation-removed',
      level: 'breaking',
      text: `the operation ${said}`,
      keep: 'keep it, and say `deprecated: true` with `x-sunset` first',
      place,
      users: new Set([old.name]),
    },
  ]
}

function operationAtoms(pair: Pair): Atom[] {
  return [...parameterAtoms(pair), ...bodyAtoms(pair), ...responseAtoms(pair), ...securityAtoms(pair)]
}

/** Path parameters are the same by their place, whatever they are called. */
const keyOf = ({ path }: Operation, { in: where, name }: Parameter): string => {
  if (where !== 'path') return `${where}:${where === 'header' ? name.toLowerCase() : name}`
  return `path:${path.split(/[{}]/).indexOf(name)}`
}

function parameterAtoms({ old, fresh, context, now }: Pair): Atom[] {
  const ctx = context('in')
  const before = new Map(old.parameters.map((one) => [keyOf(old, one), one]))
  const after = new Map(fresh.parameters.map((one) => [keyOf(fresh, one), one]))
  const label = (one: Parameter): string => `the ${one.in} parameter \`${one.name}\``
  const added = [...after].flatMap(([key, one]) => {
    if (before.has(key) || !one.isRequired || one.in === 'path') return []
    return [
      simple(
        ctx,
        ['parameter-added', 'breaking'],
        [`${label(one)} is new and required`, 'let it be optional'],
        one.node,
      ),
    ]
  })
  const gone = [...before].flatMap(([key, one]) =>
    after.has(key) || isSunset(one.node, now) || one.in === 'path'
      ? []
      : [
          simple(
            ctx,
            ['parameter-removed', 'warning'],
            [`${label(one)} is removed`, 'keep it, and say `deprecated: true` first'],
            fresh.node,
          ),
        ],
  )
  const both = [...before].flatMap(([key, one]) => {
    const other = after.get(key)
    if (!other) return []
    const required =
      !one.isRequired && other.isRequired
        ? [
            simple(
              ctx,
              ['parameter-required', 'breaking'],
              [`${label(other)} was optional and is required now`, 'let it be optional'],
              other.node,
            ),
          ]
        : []
    const inner = { ...ctx, label: label(other), isText: true, place: placeIn(ctx.after, other.node) ?? ctx.place }
    return [...required, ...compareSchemas(inner, one.schema, other.schema)]
  })
  return [...added, ...gone, ...both]
}

function bodyAtoms({ old: { body: before }, fresh: { body: after, node }, context }: Pair): Atom[] {
  const ctx = context('in')
  if (!after)
    return before
      ? [simple(ctx, ['body-removed', 'warning'], ['it no longer takes a request body', 'keep taking it'], node)]
      : []
  if (!before?.isRequired && after.isRequired) {
    const said = before ? 'the request body was optional and is required now' : 'a request body is new and required'
    const required = simple(ctx, ['body-required', 'breaking'], [said, 'let it be optional'], after.node)
    return [required, ...(before ? contentAtoms(ctx, before.content, after.content, after.node) : [])]
  }
  return before ? contentAtoms(ctx, before.content, after.content, after.node) : []
}

/** Media types and their schemas. A range such as `application/*` takes what it covers. */
function contentAtoms(context: Context, before: Content, after: Content, node: object): Atom[] {
  return [...before].flatMap(([media, schema]) => {
    const range = [media, `${media.split('/')[0]}/*`, '*/*'].find((one) => after.has(one))
    if (range === undefined)
      return [
        simple(
          context,
          ['media-type-removed', 'breaking'],
          [`it no longer takes \`${media}\``, 'keep taking it'],
          node,
        ),
      ]
    const inner = { ...context, label: 'the request body', place: placeIn(context.after, node) ?? context.place }
    return compareSchemas(inner, schema, after.get(range))
  })
}
