import { isEqual } from './pack.js'
import type { Signer } from './pack.js'
import type { Manifest } from './manifest.js'

/** How a step was when it was last stored: why it is not found now is the difference. */
export interface Last {
  key: string
  manifest: Manifest
}

/** A last manifest as a text, its signature on a line before it. */
export function writeLast(last: Last, sign: Signer): string {
  const text = JSON.stringify(last)
  return `${sign ? sign(text) : ''}\n${text}`
}

/** Reads it again; nothing when it is none, or is not signed as asked. */
export function readLast(written: string | undefined, sign: Signer): Last | undefined {
  const end = written?.indexOf('\n') ?? -1
  if (written === undefined || end === -1) return undefined
  const text = written.slice(end + 1)
  if (sign && !isEqual(written.slice(0, end), sign(text))) return undefined
  try {
    const last = JSON.parse(text) as Last
    return typeof last.key === 'string' && Array.isArray(last.manifest?.files) ? last : undefined
  } catch {
    return undefined
  }
}
