import { posix } from 'node:path'
import { readDocument } from './document.js'
import type { Document } from './document.js'
import type { Place } from './places.js'
import { isMembers, textOf } from './values.js'
import type { Members } from './values.js'
import { eachPart } from './walk.js'

/** Documents, with those that they refer to. */
export interface Library {
  documents: ReadonlyMap<string, Document>
  /** Files that were wanted and cannot be read. */
  unread: ReadonlyMap<string, { unread: string; line: number }>
  /** The document that a mapping or list is part of. */
  owner: (part: object) => Document | undefined
  /** Files that others refer to. */
  wanted: ReadonlySet<string>
  /** By what `$id`, `$anchor` and `id` call them. */
  named: ReadonlyMap<string, Members>
}

/** Where a reference leads: to a part, to an address outside, which is not fetched, or nowhere. */
export type Target = { part: unknown } | { outside: string } | { missing: string }

const maxFiles = 500
const maxBytes = 64 * 2 ** 20
/** Mappings and lists of all files together, for what each takes of memory. */
const maxParts = 2_000_000

/** Reads documents and all that they refer to, inside the repository only; `text` answers nothing for what is none of its files. */
export async function loadLibrary(
  paths: readonly string[],
  text: (path: string) => Promise<string | undefined>,
  most = maxParts,
): Promise<Library> {
  const documents = new Map<string, Document>()
  const unread = new Map<string, { unread: string; line: number }>()
  const owners = new WeakMap<object, Document>()
  const named = new Map<string, Members>()
  const wanted = new Set(paths)
  const referred = new Set<string>()
  let [bytes, parts] = [0, 0]
  // What is added while it goes on is met too.
  for (const path of wanted) {
    const content = await text(path)
    bytes += content?.length ?? 0
    const read =
      content === undefined
        ? { unread: 'there is no such tracked file, or it is too large', line: 1 }
        : documents.size >= maxFiles || bytes > maxBytes || parts > most
          ? {
              unread: `more than ${maxFiles} files, ${maxBytes / 2 ** 20} MB or ${most} mappings and lists belong together`,
              line: 1,
            }
          : await readDocument(path, content)
    if ('unread' in read) {
      unread.set(path, read)
      continue
    }
    documents.set(path, read)
    const found = index(read, owners, named)
    parts += found.parts
    for (const file of found.files) {
      referred.add(file)
      wanted.add(file)
    }
  }
  return { documents, unread, owner: (part) => owners.get(part), wanted: referred, named }
}

/** Notes whose the parts of a document are; answers how many they are and the files that it refers to. */
function index(
  document: Document,
  owners: WeakMap<object, Document>,
  named: Map<string, Members>,
): { files: Set<string>; parts: number } {
  const files = new Set<string>()
  let parts = 0
  eachPart(document.value, ({ part, isData }) => {
    owners.set(part, document)
    parts++
    if (isData || !isMembers(part)) return
    const [ref, id] = [textOf(part['$ref']), textOf(part['$id']) ?? textOf(part['id'])]
    if (id !== undefined && /^[a-z][a-z0-9+.-]*:/i.test(id)) named.set(id.replace(/#$/, ''), part)
    if (id?.startsWith('#')) named.set(`${document.path}${id}`, part)
    for (const key of ['$anchor', '$dynamicAnchor']) {
      const anchor = textOf(part[key])
      if (anchor !== undefined) named.set(`${document.path}#${anchor}`, part)
    }
    const file = ref === undefined ? undefined : fileOf(ref, document.path)
    if (file !== undefined && 'path' in file && file.path !== document.path) files.add(file.path)
  })
  return { files, parts }
}

/** The file that a reference names; an address of its own is none. */
function fileOf(ref: string, from: string): { path: string } | { outside: string } | { missing: string } {
  const name = ref.split('#', 1)[0] ?? ''
  if (name === '') return { path: from }
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(name)) return { outside: name }
  const path = posix.normalize(posix.join(posix.dirname(from), decoded(name)))
  return path.startsWith('../') || posix.isAbsolute(name)
    ? { missing: 'it leaves the repository' }
    : { path: path.replace(/^\.\//, '') }
}

/** Where a `$ref` that stands in `holder` leads. */
export function follow(library: Library, holder: object, ref: string): Target {
  const own = library.owner(holder)
  if (!own) return { missing: 'nobody knows where it stands' }
  const [, fragment = ''] = /#(.*)$/s.exec(ref) ?? []
  const known = library.named.get(ref.replace(/#$/, '')) ?? library.named.get(ref.split('#', 1)[0] ?? '')
  const file = known ? undefined : fileOf(ref, own.path)
  if (file && !('path' in file)) return file
  const document = file ? library.documents.get(file.path) : undefined
  if (!document && !known) {
    const why = library.unread.get(file?.path ?? '')?.unread ?? 'there is no such file'
    return { missing: `\`${file?.path}\`: ${why}` }
  }
  const root = known ?? document?.value
  if (fragment === '') return { part: root }
  if (!fragment.startsWith('/')) {
    const anchored = library.named.get(`${(document ?? library.owner(known ?? holder))?.path}#${fragment}`)
    return anchored ? { part: anchored } : { missing: `nothing is called \`#${fragment}\` there` }
  }
  return pointed(root, fragment)
}

function pointed(root: unknown, pointer: string): Target {
  let at = root
  for (const step of pointer.slice(1).split('/')) {
    const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key))
      return { missing: `there is no \`${key}\` there` }
    at = (at as Members)[key]
  }
  return { part: at }
}

const maxHops = 1000

/** What a part stands for: references are followed to their end. Nothing where they lead nowhere, outside, or in a circle. */
export function resolved(library: Library, part: unknown): unknown {
  let at = part
  for (let hops = 0; hops < maxHops; hops++) {
    const ref = isMembers(at) ? textOf(at['$ref']) : undefined
    if (ref === undefined) return at
    const target = follow(library, at as Members, ref)
    if (!('part' in target)) return undefined
    at = target.part
  }
  return undefined
}

/** Where a part, or a key or member of it, stands. */
export const placeIn = (library: Library, part: unknown, key?: string | number): Place | undefined =>
  typeof part === 'object' && part !== null ? library.owner(part)?.places.of(part, key) : undefined

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
