import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { collectChange, collectRenames } from '../../src/evidence/collectors/change.js'
import { hostFiles } from '../../src/host/files.js'
import { hostGit } from '../../src/host/git.js'
import { git } from '../support/command.js'
import { Scratch } from '../support/scratch.js'

jest.setTimeout(60_000)

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-change-')
})
afterAll(() => scratch.remove())

const ports = { git: hostGit(), files: hostFiles() }
const changeIn = async (folder: string, untracked = true): Promise<unknown> => {
  const change = await collectChange('HEAD', { ...ports, folder, untracked })
  return change.ok ? Object.fromEntries(change.files.map(({ path, lines }) => [path, lines])) : change.reason
}
const ten = Array.from({ length: 10 }, (_, i) => `line ${i + 1}\n`)
const lines = ten.join('')

describe('the lines of a change', () => {
  test('are those that are committed, staged, changed and new, by their numbers now', async () => {
    const folder = await scratch.repositoryWith(undefined, {
      'a.js': lines,
      'b.js': lines,
      'c.js': lines,
      'd.js': lines,
    })
    const start = (await git(folder, 'rev-parse', 'HEAD')).trim()
    writeFileSync(join(folder, 'a.js'), [...ten.slice(0, 2), 'new\n', 'new\n', ...ten.slice(2)].join(''))
    await git(folder, 'commit', '--quiet', '--all', '--message=feat: a')
    writeFileSync(join(folder, 'b.js'), ['changed\n', ...ten.slice(1)].join(''))
    await git(folder, 'add', 'b.js')
    appendFileSync(join(folder, 'b.js'), 'last\n')
    writeFileSync(join(folder, 'c.js'), ten.slice(5).join(''))
    rmSync(join(folder, 'd.js'))
    writeFileSync(join(folder, 'e.js'), 'one\ntwo\nthree')
    const change = await collectChange(start, { ...ports, folder, untracked: true })
    expect(change).toEqual({
      ok: true,
      files: [
        { path: 'a.js', lines: [3, 4] },
        { path: 'b.js', lines: [1, 11] },
        { path: 'e.js', lines: [1, 2, 3] },
      ],
    })
    expect(await changeIn(folder, false)).toEqual({ 'b.js': [1, 11] })
  })

  test('of a renamed file are only those that differ', async () => {
    const folder = await scratch.repositoryWith(undefined, { 'old name.js': lines })
    mkdirSync(join(folder, 'lib'))
    await git(folder, 'mv', 'old name.js', 'lib/naïve "name".js')
    writeFileSync(join(folder, 'lib/naïve "name".js'), [...ten.slice(0, 9), 'other\n'].join(''))
    expect(await changeIn(folder)).toEqual({ 'lib/naïve "name".js': [10] })
    expect([...(await collectRenames('HEAD', { git: ports.git, folder }))]).toEqual([
      ['lib/naïve "name".js', 'old name.js'],
    ])
  })

  test('do not hold what git ignores, what is no text, and what is no file', async () => {
    const folder = await scratch.repositoryWith(undefined, { '.gitignore': 'dist/\n', 'a.bin': 'a\0b' })
    mkdirSync(join(folder, 'dist'))
    writeFileSync(join(folder, 'dist/a.js'), lines)
    writeFileSync(join(folder, 'a.bin'), 'c\0d\n')
    writeFileSync(join(folder, 'b.bin'), 'c\0d\n')
    writeFileSync(join(folder, 'empty.js'), '')
    symlinkSync('/etc/passwd', join(folder, 'link'))
    expect(await changeIn(folder)).toEqual({})
  })

  test('are told from the folder of the run, and only of what lies in it', async () => {
    const folder = await scratch.repositoryWith(undefined, { 'app/a.js': lines, 'b.js': lines })
    for (const path of ['app/a.js', 'b.js']) appendFileSync(join(folder, path), 'new\n')
    for (const path of ['app/n.js', 'm.js']) writeFileSync(join(folder, path), 'new\n')
    expect(await changeIn(join(folder, 'app'))).toEqual({ 'a.js': [11], 'n.js': [1] })
  })

  test('are the same whatever is set for diffs', async () => {
    const folder = await scratch.repositoryWith(undefined, {
      'a.js': lines,
      'b.js': lines,
      '.gitattributes': '*.js diff=own\n',
    })
    const settings = {
      'diff.noprefix': 'true',
      'diff.mnemonicPrefix': 'true',
      'diff.external': 'false',
      'diff.renames': 'false',
      'diff.interHunkContext': '9',
      'diff.context': '9',
      'diff.own.textconv': 'false',
      'color.ui': 'always',
      'core.quotePath': 'true',
    }
    for (const [key, value] of Object.entries(settings)) await git(folder, 'config', key, value)
    writeFileSync(join(folder, 'a.js'), ['x\n', ...ten.slice(1, 3), 'y\n', ...ten.slice(4)].join(''))
    renameSync(join(folder, 'b.js'), join(folder, 'ü.js'))
    await git(folder, 'add', '--all')
    expect(await changeIn(folder)).toEqual({ 'a.js': [1, 4] })
  })

  test('that begin like the headers of a diff are lines', async () => {
    const folder = await scratch.repositoryWith(undefined, { 'a.js': lines })
    writeFileSync(join(folder, 'a.js'), `${lines}++ b/evil.js\n@@ -1 +1,99 @@\ndiff --git a/x b/x\n`)
    expect(await changeIn(folder)).toEqual({ 'a.js': [11, 12, 13] })
  })

  test('that are too many are not told, and it says why', async () => {
    const folder = await scratch.repositoryWith(undefined, { 'a.js': lines })
    writeFileSync(join(folder, 'data.json'), 'x'.repeat(51 * 2 ** 20))
    expect(await changeIn(folder)).toMatch(/more than 50 MB of new files.*\.gitignore/)
    await git(folder, 'add', '--all')
    expect(await changeIn(folder)).toBe('git cannot tell what the change adds: git printed more than 50 MB')
  })

  test('cannot be told against a commit that is not here', async () => {
    const folder = await scratch.repositoryWith(undefined, { 'a.js': lines })
    const change = await collectChange('f'.repeat(40), { ...ports, folder, untracked: true })
    expect(change).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^git cannot tell what the change adds: fatal: bad object/),
    })
  })
})
