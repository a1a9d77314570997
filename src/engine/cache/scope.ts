import { sha256 } from '../../base/hash.js'
import { inScope } from './names.js'
import type { CacheStore, EntriesAtHand } from './store.js'
import { textAt } from '../../trigger/event.js'
import type { RunContext } from '../../trigger/context.js'

/** What was run before it landed is not read by what has landed. */
export const trusted = 'trusted'

/** Runs of these events have the code of the branch that they name, and nothing of strangers. */
const ofBranches = new Set(['push', 'merge_group', 'schedule', 'workflow_dispatch', 'repository_dispatch'])
/** GitHub runs these for the default branch alone. */
const ofDefaultBranch = new Set(['schedule', 'repository_dispatch'])

/**
 * Whose results a run keeps: `trusted` for the default branch and tags, `pull-7`, `branch-…`; `local` on any machine that is no runner,
 * whatever event it is given. Where the default branch is not known, nothing is trusted.
 */
export function scopeOf(context: RunContext, onRunner: boolean): string {
  if (!onRunner || context.event === 'local') return 'local'
  const { event, payload, ref, baseRef, pullRequest, foreign } = context
  if (pullRequest !== null) return `pull-${pullRequest}`
  const branch = event === 'merge_group' ? baseRef : (/^refs\/heads\/(.+)$/.exec(ref ?? '')?.[1] ?? null)
  const isTag = ref?.startsWith('refs/tags/') === true
  const fallback = ofDefaultBranch.has(event) ? branch : null
  const known = textAt(payload, 'repository', 'default_branch') ?? fallback
  const isDefault = known !== null && branch === known
  if (!foreign && ((ofBranches.has(event) && (isDefault || isTag)) || (event === 'release' && isTag))) return trusted
  return branchScope(ref ?? '')
}

const branchScope = (ref: string): string => `branch-${sha256(ref).slice(0, 12)}`

/** The scopes that a run of a scope reads, its own first. */
export const readsOf = (scope: string): readonly string[] => (scope === trusted ? [trusted] : [scope, trusted])

/**
 * The same where the store holds branches apart, and gives a pull request what the branch stored that it goes to. Scopes count there too:
 * GitHub takes runs that answer a comment or another run for those of the default branch.
 */
export const readsApart = (scope: string, { baseRef }: RunContext): readonly string[] => [
  ...readsOf(scope),
  ...(scope === trusted || baseRef === null ? [] : [branchScope(`refs/heads/${baseRef}`)]),
]

/** A store as a run of a scope sees it: it writes its own entries, and reads them before those that are trusted. */
export function scoped(store: CacheStore, scope: string): CacheStore {
  return {
    name: store.name,
    immediate: store.immediate ?? false,
    async get(name, into, signal) {
      for (const one of readsOf(scope)) {
        const file = await store.get(inScope(name, one), into, signal)
        if (file !== undefined) return file
      }
      return undefined
    },
    put: async (name, file, signal) => store.put(inScope(name, scope), file, signal),
    // What another scope wrote stays, however it looks from here.
    remove: async (name, signal) => store.remove(inScope(name, scope), signal),
    list: async (signal) => store.list(signal),
    end: async (signal) => store.end?.(signal),
    ...(store.atHand ? { atHand: scopedAtHand(store.atHand, scope) } : {}),
  }
}

function scopedAtHand(entries: EntriesAtHand, scope: string): EntriesAtHand {
  const reads = readsOf(scope)
  return {
    get isReady() {
      return entries.isReady
    },
    ready: async () => entries.ready(),
    get(name) {
      for (const one of reads) {
        const found = entries.get(inScope(name, one))
        if (found !== undefined) return found
      }
      return undefined
    },
    put: (all) => entries.put(all.map(([name, bytes]) => [inScope(name, scope), bytes])),
  }
}
