import { formatDuration } from '../base/duration.js'
import { formatSize } from '../base/size.js'
import { count } from '../base/text.js'
import type { EntryName } from '../engine/cache/names.js'
import type { StoredEntry } from '../engine/cache/store.js'

/** An entry with what its name says, and the step's address where the file still has the step. */
export type Listed = StoredEntry & EntryName & { address: string | undefined }

const heads = { list: '', prune: 'taken out: ', clear: 'taken out: ' }

/** Entries as a table, the one that was used last first. What tells how a step was, its manifest, is counted only. */
export function renderEntries(
  entries: readonly Listed[],
  { action, store, where, now }: { action: keyof typeof heads; store: string; where: string; now: number },
): string {
  const results = entries.filter(({ key }) => key !== undefined)
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
  const manifests = entries.length - results.length
  const parts = [
    ...(results.length || !manifests ? [count(results.length, 'result')] : []),
    ...(manifests ? [count(manifests, 'manifest')] : []),
  ]
  const much = entries.length ? `${parts.join(' and ')}, ${formatSize(bytes)},` : 'nothing'
  const head = `${heads[action]}${much} in ${where} (${store})`
  const rows = results.map(({ address, bytes, used, scope }) => [
    address ?? '(a step that the file does not have)',
    formatSize(bytes),
    `used ${agoText(now - used)}`,
    scope,
  ])
  const widths = [0, 1, 2].map((i) => Math.max(0, ...rows.map((row) => row[i]?.length ?? 0)))
  const lines = rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
  return `${[head, ...lines].join('\n')}\n`
}

const day = 86_400_000

function agoText(ms: number): string {
  if (ms < 60_000) return 'just now'
  return ms < 2 * day ? `${formatDuration(Math.floor(ms / 60_000) * 60_000)} ago` : `${Math.floor(ms / day)} days ago`
}
