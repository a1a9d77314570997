import { sha256 } from '../../base/hash.js'

/** What a store's name says: of which step, whose, and under which key; the key is missing of what tells how the step last was. */
export interface EntryName {
  /** The beginning of the hash of the step's address. */
  step: string
  key?: string
  scope: string
}

/** A step's address as it stands in names. */
export const stepHash = (address: string): string => sha256(address).slice(0, 32)

/** The name of an entry, of its key and its step. */
export const entryName = (key: string, step: string): string => `${key}-${stepHash(step)}`

/** Under which name the store keeps how a step was when it was last stored. */
export const lastName = (step: string): string => `last-${stepHash(step)}`

/** The name in a store that several scopes share. */
export const inScope = (name: string, scope: string): string => `${name}-${scope}`

const form = /^(last|[0-9a-f]{64})-([0-9a-f]{32})(?:-(local|trusted|pull-\d+|branch-[0-9a-f]{12}))?$/

/** Reads a store's name; nothing for one that is none of ours. */
export function parseName(name: string): EntryName | undefined {
  const [, key, step, scope = ''] = form.exec(name) ?? []
  if (key === undefined || step === undefined) return undefined
  return { step, scope, ...(key === 'last' ? {} : { key }) }
}
