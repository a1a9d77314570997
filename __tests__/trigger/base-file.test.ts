import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { hostGit } from '../../src/host/git.js'
import { fileAt } from '../../src/trigger/base-file.js'
import { git } from '../support/command.js'
import { Scratch } from '../support/scratch.js'

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-base-file-')
})
afterAll(() => scratch.remove())

test('a file behind folders that are links is found, wherever they lead in the commit', async () => {
  const folder = await scratch.repositoryWith(undefined, { 'conf/ci/wf.yml': 'name: base\n' })
  symlinkSync('conf', join(folder, '.config'))
  symlinkSync('.config/ci', join(folder, '.github'))
  symlinkSync('/etc', join(folder, 'out'))
  symlinkSync('loop', join(folder, 'loop'))
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--message=chore: links')
  const at = async (path: string) => fileAt('HEAD', path, { git: hostGit(), folder }, undefined)
  const found = await at('.github/wf.yml')
  expect(found.ok && (await found.value?.text())).toEqual({ ok: true, value: 'name: base\n' })
  for (const path of ['out/passwd', 'loop/wf.yml', '.github/other.yml', 'none/wf.yml'])
    expect(await at(path)).toEqual({ ok: true, value: null })
})
