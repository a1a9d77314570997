import { atom, untold } from './atom.js'
import type { Atom, Context } from './atom.js'
import { tighterBounds } from './bounds.js'
import type { Sides } from './sides.js'

const maxShown = 5
const list = (values: readonly unknown[]): string => {
  const shown = values.slice(0, maxShown).map((one) => {
    const text = JSON.stringify(one) ?? ''
    return `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``
  })
  return `${shown.join(', ')}${values.length > maxShown ? ` and ${values.length - maxShown} more` : ''}`
}

/** What changed of single values: which there are, how large or long they may be, their pattern and format. */
export const valueAtoms = (context: Context, sides: Sides): Atom[] => [
  ...enumAtoms(context, sides),
  ...boundAtoms(context, sides),
  ...patternAtoms(context, sides),
  ...formatAtoms(context, sides),
]

/** More in an answer than before: readers of events refuse it, clients of an API may. */
const more = ({ isStrict }: Context): Atom['level'] => (isStrict ? 'breaking' : 'warning')

function enumAtoms(context: Context, { from, to, now }: Sides): Atom[] {
  if (to.values === undefined) return []
  if (from.values === undefined)
    return context.mode === 'in'
      ? [
          atom(
            context,
            ['enum-added', 'breaking'],
            [`takes only ${list([...to.values.values()])} now`, 'take other values as well'],
            now.at,
          ),
        ]
      : [
          atom(
            context,
            ['enum-lifted', more(context)],
            [`was one of ${list([...to.values.values()])} and may be anything now`, 'keep the `enum`'],
            now.at,
          ),
        ]
  const lost = [...from.values].flatMap(([key, value]) => (to.values?.has(key) ? [] : [value]))
  if (lost.length === 0) return []
  return context.mode === 'in'
    ? [atom(context, ['enum-value-removed', 'breaking'], [`no longer takes ${list(lost)}`, 'keep taking it'], now.at)]
    : [
        atom(
          context,
          ['enum-value-added', more(context)],
          [`may be ${list(lost)} now`, 'tell those who read it first'],
          now.at,
        ),
      ]
}

function boundAtoms(context: Context, { from, to, now }: Sides): Atom[] {
  return tighterBounds(from.bounds, to.bounds).map(({ name, from: given = 'none', to: taken }) => {
    const [was, is] = context.mode === 'in' ? [given, taken] : [taken, given]
    const said = `had \`${name}\` ${was} and has ${is} now`
    return context.mode === 'in'
      ? atom(context, ['bound-tightened', 'breaking'], [said, 'keep the bound'], now.at)
      : atom(context, ['bound-loosened', more(context)], [said, 'keep the bound'], now.at)
  })
}

/** Patterns are compared as text; nobody runs them. */
function patternAtoms(context: Context, { from, to, now }: Sides): Atom[] {
  const added = [...to.patterns].filter((one) => !from.patterns.has(one))
  if (added.length === 0) return []
  if (from.patterns.size > 0) return [untold(context, 'has another `pattern`', now.at)]
  return context.mode === 'in'
    ? [
        atom(
          context,
          ['pattern-added', 'breaking'],
          [`has to fit \`${added[0]?.slice(0, 60)}\` now`, 'take it without the pattern'],
          now.at,
        ),
      ]
    : [atom(context, ['pattern-lifted', more(context)], ['no longer has its `pattern`', 'keep it'], now.at)]
}

/** Formats of which the second takes all of the first. */
const wider: Record<string, readonly string[]> = {
  int32: ['int64'],
  float: ['double'],
  email: ['idn-email'],
  uri: ['uri-reference', 'iri'],
}

function formatAtoms(context: Context, { from, to, now }: Sides): Atom[] {
  const [given, taken] = [from.format, to.format]
  if (taken === undefined || given === taken || (given !== undefined && wider[given]?.includes(taken))) return []
  const [was, is] = context.mode === 'in' ? [given, taken] : [taken, given]
  const said = `had ${was === undefined ? 'no `format`' : `\`format: ${was}\``} and has ${is === undefined ? 'none' : `\`${is}\``} now`
  return [
    atom(context, ['format-changed', given === undefined ? 'warning' : 'breaking'], [said, 'keep the format'], now.at),
  ]
}
