import { sha256 } from '../base/hash.js'

const maxPart = 200

/**
 * The hidden first line by which a comment is found again: one for each workflow file and name. Other characters than
 * plain ones are percent-encoded, so that it cannot end its comment and two workflows never share one.
 */
export const commentMarker = (workflow: { path: string; name: string }): string =>
  `<!-- wf:${encoded(workflow.path)}:${encoded(workflow.name)} -->`

function encoded(text: string): string {
  const wellFormed = text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')
  const safe = encodeURIComponent(wellFormed)
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('--', '-%2D')
  if (safe.length <= maxPart) return safe
  return `${safe.slice(0, maxPart)}.${sha256(text).slice(0, 16)}`
}

/** A run of GitHub's: its id, and which attempt of it. */
export interface Stamp {
  id: number
  attempt: number
}

/** The hidden second line, which says which run wrote the comment: an older one never overwrites what a newer one said. */
export function runStamp({ id, attempt }: Stamp): string {
  if (!isCount(id) || !isCount(attempt)) throw new Error(`a run is told by whole numbers, not by ${id} and ${attempt}`)
  return `<!-- wf-run:${id}:${attempt} -->`
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** The run that wrote a comment of ours, read from its second line alone: what stands further down may be a stranger's. */
export function readStamp(body: string): Stamp | undefined {
  const [, second = ''] = body.split(/\r?\n/, 2)
  const [, id, attempt] = /^<!-- wf-run:(\d{1,15}):(\d{1,9}) -->$/.exec(second) ?? []
  return id === undefined || attempt === undefined ? undefined : { id: Number(id), attempt: Number(attempt) }
}
