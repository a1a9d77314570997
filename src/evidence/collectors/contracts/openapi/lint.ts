import { truncate } from '../../../../base/text.js'
import type { Remark } from '../../../build-findings.js'
import type { Document } from '../document.js'
import { placeIn, resolved } from '../library.js'
import type { Library } from '../library.js'
import { remark } from '../remark.js'
import { isMembers, membersOf, textOf } from '../values.js'
import { readVersion } from '../version.js'
import { namesIn, templateOf } from './api.js'
import type { Operation } from './api.js'

/** A document with what it says. */
export interface Read {
  library: Library
  document: Document
  operations: readonly Operation[]
}

/** What is wrong with a document beyond its structure. */
export function lintRemarks(read: Read, security: 'required' | 'optional'): Remark[] {
  const all = [
    ...versionRemarks(read),
    ...twinRemarks(read),
    ...idRemarks(read),
    ...read.operations.flatMap((one) => [
      ...parameterRemarks(read, one),
      ...securityRemarks(read, one, security),
      ...documentedRemarks(read, one),
    ]),
  ]
  // What the document says for all operations is told once.
  return [...new Map(all.map((one) => [`${one.file}:${one.line}:${one.message}`, one])).values()]
}

/** A name of a stranger as a message tells it. */
const short = (name = ''): string => truncate(name, 200)

const at = ({ library, document }: Read, holder: unknown, key?: string): Parameters<typeof remark>[2] =>
  placeIn(library, holder, key) ?? document.places.of(document.value)

function versionRemarks(read: Read): Remark[] {
  const { document } = read
  const info = membersOf(document.value['info'])
  const version = textOf(info['version'])
  if (version === undefined || readVersion(version)?.isSemantic) return []
  const message = `\`info.version\` is \`${version.slice(0, 50)}\`, which is no semantic version: write one such as \`1.4.0\``
  return [remark(['version', 'warning'], message, at(read, info, 'version'), document.path)]
}

/** Paths that differ in the names of their parameters only: no server can tell them apart. */
function twinRemarks(read: Read): Remark[] {
  const paths = membersOf(read.document.value['paths'])
  const seen = new Map<string, string>()
  return Object.keys(paths).flatMap((path) => {
    const first = seen.get(templateOf(path))
    if (first === undefined) seen.set(templateOf(path), path)
    const message = `\`${short(path)}\` is the same path as \`${short(first)}\`: put their operations under one`
    return first === undefined
      ? []
      : [remark(['same-path', 'error'], message, at(read, paths, path), read.document.path)]
  })
}

function idRemarks(read: Read): Remark[] {
  const seen = new Map<string, string>()
  return read.operations.flatMap(({ node, name }) => {
    const id = textOf(node['operationId'])
    const first = id === undefined ? undefined : seen.get(id)
    if (id !== undefined && first === undefined) seen.set(id, name)
    const message = `\`${name}\`: the operationId \`${short(id)}\` is that of \`${first}\` too: give it one of its own`
    return first === undefined
      ? []
      : [remark(['operation-id', 'error'], message, at(read, node, 'operationId'), read.document.path)]
  })
}

function parameterRemarks(read: Read, { name, path, node, item, method, parameters }: Operation): Remark[] {
  const wanted = namesIn(path)
  const declared = parameters.filter((one) => one.in === 'path')
  const names = { inPath: new Set(wanted), declared: new Set(declared.map((one) => one.name)) }
  const file = read.document.path
  // A parameter whose reference leads nowhere is told as that.
  const isWhole = [item, node].every((one) =>
    (Array.isArray(one['parameters']) ? one['parameters'] : []).every((each) =>
      isMembers(resolved(read.library, each)),
    ),
  )
  const missing = isWhole ? wanted.filter((one) => !names.declared.has(one)) : []
  const idle = declared.filter((one) => !names.inPath.has(one.name))
  return [
    ...missing.map((one) =>
      remark(
        ['path-parameter', 'error'],
        `\`${name}\`: the path has \`{${short(one)}}\`, and no parameter with \`in: path\` is called so: declare it`,
        at(read, item, method),
        file,
      ),
    ),
    ...idle.map((one) =>
      remark(
        ['path-parameter', 'error'],
        `\`${name}\`: the parameter \`${short(one.name)}\` is \`in: path\`, and the path has no \`{${short(one.name)}}\`: take it out, or name it in the path`,
        at(read, one.node, 'name'),
        file,
      ),
    ),
  ]
}

function securityRemarks(
  read: Read,
  { name, node, item, method, security }: Operation,
  rule: 'required' | 'optional',
): Remark[] {
  const { document, library } = read
  const root = document.value
  const schemes =
    root['swagger'] === undefined ? membersOf(root['components'])['securitySchemes'] : root['securityDefinitions']
  const known = membersOf(resolved(library, schemes))
  const own = node['security'] !== undefined
  const place = own ? at(read, node, 'security') : at(read, root, 'security')
  const undefinedOnes = new Set(
    (security ?? []).flatMap((one) => [...one.keys()]).filter((one) => !Object.hasOwn(known, one) && !/[/#]/.test(one)),
  )
  const found = [...undefinedOnes].map((one) =>
    remark(
      ['security-scheme', 'error'],
      `${own ? `\`${name}\`` : 'the document'}: no security scheme is called \`${short(one)}\`: define it, or mend the name`,
      place,
      document.path,
    ),
  )
  if (rule === 'optional') return found
  if (security === undefined)
    return [
      remark(
        ['security', 'error'],
        `\`${name}\` does not say who may call it: add \`security\`, or \`security: []\` where everybody may`,
        at(read, item, method),
        document.path,
      ),
    ]
  const isOpen = security.length === 0 || security.some((one) => one.size === 0)
  const open = `\`${name}\` may be called by everybody, as its \`security\` says`
  return isOpen ? [...found, remark(['anonymous', 'note'], open, place, document.path)] : found
}

function documentedRemarks(read: Read, { name, node, item, method }: Operation): Remark[] {
  const isSaid = ['summary', 'description'].some((key) => (textOf(node[key]) ?? '').trim() !== '')
  const message = `\`${name}\` has neither \`summary\` nor \`description\`: say in a sentence what it does`
  return isSaid ? [] : [remark(['documented', 'warning'], message, at(read, item, method), read.document.path)]
}
