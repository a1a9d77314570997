/**
 * The name of anything in a run: `test`, `test[node=20]`, `test[node=20]/unit`, `test[node=20]/unit#2`.
 * Ids hold only letters, digits, `_` and `-`, so that an address is readable and unambiguous.
 */
export const idPattern = '^[A-Za-z_][A-Za-z0-9_-]*$'

/** `test[node=20,os=linux]`, or `test` without a matrix. */
export function instanceAddress(stage: string, matrix: Readonly<Record<string, unknown>>): string {
  const cells = Object.entries(matrix).map(([k, v]) => `${k}=${typeof v === 'string' ? v : JSON.stringify(v)}`)
  return cells.length ? `${stage}[${cells.join(',')}]` : stage
}

/** `test[node=20]/unit`. */
export const stepAddress = (instance: string, step: string): string => `${instance}/${step}`

/** `test[node=20]/unit#2`: the second attempt. */
export const attemptAddress = (step: string, attempt: number): string => `${step}#${attempt}`

/** A part of an address as a file name that every file system takes. */
export const fileSafe = (part: string): string => part.replaceAll(/[^A-Za-z0-9_.=,[\]-]/g, '_').slice(0, 120) || '_'
