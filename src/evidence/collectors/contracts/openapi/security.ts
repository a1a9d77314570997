import { placeIn } from '../library.js'
import type { Atom } from '../schemas/atom.js'
import type { Security } from './api.js'
import { simple } from './simple.js'
import type { Pair } from './simple.js'

/** Who may call an operation where nothing is said: everybody. */
const alternatives = (security: Security | undefined): Security => (security?.length ? security : [new Map()])

/** Whoever could call it before has to be able to now; that everybody may is worth a look. */
export function securityAtoms({ old, fresh, context }: Pair): Atom[] {
  const [before, after] = [alternatives(old.security), alternatives(fresh.security)]
  const ctx = context('in')
  const place = placeIn(ctx.after, fresh.node, 'security')
  const shut = before.filter((one) => !after.some((other) => isEnough(one, other)))
  const isOpen = (list: Security): boolean => list.some((one) => one.size === 0)
  const found: Atom[] = []
  if (shut[0]) {
    const said = `it could be called with ${text(shut[0])}, and asks for ${after.map(text).join(' or ')} now`
    found.push(simple(ctx, ['security-added', 'breaking'], [said, 'keep what was enough before'], fresh.node))
  }
  if (!isOpen(before) && isOpen(after))
    found.push(
      simple(
        ctx,
        ['security-removed', 'warning'],
        [`it asked for ${before.map(text).join(' or ')}, and everybody may call it now`, 'say `security` again'],
        fresh.node,
      ),
    )
  return place ? found.map((one) => ({ ...one, place })) : found
}

type One = Security[number]

const isEnough = (given: One, asked: One): boolean =>
  [...asked].every(([scheme, scopes]) => {
    const own = given.get(scheme)
    return own !== undefined && [...scopes].every((scope) => own.has(scope))
  })

const text = (one: One): string =>
  one.size === 0
    ? 'nothing'
    : [...one]
        .map(([scheme, scopes]) => `\`${scheme}\`${scopes.size > 0 ? ` (${[...scopes].join(', ')})` : ''}`)
        .join(' and ')
