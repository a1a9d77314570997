import { placeIn } from '../library.js'
import type { Atom, Context, Mode } from '../schemas/atom.js'
import type { Operation } from './api.js'

/** The same operation before and after. */
export interface Pair {
  old: Operation
  fresh: Operation
  context: (mode: Mode) => Context
  /** The time, in milliseconds since the epoch. */
  now: number
}

/** A change of an operation, told at a part of the document as it is now. */
export const simple = (
  context: Context,
  [rule, level]: readonly [rule: string, level: Atom['level']],
  [text, keep]: readonly [text: string, keep: string],
  at: object,
): Atom => ({
  rule,
  level,
  text,
  keep,
  place: placeIn(context.after, at) ?? context.place,
  users: new Set([context.user]),
})
