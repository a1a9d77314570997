import { sha256 } from '../../base/hash.js'
import { stripControls } from '../../base/text.js'
import type { Hunk } from '../../engine/fixes/hunks.js'
import type { ProposedFile } from '../../engine/fixes/take.js'
import type { LineMap } from '../../evidence/line-map.js'
import { codeSpan } from '../markdown.js'

/** Lines for the place of others, as GitHub offers them on a pull request: at least one line, those of the head commit. */
export interface Suggestion {
  path: string
  first: number
  last: number
  lines: readonly string[]
  /** The same for the same change of the same lines, wherever in the file they stand. */
  digest: string
}

/** The lines that the diff of a pull request shows of a file, each from and to. */
export type Shown = ReadonlyMap<string, readonly (readonly [number, number])[]>

/** A suggestion that is longer is nothing to be read on a diff. */
const limits = { lines: 100, characters: 10_000 }

/**
 * The suggestions for what fixes change, and the files that they do not cover whole. Only changes of lines can be suggested, and only
 * where the diff shows them; `clean` hides secrets, and what it would touch is not shown.
 */
export function suggestionsFor(
  files: readonly ProposedFile[],
  shown: Shown,
  map: LineMap,
  clean: (text: string) => string,
): { suggestions: Suggestion[]; rest: Set<string> } {
  const rest = new Set<string>()
  const suggestions = files.flatMap((file) => {
    const { path, change, before, after, hunks } = file
    if (change !== 'changed' || before?.mode !== after?.mode || hunks.length === 0) rest.add(path)
    if (change !== 'changed') return []
    const found: Suggestion[] = []
    const seen = new Map<string, number>()
    for (const hunk of hunks) {
      const placed = placedAt(path, hunk, map)
      const fits = placed && placed.first > (found.at(-1)?.last ?? 0) && isIn(shown.get(path), placed)
      if (!placed || !fits || !canBeShown(placed.lines, hunk, clean)) {
        rest.add(path)
        continue
      }
      const key = JSON.stringify([path, hunk.above ?? null, hunk.removed, hunk.added, hunk.below ?? null])
      const times = seen.get(key) ?? 0
      seen.set(key, times + 1)
      const digest = sha256(`${times} ${key}`).slice(0, 32)
      found.push({ path, ...placed, digest })
    }
    return found
  })
  return { suggestions, rest }
}

/** Where a hunk stands in the head commit. One that only adds takes a line next to it along, since a suggestion replaces something. */
function placedAt(path: string, hunk: Hunk, map: LineMap): Pick<Suggestion, 'first' | 'last' | 'lines'> | undefined {
  const { start, removed, added, above, below } = hunk
  const grown =
    removed.length > 0
      ? { from: start, count: removed.length, lines: added }
      : above !== undefined
        ? { from: start, count: 1, lines: [above, ...added] }
        : below !== undefined
          ? { from: start + 1, count: 1, lines: [...added, below] }
          : undefined
  if (!grown) return undefined
  const first = map(path, grown.from)
  if (first === undefined) return undefined
  for (let i = 1; i < grown.count; i++) if (map(path, grown.from + i) !== first + i) return undefined
  return { first, last: first + grown.count - 1, lines: grown.lines }
}

const isIn = (
  ranges: Shown extends ReadonlyMap<string, infer R> ? R | undefined : never,
  at: { first: number; last: number },
) => ranges?.some(([from, to]) => from <= at.first && at.last <= to) === true

/** GitHub's suggestions say nothing of how a file ends, or a line; characters that nobody sees are not suggested to anybody. */
function canBeShown(lines: readonly string[], { open }: Hunk, clean: (text: string) => string): boolean {
  const text = lines.join('\n')
  return (
    !open &&
    lines.length <= limits.lines &&
    text.length <= limits.characters &&
    !text.includes('\r') &&
    stripControls(text) === text &&
    clean(text) === text
  )
}

const markerOf = (digest: string): string => `<!-- wf-fix:${digest} -->`

/** The digest of a comment that is a suggestion of ours, read from its first line. */
export const digestOf = (body: string): string | undefined =>
  /^<!-- wf-fix:([0-9a-f]{32}) -->$/.exec(body.split(/\r?\n/, 1)[0] ?? '')?.[1]

/** The comment that offers a suggestion. Its fence is longer than any inside. */
export function suggestionBody({ digest, lines }: Suggestion, steps: readonly string[]): string {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)))
  const ticks = '`'.repeat(longest + 1)
  return [markerOf(digest), `The fix of ${stepsText(steps)}:`, `${ticks}suggestion`, ...lines, ticks].join('\n')
}

/** The steps whose fixes these are, for a sentence. */
export function stepsText(steps: readonly string[]): string {
  const shown = steps.slice(0, 3).map((step) => codeSpan(step, 100))
  return steps.length > shown.length ? `${shown.join(', ')} and ${steps.length - shown.length} more` : shown.join(', ')
}
