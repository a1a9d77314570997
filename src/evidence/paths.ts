/**
 * A path of a report with forward slashes, without `file://`, `./` and inner `..`; a leading `..` stays for
 * `placePaths` to judge. Backslashes count as separators: reports are often written on Windows.
 */
export function normalisePath(raw: string): string {
  let path = raw.trim()
  if (/^file:/i.test(path)) path = fromFileUrl(path)
  path = path.replaceAll('\\', '/')
  const root = /^(?:[A-Za-z]:)?\//.exec(path)?.[0] ?? ''
  const kept: string[] = []
  for (const part of path.slice(root.length).split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop()
    else if (part !== '..' || root === '') kept.push(part)
  }
  return root + kept.join('/')
}

/** `file:///C:/a%20b` is `C:/a b`; an escape that decodes to nothing stays as it is. */
function fromFileUrl(url: string): string {
  const path = url.replace(/^file:(?:\/\/(?:localhost(?=\/))?)?/i, '')
  return decodeUri(path).replace(/^\/(?=[A-Za-z]:)/, '')
}

/** Decodes percent escapes; text that is not well escaped is answered unchanged. */
export function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Whether a normalised path starts at a root, of Windows too. */
export const isAbsolutePath = (path: string): boolean => /^(?:[A-Za-z]:)?\//.test(path)

/** Joins a folder and a path of a report; an absolute path stays what it is, an empty folder is none. */
export function joinPath(folder: string, path: string): string {
  const plain = normalisePath(path)
  return folder === '' || isAbsolutePath(plain) ? plain : normalisePath(`${folder}/${plain}`)
}
