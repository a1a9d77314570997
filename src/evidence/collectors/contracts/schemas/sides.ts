import type { Atom, Context } from './atom.js'
import type { Flat } from './flat.js'

/** Two schemas laid together: what fits `from` has to fit `to`. */
export interface Sides {
  from: Flat
  to: Flat
  /** The schema as it is now: where things are told. */
  now: Flat
}

/** Compares a part of two schemas. */
export type Compare = (context: Context, before: unknown, after: unknown) => Atom[]
