import { fields, type Fields } from './values.js'

/** The object that a line of a row of JSON documents is: undefined for other text, null for an object that is broken or cut. */
export function lineObject(line: string): Fields | undefined | null {
  if (!line.trimStart().startsWith('{')) return undefined
  try {
    return fields(JSON.parse(line)) ?? null
  } catch {
    return null
  }
}

/** Whether one of the first lines is such an object; what stands before it may be other output. */
export const hasLine = (head: string, fits: (value: Fields) => boolean): boolean =>
  head.split('\n', 200).some((line) => {
    const value = lineObject(line)
    return value !== undefined && value !== null && fits(value)
  })
