import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document, Node } from 'yaml'
import { caps, Unreadable } from './values.js'
import type { Members } from './values.js'
import type { Places } from './places.js'

/** What a walk over the parts of a file needs. */
interface Walk {
  places: Places
  line: (node: unknown) => number
  /** By name, the last one that was met: an alias stands for it. */
  anchors: Map<string, Node>
  parts: number
}

/** Reads YAML 1.2 and notes where its parts stand. Aliases are followed, each use counted; merge keys and custom tags are not read. */
export function parseYaml(text: string, places: Places): unknown {
  const counter = new LineCounter()
  const document = parsed(text, counter)
  const [fault] = [...document.errors, ...document.warnings]
  if (fault) throw unreadable(fault.message, counter.linePos(fault.pos[0]).line)
  const line = (node: unknown): number => {
    const { range } = (node ?? {}) as Partial<Node>
    return range ? counter.linePos(range[0]).line : 1
  }
  return valueOf(document.contents, { places, line, anchors: new Map(), parts: 0 }, 0)
}

/** The parser itself descends by recursion, and says so when it went too deep. */
const unreadable = (message: string, line: number): Unreadable =>
  message.includes('call stack')
    ? new Unreadable(tooDeep, line)
    : new Unreadable(`it is no YAML here: ${firstLine(message)}`, line)

const tooDeep = `it is nested deeper than ${caps.depth} levels`

function parsed(text: string, lineCounter: LineCounter): Document {
  const options = { lineCounter, prettyErrors: false, version: '1.2', merge: false, logLevel: 'error' } as const
  try {
    return parseDocument(text, { ...options, customTags: [] })
  } catch (cause) {
    if (cause instanceof RangeError) throw new Unreadable(tooDeep)
    throw cause
  }
}

function valueOf(node: unknown, walk: Walk, depth: number): unknown {
  if (depth > caps.depth) throw new Unreadable(tooDeep, walk.line(node))
  if (++walk.parts > caps.parts) throw new Unreadable(`it has more than ${caps.parts} parts, aliases counted`)
  if (isAlias(node)) {
    const target = walk.anchors.get(node.source)
    if (!target) throw new Unreadable(`no anchor is called \`${node.source}\``, walk.line(node))
    return valueOf(target, walk, depth + 1)
  }
  if (isNode(node) && node.anchor !== undefined) walk.anchors.set(node.anchor, node)
  if (isScalar(node)) return typeof node.value === 'bigint' ? Number(node.value) : node.value
  if (isSeq(node)) {
    const list: unknown[] = []
    walk.places.begin(list, walk.line(node))
    for (const [i, item] of node.items.entries()) {
      walk.places.part(list, i, walk.line(item))
      list.push(valueOf(item, walk, depth + 1))
    }
    return list
  }
  if (!isMap(node)) return null
  const members = Object.create(null) as Members
  walk.places.begin(members, walk.line(node))
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.source ?? key.value) : ''
    walk.places.part(members, name, walk.line(key))
    members[name] = valueOf(value, walk, depth + 1)
  }
  return members
}

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').replace(/\.$/, '')
