import { placeIn } from '../library.js'
import { untold } from '../schemas/atom.js'
import type { Atom, Context } from '../schemas/atom.js'
import { compareSchemas } from '../schemas/compare.js'
import type { Operation, Response } from './api.js'
import { simple } from './simple.js'
import type { Pair } from './simple.js'
import { canonicalJson } from '../../../../base/json.js'

/** What changed of answers: statuses, media types, headers and what they hold. */
export function responseAtoms({ old, fresh, context }: Pair): Atom[] {
  const ctx = context('out')
  return [
    ...[...old.responses].flatMap(([status, before]) => {
      const after = fresh.responses.get(status) ?? fresh.responses.get(`${status[0]}XX`)
      if (after)
        return answerAtoms(
          { ...ctx, label: `the response ${status}`, place: placeIn(ctx.after, after.node) ?? ctx.place },
          before,
          after,
        )
      // That something fails in fewer ways breaks nobody.
      if (!status.startsWith('2')) return []
      return [simple(ctx, ['status-removed', 'breaking'], [`the response ${status} is removed`, 'keep it'], fresh.node)]
    }),
    ...callbackAtoms(ctx, old, fresh),
  ]
}

function answerAtoms(context: Context, before: Response, after: Response): Atom[] {
  const { label } = context
  const content = [...before.content].flatMap(([media, schema]) =>
    after.content.has(media)
      ? compareSchemas(context, schema, after.content.get(media))
      : [
          simple(
            context,
            ['media-type-removed', 'breaking'],
            [`${label} is no longer \`${media}\``, 'keep it'],
            after.node,
          ),
        ],
  )
  const headers = [...before.headers].flatMap(([name, old]) => {
    const fresh = after.headers.get(name)
    const said = `${label}: the header \`${name}\``
    if (!fresh)
      return [
        simple(
          context,
          ['header-removed', old.isRequired ? 'breaking' : 'warning'],
          [`${said} is removed`, 'keep it'],
          after.node,
        ),
      ]
    const optional =
      old.isRequired && !fresh.isRequired
        ? [
            simple(
              context,
              ['header-optional', 'breaking'],
              [`${said} was always there and is optional now`, 'keep it required'],
              after.node,
            ),
          ]
        : []
    return [...optional, ...compareSchemas({ ...context, label: said }, old.schema, fresh.schema)]
  })
  return [...content, ...headers]
}

/** Callbacks go the other way round, and are compared as text only. */
const callbackAtoms = (context: Context, old: Operation, fresh: Operation): Atom[] =>
  old.node['callbacks'] === undefined || canonicalJson(old.node['callbacks']) === canonicalJson(fresh.node['callbacks'])
    ? []
    : [untold({ ...context, label: 'it' }, 'has other `callbacks`', fresh.node)]
