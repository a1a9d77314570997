import { codeSpan, link } from './markdown.js'
import { placeText } from './words.js'

/** A path inside the repository with forward slashes; nothing for one that is absolute, leads out of the root or is no path. */
export function repositoryPath(path: string): string | undefined {
  const normal = path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '')
  if (normal === '' || normal.startsWith('/') || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(normal)) return undefined
  return normal.split('/').some((segment) => segment === '..' || segment === '') ? undefined : normal
}

/** A path inside the repository as a relative URI. */
export function repositoryUri(path: string): string | undefined {
  const segments = repositoryPath(path)?.split('/')
  return segments?.map((segment) => encodeURIComponent(segment.replaceAll(/\p{Surrogate}/gu, '\uFFFD'))).join('/')
}

/** Where more is to be seen. Addresses that are not https are not linked. */
export interface Links {
  /** The page of the run. */
  run?: string
  /** The folder of the judged commit's files, without a slash at its end: `https://…/blob/<commit>`. */
  files?: string
}

/** Something in a file, with its line and column as far as they are known. */
export interface Place {
  file?: string
  line?: number
  column?: number
  end_line?: number
}

/** A place as a code span, linked to its line where files are to be seen; `said` stands there instead of the place. */
export function placeSpan(place: Place, { files }: Links, said = placeText(place)): string {
  if (said === '') return ''
  const span = codeSpan(said, 300)
  const path = files === undefined || place.file === undefined ? undefined : repositoryUri(place.file)
  if (path === undefined) return span
  const { line: from, end_line: to } = place
  const line = from === undefined ? '' : `#L${from}${to !== undefined && to > from ? `-L${to}` : ''}`
  const address = `${files}/${path.replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)}${line}`
  return link(span, address) || span
}
