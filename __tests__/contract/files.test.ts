import { afterAll, describe, expect, test } from '@jest/globals'
import { rmSync, symlinkSync } from 'node:fs'
import { OutsideError } from '../../src/base/errors.js'
import { hostFiles } from '../../src/host/files.js'
import type { Files } from '../../src/ports.js'
import { MemoryFiles } from '../support/files.js'

interface Subject {
  files: Files
  link: (path: string, target: string) => void
}
const roots: string[] = []
afterAll(() => roots.forEach((root) => rmSync(root, { recursive: true, force: true })))

const subjects: [string, () => Subject][] = [
  ['in memory', () => memory()],
  ['of the host', () => ({ files: hostFiles(), link: (path, target) => symlinkSync(target, path) })],
]

function memory(): Subject {
  const files = new MemoryFiles()
  return { files, link: (path, target) => files.link(path, target) }
}

const codeOf = (call: () => unknown): string | undefined => {
  try {
    call()
  } catch (error) {
    if (error instanceof OutsideError) return error.code
    throw error
  }
  return undefined
}

describe.each(subjects)('files %s', (_, make) => {
  const begin = (): Subject & { at: (name: string) => string } => {
    const subject = make()
    const root = subject.files.temporary('wf-files-')
    roots.push(root)
    return { ...subject, at: (name) => `${root}/${name}` }
  }

  test('what is written is read, and its folders are made', () => {
    const { files, at } = begin()
    files.write(at('a/b/c.txt'), 'naïve\n')
    expect(files.readText(at('a/b/c.txt'))).toBe('naïve\n')
    expect([...(files.readBytes(at('a/b/c.txt')) ?? [])]).toEqual([...Buffer.from('naïve\n')])
    files.write(at('a/b/c.txt'), Uint8Array.of(0, 255, 0))
    expect([...(files.readBytes(at('a/b/c.txt')) ?? [])]).toEqual([0, 255, 0])
    expect(files.list(at('a/b'))).toEqual([{ name: 'c.txt', kind: 'file' }])
  })

  test('what is missing is undefined, also below a file and with a NUL in its name', () => {
    const { files, at } = begin()
    files.write(at('file'), '')
    for (const name of ['nothing', 'no/folder', 'file/below', 'nul\0']) {
      expect(files.readText(at(name))).toBeUndefined()
      expect(files.readBytes(at(name))).toBeUndefined()
      expect(files.stat(at(name))).toBeUndefined()
      expect(files.real(at(name))).toBeUndefined()
      expect(files.list(at(name))).toEqual([])
      expect(codeOf(() => files.remove(at(name)))).toBeUndefined()
    }
    expect(files.readText(at('file'))).toBe('')
    expect(files.list(at('file'))).toEqual([])
  })

  test('a folder is no text, and is not replaced by a file', () => {
    const { files, at } = begin()
    files.makeFolder(at('folder'))
    files.makeFolder(at('folder'))
    expect(codeOf(() => files.readText(at('folder')))).toBe('EISDIR')
    expect(() => files.readBytes(at('folder'))).toThrow(`it is a folder while reading ${at('folder')}`)
    expect(codeOf(() => files.write(at('folder'), 'text'))).toBe('EISDIR')
    expect(codeOf(() => files.append(at('folder')))).toBe('EISDIR')
    expect(files.list(at('.'))).toEqual([{ name: 'folder', kind: 'directory' }])
  })

  test('a file is no folder', () => {
    const { files, at } = begin()
    files.write(at('file'), 'kept')
    expect(codeOf(() => files.write(at('file/below'), ''))).toBe('ENOTDIR')
    expect(codeOf(() => files.makeFolder(at('file/below')))).toBe('ENOTDIR')
    expect(files.readText(at('file'))).toBe('kept')
  })

  test('names are sorted by their units, whatever the locale', () => {
    const { files, at } = begin()
    for (const name of ['b', 'a', 'B', 'é', '_', '10', '9']) files.write(at(name), name)
    expect(files.list(at('.')).map(({ name }) => name)).toEqual(['10', '9', 'B', '_', 'a', 'b', 'é'])
  })

  test('the mode is the one given, else the one that the file had', () => {
    const { files, at } = begin()
    files.write(at('run.sh'), 'one', 0o755)
    files.write(at('run.sh'), 'two')
    expect(files.stat(at('run.sh'))?.mode).toBe(0o755)
    files.write(at('run.sh'), 'three', 0o600)
    expect(files.stat(at('run.sh'))).toMatchObject({ mode: 0o600, kind: 'file', size: 5 })
  })

  test('a change shows in what stat says, of size or of none', () => {
    const { files, at } = begin()
    files.write(at('a'), 'one')
    const before = files.stat(at('a'))
    files.write(at('a'), 'two')
    const after = files.stat(at('a'))
    expect([after?.inode, after?.changed]).not.toEqual([before?.inode, before?.changed])
  })

  test('links are seen, followed when read, and replaced when written', () => {
    const { files, at, link } = begin()
    files.write(at('folder/target'), 'content')
    link(at('link'), 'folder/target')
    link(at('way'), 'folder')
    link(at('dangling'), 'nowhere')
    expect(files.stat(at('link'))?.kind).toBe('link')
    expect(files.list(at('.')).find(({ name }) => name === 'way')?.kind).toBe('link')
    expect(files.readText(at('way/target'))).toBe('content')
    expect(files.real(at('way/target'))).toBe(at('folder/target'))
    expect(files.real(at('dangling'))).toBeUndefined()
    expect(files.readText(at('dangling'))).toBeUndefined()
    files.write(at('link'), 'new')
    expect(files.stat(at('link'))?.kind).toBe('file')
    expect(files.readText(at('folder/target'))).toBe('content')
    files.remove(at('way'))
    expect(files.readText(at('folder/target'))).toBe('content')
  })

  test('links in a circle are an error', () => {
    const { files, at, link } = begin()
    link(at('a'), 'b')
    link(at('b'), 'a')
    expect(codeOf(() => files.readText(at('a')))).toBe('ELOOP')
    expect(codeOf(() => files.real(at('a')))).toBe('ELOOP')
  })

  test('an appended file only grows, and is read while it is open', () => {
    const { files, at } = begin()
    const first = files.append(at('log/journal.jsonl'))
    first.write('{"n":1}\n')
    expect(files.readText(at('log/journal.jsonl'))).toBe('{"n":1}\n')
    first.write(Buffer.from('{"n":2}\n'))
    first.close()
    first.close()
    expect(() => first.write('late')).toThrow('is closed')
    const second = files.append(at('log/journal.jsonl'))
    second.write('{"n":3}\n')
    second.close()
    expect(files.readText(at('log/journal.jsonl'))).toBe('{"n":1}\n{"n":2}\n{"n":3}\n')
  })

  test('a stream gives every byte in order, and fails for what is no file', async () => {
    const { files, at } = begin()
    const content = Buffer.alloc(1_500_000, 'abcdefg')
    files.write(at('big'), content)
    const chunks: Uint8Array[] = []
    for await (const chunk of files.stream(at('big'))) chunks.push(chunk)
    expect(chunks.length).toBeGreaterThan(1)
    expect(Buffer.concat(chunks).equals(content)).toBe(true)
    const read = async (name: string): Promise<void> => {
      for await (const chunk of files.stream(at(name))) void chunk
    }
    await expect(read('missing')).rejects.toMatchObject({ name: 'OutsideError', code: 'ENOENT' })
    await expect(read('.')).rejects.toMatchObject({ name: 'OutsideError', code: 'EISDIR' })
  })

  test('a removed folder is gone whole', () => {
    const { files, at } = begin()
    files.write(at('a/b/c'), '')
    files.write(at('a/d'), '')
    files.remove(at('a'))
    expect(files.list(at('.'))).toEqual([])
  })

  test('temporary folders are new and empty', () => {
    const { files } = begin()
    const [one, two] = [files.temporary('wf-t-'), files.temporary('wf-t-')]
    roots.push(one, two)
    expect(one).not.toBe(two)
    expect(files.list(one)).toEqual([])
    expect(files.real(one)).toBe(one)
  })
})
