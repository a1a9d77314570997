/** Removes terminal escapes, C0 and C1 controls (tab and newline stay) and bidirectional overrides from untrusted text. */
export function stripControls(text: string): string {
  return text
    .replaceAll(/\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)/g, '')
    .replaceAll(/[\u001B\u009B][[()#;?]*(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~]/g, '')
    .replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, '')
}

/** Text in which no runner finds the old mark of a command, `##[`, which counts anywhere in a line. */
export const withoutOldMarks = (text: string): string => text.replaceAll('##[', '# #[')

/** Text in which no runner finds a command: neither the old mark, nor `::` at the start of a line, after blanks. */
export const withoutCommands = (text: string): string =>
  withoutOldMarks(text).replaceAll(/(^|\n)([^\S\n]*):(?=:)/g, '$1$2: ')

/** Cuts text to `max` characters, with `…` as the last where something was cut. */
export const truncate = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1)}…`

/** `1 test`, `3 tests`; the plural is the singular with `s` unless given. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** The candidates nearest to a mistyped word (at most two fifths of it wrong), best first; for "did you mean". */
export function nearest(word: string, candidates: Iterable<string>): string[] {
  const limit = Math.max(1, Math.ceil(word.length * 0.4))
  return [...candidates]
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far || commonStart(word, b.candidate) - commonStart(word, a.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}

function commonStart(a: string, b: string): number {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  return i
}

/** Edit distance with transpositions (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
