import type { Document } from '../document.js'
import type { Place } from '../places.js'
import { readVersion } from '../version.js'
import type { Version } from '../version.js'
import { textOf } from '../values.js'

/** The version of an event, and where it is told. */
export interface Told {
  version: Version
  /** In the words of a message: `` `version` ``, `the name of the file`. */
  where: string
  place: Place | undefined
}

const inNames = /(?:^|[/._-])(?:v(\d{1,9}(?:\.\d{1,9}){0,2})|(\d{1,9}\.\d{1,9}\.\d{1,9}))(?=$|[/._#-])/gi

const lastIn = (text: string): Version | undefined => {
  const all = [...text.matchAll(inNames)]
  const [, first, second] = all.at(-1) ?? []
  return readVersion(first ?? second)
}

/** The version of an event: `version`, `x-version`, then `$id` without its host, the file's name, and its folders; the first that tells one. */
export function versionOf({ path, value, places }: Document): Told | undefined {
  for (const key of ['version', 'x-version']) {
    const version = readVersion(value[key])
    if (version) return { version, where: `\`${key}\``, place: places.of(value, key) }
  }
  const key = value['$id'] === undefined ? 'id' : '$id'
  const id = lastIn((textOf(value[key]) ?? '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, ''))
  if (id) return { version: id, where: `\`${key}\``, place: places.of(value, key) }
  const at = path.lastIndexOf('/') + 1
  for (const [part, where] of [
    [path.slice(at), 'the name of the file'],
    [path.slice(0, at), 'the name of the folder'],
  ] as const) {
    const version = lastIn(part)
    if (version) return { version, where, place: undefined }
  }
  return undefined
}
