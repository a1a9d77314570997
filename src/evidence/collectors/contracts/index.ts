import picomatch from 'picomatch'
import type { Git } from '../../../ports.js'
import type { ContractRules } from '../../../workflow/contracts.js'
import { collectedFindings } from '../../build-findings.js'
import type { Remark } from '../../build-findings.js'
import type { FindingsEvidence } from '../../evidence.js'
import { readBase } from './base-files.js'
import type { Base } from './base-files.js'
import type { Document } from './document.js'
import { eventChange, eventRemarks } from './events/event.js'
import { loadLibrary } from './library.js'
import type { Library } from './library.js'
import { changeRemarks, documentRemarks, isOpenApi, readApi } from './openapi/document.js'
import { partRemarks } from './references.js'
import { remark } from './remark.js'
import { caps, Unreadable } from './values.js'

/** What is asked for contracts. */
export interface ContractSurroundings {
  git: Git
  folder: string
  /** The commit that the change starts from, or why it is not known; null where there is no change. */
  base: () => Promise<{ sha: string } | { missing: string } | null>
  /** The paths that git tracks; nothing outside of a repository. */
  tracked: () => Promise<ReadonlySet<string> | undefined>
  /** The text of a file of the workspace up to a size; nothing where there is none. */
  text: (path: string, maxBytes: number) => string | undefined
  /** The time, in milliseconds since the epoch. */
  now: number
}

/** A kind of contract: which files, what is wrong with one, and what its change means. */
interface Kind {
  name: 'openapi' | 'events'
  what: string
  files: readonly string[]
  /** Changes are judged. */
  isCompared: boolean
  /** The severity of a contract that is gone. */
  gone: Remark['severity']
  alone: (library: Library, document: Document) => Promise<Remark[]>
  change: (before: Whole, after: Whole) => Remark[]
}
interface Whole {
  library: Library
  document: Document
}

/** What contracts say by themselves and against those of the base. What cannot be read is an error, never good. */
export async function collectContracts(rules: ContractRules, from: ContractSurroundings): Promise<FindingsEvidence> {
  const builder = collectedFindings('contracts')
  for (const kind of kindsOf(rules, from)) for (const one of await remarksOf(kind, from)) builder.add(one)
  return builder.finish()
}

function kindsOf({ openapi, events }: ContractRules, { now }: ContractSurroundings): Kind[] {
  return [
    ...(openapi
      ? [
          {
            name: 'openapi' as const,
            what: 'OpenAPI document',
            files: openapi.files,
            isCompared: openapi.breaking !== 'allow',
            gone: openapi.breaking === 'warn' ? ('warning' as const) : ('error' as const),
            alone: async (library: Library, document: Document) =>
              isOpenApi(document) ? documentRemarks(readApi(library, document), openapi) : [],
            change: (before: Whole, after: Whole) =>
              changeRemarks(
                readApi(before.library, before.document),
                readApi(after.library, after.document),
                openapi,
                now,
              ),
          },
        ]
      : []),
    ...(events
      ? [
          {
            name: 'events' as const,
            what: 'schema of an event',
            files: events.files,
            isCompared: events.compatibility !== 'none',
            gone: 'error' as const,
            alone: async (library: Library, document: Document) => eventRemarks({ library, document }),
            change: (before: Whole, after: Whole) => eventChange(before, after, events),
          },
        ]
      : []),
  ]
}

const unread = (message: string): Remark => ({ rule: 'unread', severity: 'error', tool: 'wf', message })

async function remarksOf(kind: Kind, from: ContractSurroundings): Promise<Remark[]> {
  const tracked = await from.tracked()
  if (!tracked) return [unread('there is no repository, so no contract can be found')]
  const isWanted = picomatch([...kind.files], { dot: true })
  const paths = [...tracked].filter((path) => isWanted(path)).sort()
  const library = await loadLibrary(paths, async (path) =>
    tracked.has(path) ? from.text(path, caps.jsonBytes) : undefined,
  )
  const globs = kind.files.map((one) => `\`${one}\``).join(', ')
  const none = `no tracked file fits ${globs}: mend \`gates.contracts.${kind.name}\`, or add the ${kind.what}`
  const found: Remark[] = paths.length === 0 ? [unread(none)] : []
  for (const path of paths) {
    const broken = library.unread.get(path)
    if (broken)
      found.push(
        remark(
          ['unread', 'error'],
          `the ${kind.what} cannot be read: ${broken.unread}`,
          { file: path, line: broken.line },
          path,
        ),
      )
  }
  for (const [path, document] of library.documents) {
    const isPart = !paths.includes(path) || (kind.name === 'openapi' && !isOpenApi(document))
    const told = isPart
      ? partOf(document, library, paths)
      : await bounded(path, async () => kind.alone(library, document))
    for (const one of told) found.push(one)
  }
  return kind.isCompared ? [...found, ...(await changesOf(kind, paths, library, from))] : found
}

/** A file that a document refers to; one that is named, refers to nothing and is no document is a mistake. */
function partOf(document: Document, library: Library, paths: readonly string[]): Remark[] {
  const remarks = partRemarks(library, document)
  if (!paths.includes(document.path) || library.wanted.has(document.path)) return remarks
  const message =
    'it is no OpenAPI document, since it has neither `openapi` nor `swagger`, and none refers to it: name documents only'
  return [...remarks, remark(['unread', 'error'], message, document.places.of(document.value), document.path)]
}

async function changesOf(
  kind: Kind,
  paths: readonly string[],
  library: Library,
  { base: find, git, folder }: ContractSurroundings,
): Promise<Remark[]> {
  const start = await find()
  if (start === null) return []
  const untold = (why: string): Remark[] => [
    { rule: 'history', severity: 'error', tool: 'wf', message: `what the change breaks is not known: ${why}` },
  ]
  if ('missing' in start) return untold(start.missing)
  const base = await readBase({ git, folder, base: start.sha }, kind.files, paths)
  if ('missing' in base) return untold(base.missing)
  const found = goneRemarks(kind, base)
  for (const path of paths)
    for (const one of await bounded(path, async () => changed(kind, { path, library }, base))) found.push(one)
  return found
}

/** What is told of a document; one that names too much to be looked through is an error. */
async function bounded(path: string, tell: () => Promise<Remark[]>): Promise<Remark[]> {
  try {
    return await tell()
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause
    return [remark(['too-large', 'error'], `it is too much to be judged: ${cause.reason}`, undefined, path)]
  }
}

function changed(kind: Kind, { path, library }: { path: string; library: Library }, base: Base): Remark[] {
  const document = library.documents.get(path)
  const name = base.before(path)
  if (!document || name === undefined) return []
  const before = base.library.documents.get(name)
  if (kind.name === 'openapi' && !isOpenApi(document))
    return before && isOpenApi(before) ? [goneRemark(kind, name)] : []
  if (before) return kind.change({ library: base.library, document: before }, { library, document })
  const why = base.library.unread.get(name)?.unread ?? ''
  const message = `what the change breaks cannot be told, since the file of the base cannot be read: ${why}`
  return [remark(['cannot-tell', 'warning'], message, undefined, path)]
}

/** Contracts of the base that are no more; parts of others go with them. */
const goneRemarks = (kind: Kind, base: Base): Remark[] =>
  base.gone.flatMap((path) => {
    const document = base.library.documents.get(path)
    if (kind.name === 'openapi' && (!document || !isOpenApi(document))) return []
    return [goneRemark(kind, path)]
  })

const goneRemark = ({ what, gone }: Kind, path: string): Remark => ({
  rule: 'removed',
  severity: gone,
  tool: 'wf',
  message: `the ${what} \`${path}\` is removed, and whoever relies on it is left alone: keep it, or waive this with a reason`,
})
