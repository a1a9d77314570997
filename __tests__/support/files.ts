import { posix } from 'node:path'
import { systemError } from '../../src/host/system-error.js'
import type { Appender, Files, FileStat } from '../../src/ports.js'

type Content =
  | { kind: 'file'; bytes: Uint8Array }
  | { kind: 'directory'; entries: Map<string, Node> }
  | { kind: 'link'; target: string }
interface Node {
  content: Content
  inode: number
  mode: number
  changed: number
  modified: number
}
export type Operation = 'reading' | 'writing' | 'listing' | 'making' | 'removing'

/**
 * Files in memory with POSIX paths, links and modes. `failing` injects faults: it names the code with which an operation
 * on a path fails, such as `ENOSPC` for every `writing`.
 */
export class MemoryFiles implements Files {
  private inodes = 0
  private changes = 1_700_000_000_000
  private temporaries = 0
  private readonly root = this.node({ kind: 'directory', entries: new Map() }, 0o755)

  constructor(
    files: Readonly<Record<string, string>> = {},
    public failing: (operation: Operation, path: string) => string | undefined = () => undefined,
  ) {
    this.makeFolder('/tmp')
    for (const [path, text] of Object.entries(files)) this.write(path, text)
  }

  /** The text of every file, by path, sorted. */
  all(): Record<string, string> {
    const found: Record<string, string> = {}
    const visit = (path: string): void => {
      for (const { name, kind } of this.list(path)) {
        const child = posix.join(path, name)
        if (kind === 'directory') visit(child)
        else if (kind === 'file') found[child] = this.readText(child) ?? ''
      }
    }
    visit('/')
    return found
  }

  /** Makes a symbolic link; the target need not exist. */
  link(path: string, target: string): void {
    this.folder(posix.dirname(path), 'making').set(posix.basename(path), this.node({ kind: 'link', target }, 0o777))
  }

  readText(path: string): string | undefined {
    const bytes = this.readBytes(path)
    return bytes && Buffer.from(bytes).toString('utf8')
  }

  readBytes(path: string): Uint8Array | undefined {
    this.check('reading', path)
    const content = this.find(path)?.node.content
    if (content?.kind === 'directory') throw systemError('EISDIR', 'reading', path)
    return content?.kind === 'file' ? content.bytes.slice() : undefined
  }

  async *stream(path: string): AsyncIterable<Uint8Array> {
    const bytes = this.readBytes(path)
    if (!bytes) throw systemError('ENOENT', 'reading', path)
    const size = 65_536
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
  }

  stat(path: string): FileStat | undefined {
    this.check('reading', path)
    const node = this.find(path, false)?.node
    if (!node) return undefined
    const { content, changed, modified, inode, mode } = node
    const size = content.kind === 'file' ? content.bytes.length : 0
    return { kind: content.kind, size, changed, modified, inode, mode }
  }

  real(path: string): string | undefined {
    this.check('reading', path)
    return this.find(path)?.path
  }

  list(path: string): { name: string; kind: FileStat['kind'] }[] {
    this.check('listing', path)
    const content = this.find(path)?.node.content
    if (content?.kind !== 'directory') return []
    return [...content.entries]
      .map(([name, node]) => ({ name, kind: node.content.kind }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  write(path: string, content: string | Uint8Array, mode?: number): void {
    const entries = this.folder(posix.dirname(path), 'writing')
    this.check('writing', path)
    const before = entries.get(posix.basename(path))
    if (before?.content.kind === 'directory') throw systemError('EISDIR', 'writing', path)
    const kept = before?.content.kind === 'file' ? before.mode : 0o644
    entries.set(posix.basename(path), this.node({ kind: 'file', bytes: bytesOf(content) }, mode ?? kept))
  }

  append(path: string): Appender {
    const entries = this.folder(posix.dirname(path), 'writing')
    this.check('writing', path)
    const node = this.find(path)?.node ?? this.node({ kind: 'file', bytes: new Uint8Array() }, 0o644)
    const { content } = node
    if (content.kind !== 'file') throw systemError('EISDIR', 'writing', path)
    if (!entries.has(posix.basename(path))) entries.set(posix.basename(path), node)
    let open = true
    return {
      write: (data) => {
        if (!open) throw new Error(`${path} is closed`)
        this.check('writing', path)
        content.bytes = Buffer.concat([content.bytes, bytesOf(data)])
        node.modified = node.changed = this.changes++
      },
      close: () => void (open = false),
    }
  }

  move(from: string, to: string): void {
    const entries = this.folder(posix.dirname(to), 'writing')
    this.check('writing', to)
    const node = this.find(from, false)?.node
    if (!node) throw systemError('ENOENT', 'writing', to)
    this.remove(from)
    entries.set(posix.basename(to), { ...node, changed: this.changes++ })
  }

  touch(path: string, at?: number): void {
    const node = this.find(path)?.node
    if (!node) return
    node.changed = this.changes++
    node.modified = at ?? node.changed
  }

  readLink(path: string): string | undefined {
    const content = this.find(path, false)?.node.content
    return content?.kind === 'link' ? content.target : undefined
  }

  makeLink(path: string, target: string): void {
    this.check('writing', path)
    this.link(path, target)
  }

  makeFolder(path: string): void {
    this.folder(path, 'making')
  }

  temporary(prefix: string): string {
    const path = `/tmp/${prefix}${++this.temporaries}`
    this.makeFolder(path)
    return path
  }

  remove(path: string): void {
    this.check('removing', path)
    const parent = this.find(posix.dirname(path))?.node.content
    if (parent?.kind === 'directory') parent.entries.delete(posix.basename(path))
  }

  private node(content: Content, mode: number): Node {
    const changed = this.changes++
    return { content, mode, inode: ++this.inodes, changed, modified: changed }
  }

  private check(operation: Operation, path: string): void {
    const code = this.failing(operation, path)
    if (code) throw systemError(code, operation, path)
  }

  /** The entries of a folder that is made where it is missing. */
  private folder(path: string, operation: Operation): Map<string, Node> {
    const found = this.find(path)?.node.content
    if (found?.kind === 'directory') return found.entries
    if (found) throw systemError('ENOTDIR', operation, path)
    this.check('making', path)
    const above = this.folder(posix.dirname(path), operation)
    const made = new Map<string, Node>()
    above.set(posix.basename(path), this.node({ kind: 'directory', entries: made }, 0o755))
    return made
  }

  private find(path: string, follow = true, hops = 0): { path: string; node: Node } | undefined {
    if (hops > 40) throw systemError('ELOOP', 'reading', path)
    const parts = posix.normalize(path).split('/').filter(Boolean)
    let node = this.root
    for (const [at, name] of parts.entries()) {
      if (node.content.kind !== 'directory') return undefined
      const next = node.content.entries.get(name)
      if (!next) return undefined
      if (next.content.kind === 'link' && (follow || at < parts.length - 1)) {
        const target = posix.resolve('/', ...parts.slice(0, at), next.content.target, ...parts.slice(at + 1))
        return this.find(target, follow, hops + 1)
      }
      node = next
    }
    return { path: `/${parts.join('/')}`, node }
  }
}

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? Buffer.from(content) : Uint8Array.from(content)
