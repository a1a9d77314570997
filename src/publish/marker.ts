import { createHash } from 'node:crypto'

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
  return `${safe.slice(0, maxPart)}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
}
