import type { Clock } from '../../../ports.js'
import { collectedFindings } from '../../build-findings.js'
import type { Remark } from '../../build-findings.js'
import type { AddedLines } from '../../diff.js'
import type { FindingsEvidence } from '../../evidence.js'
import { findSecrets } from './find.js'

/** What is looked through: the lines that a change adds, or whole files. */
export interface Scanned {
  path: string
  /** Only secrets that begin on these lines count; all without them. */
  lines?: readonly number[]
}

/** What is asked for the files. */
export interface ScanSurroundings {
  clock: Clock
  /** The text of a file of the workspace up to a size; nothing where there is no such file, or a larger one. */
  text: (path: string, maxBytes: number) => string | undefined
  /** How large a file is; nothing where there is none. */
  size: (path: string) => number | undefined
}

/** Bounds of one scan. What is beyond them is told as a finding, never passed over. */
const maxFile = 20 * 2 ** 20
const maxBytes = 400 * 2 ** 20
const maxMs = 120_000

/** Looks for secrets in files; `faults` are told besides. A finding tells the kind and the place, never the secret. */
export function collectSecrets(
  files: readonly Scanned[],
  from: ScanSurroundings,
  faults: readonly Remark[] = [],
): FindingsEvidence {
  const builder = collectedFindings('secrets')
  for (const fault of faults) builder.add(fault)
  const begun = from.clock.monotonic()
  let bytes = 0
  for (const [i, file] of files.entries()) {
    const size = from.size(file.path)
    if (size === undefined) continue
    bytes += Math.min(size, maxFile)
    if (bytes > maxBytes || from.clock.monotonic() - begun > maxMs) {
      builder.add(notScanned(`${files.length - i} files were not looked through, since it would take too long`))
      break
    }
    if (size > maxFile)
      builder.add(notScanned(`not looked through: it is larger than ${maxFile / 2 ** 20} MB`, file.path))
    else for (const remark of remarksOf(file, from.text(file.path, maxFile) ?? '')) builder.add(remark)
  }
  return builder.finish()
}

/** The finding that the files to be looked through are not known. */
export const notScanned = (message: string, file?: string): Remark => ({
  rule: 'not-scanned',
  severity: 'error',
  tool: 'wf',
  message,
  ...(file === undefined ? {} : { file, line: 1 }),
})

function remarksOf({ path, lines }: Scanned, text: string): Remark[] {
  // As git tells: what holds a NUL near its beginning is no text.
  if (text.slice(0, 8000).includes('\0')) return []
  const wanted = lines && new Set(lines)
  let [line, at] = [1, 0]
  return findSecrets(text).flatMap(({ rule, what, offset }): Remark[] => {
    for (let next = text.indexOf('\n', at); next !== -1 && next < offset; next = text.indexOf('\n', at)) {
      line++
      at = next + 1
    }
    if (wanted && !wanted.has(line)) return []
    const message = `${what}: revoke it, then take it out of the file and out of the history`
    return [{ rule, severity: 'error', tool: 'wf', message, file: path, line, column: offset - at + 1 }]
  })
}

/** The lines of a change as what is to be looked through. */
export const scannedOf = (change: readonly AddedLines[]): Scanned[] =>
  change.map(({ path, lines }) => ({ path, lines }))
