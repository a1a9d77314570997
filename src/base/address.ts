/**
 * The name of anything in a run: `test`, `test[node=20]`, `test[node=20]/unit`, `test[node=20]/unit#2`.
 * Ids hold only letters, digits, `_` and `-`, so that an address is readable and unambiguous.
 */
export const idPattern = '^[A-Za-z_][A-Za-z0-9_-]*$'

/** `test[node=20,os=linux]`, or `test` without a matrix; `exact` tells the text `"20"` from the number. */
export function instanceAddress(stage: string, matrix: Readonly<Record<string, unknown>>, exact = false): string {
  const cells = Object.entries(matrix).map(
    ([k, v]) => `${k}=${typeof v === 'string' && !exact ? v : JSON.stringify(v)}`,
  )
  return cells.length ? `${stage}[${cells.join(',')}]` : stage
}

/** The stage that an address lies in: `test` of `test[node=20]/unit`. */
export const stageOf = (address: string): string => address.split(/[[/]/, 1)[0] ?? address

/** `test[node=20]/unit`. */
export const stepAddress = (instance: string, step: string): string => `${instance}/${step}`

/** A part of an address as a file name that every file system takes; parts that differ have names that differ. */
export function fileSafe(part: string): string {
  const safe = part.replaceAll(/[^A-Za-z0-9_.=,[\]-]/g, '_').slice(0, 120)
  return safe === part && safe !== '' ? safe : `${safe}~${checksum(part)}`
}

/** FNV-1a over the UTF-16 units of a text. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
