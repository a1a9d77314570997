import { searchDeepened } from '../trigger/clone.js'
import type { Clone } from '../trigger/clone.js'
import { deeper } from './base.js'
import type { Base } from './base.js'
import type { Baseline, Missing } from './comparison.js'
import type { Entry } from './entry.js'
import type { Selected } from './lines.js'
import type { Store } from './store.js'

/** So many first parents are looked through. */
const reach = 100

/** What a history says of a base and of what came before it. */
export interface Known {
  baseline: Baseline | Missing
  /** The newest first. */
  earlier: Entry[]
  /** Lines of the history that are no entries. */
  ignored: number
}

/**
 * The first commit with an entry among the base and its first parents; a shallow clone is deepened until there is one. Several entries of
 * a commit are one: of each stage what was measured last.
 */
export async function findBaseline(
  clone: Clone,
  { base, from }: Base,
  store: Store,
  signal: AbortSignal,
): Promise<Known> {
  const nothing = (missing: string, ignored = 0): Known => ({ baseline: { missing }, earlier: [], ignored })
  // A history without entries is not worth deepening a clone for.
  const first = await store.read([], signal)
  if (!first.ok) return nothing(`the history of earlier runs could not be read: ${first.reason}`)
  if (first.isEmpty) return nothing('no earlier run is known')
  const called = from.sha.slice(0, 7)
  const where = from.skip ? `before ${called}` : `at ${called} or before it`
  let ignored = 0
  let known: (Known & { open: string[] }) | undefined
  let looked = 0
  const { whole } = await searchDeepened(clone, [from.sha], async () => {
    const commits = await firstParents(clone, from)
    looked = commits.length
    const read = await store.read(commits, signal)
    if (!read.ok) return undefined
    ignored = read.ignored
    known = knownOf(commits, read, base && from.skip ? 1 : 0)
    const isOver = commits.length > reach
    return known?.open.length === 0 || isOver ? (known ?? []) : undefined
  })
  if (known) return { baseline: known.baseline, earlier: known.earlier, ignored: known.ignored }
  if (!whole && looked <= reach)
    return nothing(`no run is known ${where}, as far as this shallow clone reaches; ${deeper}`, ignored)
  return nothing(`no run is known ${where}${looked > reach ? `, ${reach} first parents back` : ''}`, ignored)
}

/** The commit and its first parents, the newest first. */
async function firstParents({ git, folder }: Clone, { sha, skip }: Base['from']): Promise<string[]> {
  const ask = ['rev-list', '--first-parent', `--max-count=${reach + 1 + Number(skip)}`, sha, '--']
  const { code, stdout } = await git.run(folder, ask)
  return code === 0 ? stdout.split('\n').filter(Boolean).slice(Number(skip)) : []
}

/** `ahead`: how far the first of the commits is from the base. */
function knownOf(
  commits: readonly string[],
  { entries, ignored }: Selected,
  ahead: number,
): (Known & { open: string[] }) | undefined {
  const byCommit = new Map<string, Entry>()
  for (const entry of entries) {
    const before = byCommit.get(entry.commit)
    byCommit.set(entry.commit, before ? bothOf(before, entry) : entry)
  }
  const at = commits.findIndex((commit) => byCommit.has(commit))
  const sha = commits[at]
  const entry = sha === undefined ? undefined : byCommit.get(sha)
  if (sha === undefined || !entry) return undefined
  const earlier = commits.flatMap((one) => byCommit.get(one) ?? [])
  const { stages, open } = withUnaffected(earlier)
  return { baseline: { sha, distance: at + ahead, entry: { ...entry, stages } }, earlier, ignored, open }
}

/** Two entries of one commit. */
function bothOf(before: Entry, entry: Entry): Entry {
  const { unaffected: _, ...rest } = entry
  const unaffected = [...new Set([...(before.unaffected ?? []), ...(entry.unaffected ?? [])])]
  return { ...rest, stages: { ...before.stages, ...entry.stages }, ...(unaffected.length ? { unaffected } : {}) }
}

/**
 * What was measured at the first of some entries, the newest first: of a stage that did not run there since nothing of it had changed, what
 * it measured last before. `open`: such stages of which these entries tell nothing.
 */
function withUnaffected([entry, ...before]: readonly Entry[]): { stages: Entry['stages']; open: string[] } {
  const stages = new Map(Object.entries(entry?.stages ?? {}))
  const open = new Set(entry?.unaffected?.filter((id) => !stages.has(id)))
  for (const one of before)
    for (const id of open) {
      const left = Object.hasOwn(one.stages, id) ? one.stages[id] : undefined
      if (left) stages.set(id, left)
      // Where it ran and left nothing there is nothing to go on from.
      if (left || !one.unaffected?.includes(id)) open.delete(id)
    }
  return { stages: Object.fromEntries(stages), open: [...open] }
}
