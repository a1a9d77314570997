import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redactor } from '../../src/base/redact.js'
import { keep } from '../../src/engine/fixes/keep.js'
import { take } from '../../src/engine/fixes/take.js'
import type { Taken } from '../../src/engine/fixes/take.js'
import { hostPorts } from '../../src/host/index.js'
import { git } from '../support/command.js'
import { Scratch } from '../support/scratch.js'

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-take-')
})
afterAll(() => scratch.remove())

/** What is taken of a repository in which something changes files. */
async function taken(folder: string, change: (folder: string) => void): Promise<Taken> {
  const ports = hostPorts()
  const kept = await keep(ports.git, ports.files, folder, join(scratch.folderWith(undefined), 'aside'))
  change(folder)
  const tools = { ...ports, redactor: new Redactor(() => {}), workflow: '.github/wf.yml' }
  return take(kept, await kept.now(), tools)
}

const lines = ({ files }: Taken) =>
  files.map(({ path, hunks }) => [path, hunks.flatMap(({ removed }) => removed), hunks.flatMap(({ added }) => added)])

describe('what is taken of fixes', () => {
  test('belongs to its file also where a link became one', async () => {
    const folder = await scratch.repositoryWith(undefined, { 'a.txt': 'a\n', 'c.txt': 'c\n', 'd.txt': 'd\n' })
    symlinkSync('a.txt', join(folder, 'b.txt'))
    await git(folder, 'add', '--all')
    await git(folder, 'commit', '--quiet', '--message=chore: a link')
    const found = await taken(folder, (at) => {
      rmSync(join(at, 'b.txt'))
      for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(at, `${name}.txt`), `${name.toUpperCase()}\n`)
    })
    expect(lines(found)).toEqual([
      ['a.txt', ['a'], ['A']],
      ['c.txt', ['c'], ['C']],
      ['d.txt', ['d'], ['D']],
    ])
    expect(found.left).toEqual([
      { path: 'b.txt', reason: 'it is a link or a module in the commit, and a file after the fix' },
    ])
  })

  test.each(['\r', '\u2028', '\u2029'])('belongs to its file whatever stands in it after %j', async (end) => {
    const text = `x${end}diff --git a/b.txt b/b.txt${end}Binary files a and b differ\n`
    const folder = await scratch.repositoryWith(undefined, { 'a.txt': `${text}q\n`, 'b.txt': 'b\n' })
    const found = await taken(folder, (at) => {
      writeFileSync(join(at, 'a.txt'), `${text}Q\n`)
      writeFileSync(join(at, 'b.txt'), 'B\n')
    })
    expect(lines(found)).toEqual([
      ['a.txt', ['q'], ['Q']],
      ['b.txt', ['b'], ['B']],
    ])
  })

  test('is a file in the place of a folder', async () => {
    const folder = await scratch.repositoryWith(undefined, { 'a/b.txt': 'b\n', 'c.txt': 'c\n' })
    const found = await taken(folder, (at) => {
      rmSync(join(at, 'a'), { recursive: true })
      writeFileSync(join(at, 'a'), 'a\n')
    })
    expect(lines(found)).toEqual([
      ['a', [], ['a']],
      ['a/b.txt', ['b'], []],
    ])
  })
})
