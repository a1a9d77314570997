import { sha256 } from '../base/hash.js'
import type { Finding } from './evidence.js'

/** What a fingerprint is made of. */
export type Fingerprinted = Pick<Finding, 'rule' | 'message' | 'file' | 'line'>

/** The lines of a source file by repository path, or undefined where it is not there. */
export type SourceLines = (path: string) => readonly string[] | undefined

/**
 * 16 hexadecimal digits of SHA-256 over rule, path and the content of the line with its neighbours, blanks aside;
 * without source lines over rule, path and message. `occurrence` tells equal remarks of one report apart, from 0.
 */
export function fingerprint(finding: Fingerprinted, occurrence: number, source?: readonly string[]): string {
  return hashed(subject(finding, source), occurrence)
}

/** Counts equal subjects, so that each remark of one report has a fingerprint of its own. */
export class Fingerprinter {
  private readonly seen = new Map<string, number>()

  next(finding: Fingerprinted, source?: readonly string[]): string {
    const key = subject(finding, source)
    const occurrence = this.seen.get(key) ?? 0
    this.seen.set(key, occurrence + 1)
    return hashed(key, occurrence)
  }
}

/** The findings with fingerprints over the content of their place, where the source is known; the others stay. */
export function refingerprint(findings: readonly Finding[], source: SourceLines): Finding[] {
  const fingerprints = new Fingerprinter()
  return findings.map((finding) => {
    const lines = finding.file === undefined || finding.line === undefined ? undefined : source(finding.file)
    if (!lines || (finding.line ?? 0) > lines.length) return finding
    return { ...finding, fingerprint: fingerprints.next(finding, lines) }
  })
}

function subject({ rule, file = '', line, message }: Fingerprinted, source?: readonly string[]): string {
  const content = source && line !== undefined ? around(source, line) : undefined
  return JSON.stringify(content ? [rule, file, content] : [rule, file, message])
}

const hashed = (subject: string, occurrence: number): string => sha256(`${subject}\n${occurrence}`).slice(0, 16)

/** The line and the nearest lines above and below that are not blank, each without the blanks around it. */
function around(source: readonly string[], line: number): string[] {
  const next = (from: number, step: 1 | -1): string => {
    for (let i = from; i >= 0 && i < source.length; i += step) {
      const text = source[i]?.trim()
      if (text) return text
    }
    return ''
  }
  return [next(line - 2, -1), source[line - 1]?.trim() ?? '', next(line, 1)]
}
