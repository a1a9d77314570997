import { isMembers, textOf } from '../values.js'
import { atom, tooLarge, untold } from './atom.js'
import type { Atom, Context } from './atom.js'
import type { Flat } from './flat.js'
import type { Compare, Sides } from './sides.js'

/** What changed of `oneOf` and `anyOf`: each alternative of `from` has to fit one of `to`. What cannot be told is a warning. */
export function alternativeAtoms(context: Context, sides: Sides, compare: Compare): Atom[] {
  const { from, to } = sides
  const inner: Context = { ...context, depth: context.depth + 1 }
  if (from.alternatives.length > 1 || to.alternatives.length > 1) return severalAtoms(inner, sides, compare)
  const [given, taken] = [from.alternatives[0]?.branches, to.alternatives[0]?.branches]
  const isIn = context.mode === 'in'
  const pair = (one: unknown, other: unknown, into = inner): Atom[] =>
    isIn ? compare(into, one, other) : compare(into, other, one)
  if (given && taken) return branchAtoms({ context: inner, sides, pair }, given, taken)
  if (taken) {
    const own = whole(from)
    if (taken.some((one) => fits({ context: inner, pair }, own, one) === 'yes')) return []
    const said = isIn ? 'has to fit one of several alternatives now' : 'had to fit one of several alternatives'
    return [untold(context, said, sides.now.at)]
  }
  return [...new Set((given ?? []).flatMap((one) => splitAtoms({ context: inner, sides, pair }, one)))]
}

/** One alternative where there was no choice: what has a name and does not fit is told by its name. */
function splitAtoms({ context, sides, pair }: Way, one: unknown): Atom[] {
  const [own, other] = [laid([one, ...sides.from.rest]), whole(sides.to)]
  if (identity(one) === undefined) return pair(own, other)
  const answer = fits({ context, pair }, own, other)
  if (answer === 'untold') return [untold(context, 'has other alternatives', sides.now.at)]
  return answer === 'yes' ? [] : [lost(context, sides, one)]
}

interface Way {
  context: Context
  sides: Sides
  pair: (from: unknown, to: unknown, into?: Context) => Atom[]
}

const laid = (parts: readonly unknown[]): unknown => ({ allOf: parts })
const whole = ({ rest }: Flat): unknown => laid(rest)

function branchAtoms({ context, sides, pair }: Way, given: readonly unknown[], taken: readonly unknown[]): Atom[] {
  const names = taken.map(identity)
  const used = new Set<unknown>()
  const found: Atom[] = []
  const left = given.filter((one) => {
    const name = identity(one)
    const at = name === undefined ? -1 : names.indexOf(name)
    if (at === -1) return true
    used.add(taken[at])
    found.push(...pair(one, taken[at]))
    return false
  })
  const untoldOnes = new Set<unknown>()
  const homeless = left.filter((one) => {
    const answers = taken.map((other) => fits({ context, pair }, one, other))
    const home = taken[answers.indexOf('yes')]
    used.add(home)
    if (home === undefined && answers.includes('untold')) untoldOnes.add(one)
    return home === undefined
  })
  const free = taken.filter((one) => !used.has(one) && identity(one) === undefined)
  // As many as there were before, none of them called by a name: each is taken for the one at its place.
  if (homeless.length === free.length && homeless.every((one) => identity(one) === undefined))
    return [...found, ...homeless.flatMap((one, i) => pair(one, free[i]))]
  const told = homeless.filter((one) => !untoldOnes.has(one)).map((one) => lost(context, sides, one))
  return [...found, ...told, ...(untoldOnes.size > 0 ? [untold(context, 'has other alternatives', sides.now.at)] : [])]
}

function lost(context: Context, { now }: Sides, one: unknown): Atom {
  const name = identity(one) ?? 'one of several kinds'
  return context.mode === 'in'
    ? atom(context, ['alternative-removed', 'breaking'], [`no longer takes ${name}`, 'keep taking it'], now.at)
    : atom(
        context,
        ['alternative-added', 'breaking'],
        [`may be ${name} now`, 'keep the alternatives that there were'],
        now.at,
      )
}

/** What an alternative is called: where it refers to, or its title. */
function identity(branch: unknown): string | undefined {
  if (!isMembers(branch)) return undefined
  const { $ref: ref, title, type } = branch
  const name = textOf(ref)?.split('/').at(-1) ?? textOf(title)
  return name !== undefined ? `\`${name}\`` : type === 'null' ? 'null' : undefined
}

/** Whether all that fits one schema fits another; nothing is written down. */
function fits({ context, pair }: Omit<Way, 'sides'>, one: unknown, other: unknown): 'yes' | 'no' | 'untold' {
  const atoms = pair(one, other, { ...context, known: new Map(), budget: context.trials })
  // Another value is another kind.
  if (atoms.some(({ level, rule }) => level === 'breaking' || rule === 'enum-value-added')) return 'no'
  return atoms.some(({ rule }) => rule === 'cannot-tell' || rule === tooLarge) ? 'untold' : 'yes'
}

/** Of several choices at once only those that are alike are compared. */
function severalAtoms(context: Context, { from, to, now }: Sides, compare: Compare): Atom[] {
  if (from.alternatives.length !== to.alternatives.length) return [untold(context, 'has other alternatives', now.at)]
  return from.alternatives.flatMap(({ branches }, i) => {
    const others = to.alternatives[i]?.branches ?? []
    if (branches.length !== others.length) return [untold(context, 'has other alternatives', now.at)]
    return branches.flatMap((one, n) =>
      context.mode === 'in' ? compare(context, one, others[n]) : compare(context, others[n], one),
    )
  })
}
