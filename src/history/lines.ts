import { createHash } from 'node:crypto'
import { noCommit } from './breakers.js'
import { readEntry } from './check.js'
import type { Entry } from './entry.js'

/** A history is a file of entries, one a line, the oldest first. What is larger is none of ours. */
export const maxBytes = 20 * 2 ** 20
export const tooLarge = `it is larger than ${maxBytes / 2 ** 20} MB, so it is none of ours`
/** So much is kept when an entry is added. */
const keptBytes = 16 * 2 ** 20

/** How much of a history is kept. */
export interface Retention {
  /** Milliseconds. */
  keep: number
  entries: number
}

/** The name of the history of one workflow, in its folder or branch. */
export function fileOf({ path, name }: Entry['workflow']): string {
  const plain = `${path}-${name}`.replaceAll(/[^A-Za-z0-9.]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '')
  const hash = createHash('sha256')
    .update(JSON.stringify([path, name]))
    .digest('hex')
    .slice(0, 8)
  return `${plain.slice(0, 80)}-${hash}.ndjson`
}

/** How each line begins, so that one that is not wanted is not parsed. */
const head = /^\{"version":1,"commit":"([0-9a-f]{40}|[0-9a-f]{64})","at":"([0-9TZ:.-]{1,30})",/

/** What a history says of some commits. */
export interface Selected {
  /** The newest last. */
  entries: Entry[]
  /** Lines that were passed over because they are no entries. */
  ignored: number
}

/** The entries of these commits; everything else is passed over line by line. */
export function selectEntries(text: string, commits: ReadonlySet<string>): Selected {
  const selected: Selected = { entries: [], ignored: 0 }
  for (const line of linesOf(text)) {
    const commit = head.exec(line)?.[1]
    if (commit !== undefined && !commits.has(commit)) continue
    const entry = commit === undefined ? undefined : readEntry(line)
    if (entry) selected.entries.push(entry)
    else selected.ignored++
  }
  return selected
}

/** The line of an entry, without its end. */
export const lineOf = ({ version, commit, at, ...rest }: Entry): string =>
  JSON.stringify({ version, commit, at, ...rest })

/** The lines that stay when one is added, in their order: neither too old nor too many, and no more than fit. */
export function kept(text: string, line: string, { keep, entries }: Retention, now: number): string[] {
  const all = [...linesOf(text), line].filter((one) => {
    const at = head.exec(one)?.[2]
    return at !== undefined && Date.parse(at) >= now - keep
  })
  const states = all.findLast(isOfStates)
  const newest = all
    .filter((one) => one === states || !isOfStates(one))
    .slice(-entries)
    .reverse()
  let bytes = 0
  const fits = newest.findIndex((one) => (bytes += Buffer.byteLength(one) + 1) > keptBytes)
  return (fits === -1 ? newest : newest.slice(0, fits)).reverse()
}

/** Of the states of breakers only the last word counts. */
const isOfStates = (line: string): boolean => head.exec(line)?.[1] === noCommit

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')
