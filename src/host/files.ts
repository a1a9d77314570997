import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Appender, Files, FileStat } from '../ports.js'
import { systemCode, systemError } from './system-error.js'

/** Large enough that a big file costs few turns, small enough that memory stays flat. */
const chunkBytes = 512 * 1024

/** The real file system, synchronous because that is fastest for many small files; only `stream` is asynchronous. */
export function hostFiles(): Files {
  return {
    readText: (path) => reading(path, () => fs.readFileSync(path, 'utf8')),
    readBytes: (path) => reading(path, () => fs.readFileSync(path)),
    stream,
    stat: (path) => reading(path, () => statOf(path)),
    real: (path) => reading(path, () => fs.realpathSync.native(path)),
    list: (path) => reading(path, () => entries(path)) ?? [],
    write,
    append,
    move,
    touch: (path, at = Date.now()) => reading(path, () => fs.utimesSync(path, at / 1000, at / 1000)),
    readLink: (path) => reading(path, () => fs.readlinkSync(path)),
    makeLink,
    makeFolder: (path) => attempt('making', path, () => void fs.mkdirSync(path, { recursive: true })),
    temporary: (prefix) =>
      attempt('making', join(tmpdir(), prefix), () => fs.mkdtempSync(join(fs.realpathSync.native(tmpdir()), prefix))),
    remove,
  }
}

/** Runs a system call; its failure becomes an `OutsideError` about this path. */
function attempt<T>(doing: string, path: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw failure(error, doing, path)
  }
}

/** Like `attempt`, and nothing there is `undefined`. */
function reading<T>(path: string, call: () => T): T | undefined {
  try {
    return call()
  } catch (error) {
    if (path.includes('\0') || isMissing(error)) return undefined
    throw failure(error, 'reading', path)
  }
}

function failure(error: unknown, doing: string, path: string): unknown {
  const code = path.includes('\0') ? 'EINVAL' : systemCode(error)
  return code === undefined ? error : systemError(code, doing, path)
}

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')

async function* stream(path: string): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of fs.createReadStream(path, { highWaterMark: chunkBytes })) yield chunk as Uint8Array
  } catch (error) {
    throw failure(error, 'reading', path)
  }
}

function statOf(path: string): FileStat | undefined {
  // To throw costs several times what the question does.
  const stat = fs.lstatSync(path, { throwIfNoEntry: false })
  if (!stat) return undefined
  return {
    kind: kindOf(stat),
    size: stat.size,
    changed: stat.ctimeMs,
    modified: stat.mtimeMs,
    inode: stat.ino,
    mode: stat.mode & 0o7777,
  }
}

function kindOf(entry: fs.Stats | fs.Dirent): FileStat['kind'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'directory'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

/** Sorted by UTF-16 units, so that the order depends on no locale. */
function entries(path: string): { name: string; kind: FileStat['kind'] }[] {
  return fs
    .readdirSync(path, { withFileTypes: true })
    .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A link is replaced and never written through, so that it leads nobody out of the workspace. */
function write(path: string, content: string | Uint8Array, mode?: number): void {
  attempt('writing', path, () => {
    const before = fs.lstatSync(path, { throwIfNoEntry: false })
    const kept = mode ?? (before?.isFile() ? before.mode & 0o7777 : undefined)
    const temporary = join(dirname(path), `.wf-${randomName()}.tmp`)
    const file = openMaking(temporary, 'wx', kept)
    try {
      fill(file, content, kept)
      fs.renameSync(temporary, path)
    } catch (error) {
      fs.rmSync(temporary, { force: true })
      throw error
    }
  })
}

function move(from: string, to: string): void {
  attempt('writing', to, () => {
    try {
      fs.renameSync(from, to)
    } catch (error) {
      const code = systemCode(error)
      if (code !== 'ENOENT' && code !== 'EXDEV') throw error
      fs.mkdirSync(dirname(to), { recursive: true })
      if (code === 'ENOENT') return fs.renameSync(from, to)
      const near = `${to}.${randomName()}`
      fs.copyFileSync(from, near)
      fs.renameSync(near, to)
      fs.rmSync(from)
    }
  })
}

function makeLink(path: string, target: string): void {
  attempt('writing', path, () => {
    const near = join(dirname(path), `.wf-${randomName()}.tmp`)
    fs.mkdirSync(dirname(path), { recursive: true })
    fs.symlinkSync(target, near)
    try {
      fs.renameSync(near, path)
    } catch (error) {
      fs.rmSync(near, { force: true })
      throw error
    }
  })
}

const randomName = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex')

/** Opens a file for writing and makes its folders where they are missing. */
function openMaking(path: string, flags: 'a' | 'wx', mode = 0o666): number {
  try {
    return fs.openSync(path, flags, mode)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    fs.mkdirSync(dirname(path), { recursive: true })
    return fs.openSync(path, flags, mode)
  }
}

function fill(file: number, content: string | Uint8Array, mode: number | undefined): void {
  try {
    writeWhole(file, content)
    // The mode given when it was opened went through the umask.
    if (mode !== undefined) fs.fchmodSync(file, mode)
  } finally {
    fs.closeSync(file)
  }
}

/** The system may take less than it is given. */
function writeWhole(file: number, content: string | Uint8Array): void {
  // A text is mostly taken whole, and then needs no copy.
  const taken = typeof content === 'string' ? fs.writeSync(file, content) : 0
  if (typeof content === 'string' && taken === Buffer.byteLength(content)) return
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  for (let at = taken; at < bytes.length;) at += fs.writeSync(file, bytes, at)
}

function append(path: string): Appender {
  let file: number | undefined = attempt('writing', path, () => openMaking(path, 'a'))
  return {
    write(data) {
      if (file === undefined) throw new Error(`${path} is closed`)
      const open = file
      attempt('writing', path, () => writeWhole(open, data))
    },
    close() {
      const open = file
      file = undefined
      if (open !== undefined) attempt('writing', path, () => fs.closeSync(open))
    },
  }
}

function remove(path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true, maxRetries: 3 })
  } catch (error) {
    if (!path.includes('\0') && !isMissing(error)) throw failure(error, 'removing', path)
  }
}
