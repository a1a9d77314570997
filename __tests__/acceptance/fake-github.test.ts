import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { endOf, Scratch } from '../support/scratch.js'

/** The folder of the built action; WF_ACTION names another build of it. */
const action = resolve(process.env['WF_ACTION'] ?? '.')

let scratch: Scratch
beforeEach(() => {
  scratch = new Scratch('wf-by-hand-')
})
afterEach(() => scratch.remove())

const page = readFileSync('docs/fake-github.md', 'utf8')
const [, block = ''] = /```sh\n([^]*?)```/.exec(page) ?? []

const workflow = `version: 1
name: tiny
on: { pull_request: check }
stages:
  check: { steps: [{ run: exit 0 }] }
`

describe('the shell block of docs/fake-github.md', () => {
  test('runs the action against a fake, which has its check and its comment', async () => {
    const folder = await scratch.repositoryWith(undefined, { '.github/wf.yml': workflow })
    const script = block.replace('wf=/path/to/wf-action', `wf='${action}'`).replace(/\ngrep /, '\ncode=$?\ngrep ')
    expect(script).not.toContain('/path/to')
    const end = 'echo "code $code"\nkill $fake\nwait $fake\necho "fake $?"\ncat "$at/requests.jsonl"\n'
    const child = spawn('/bin/sh', ['-c', script + end], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: scratch.root, TMPDIR: scratch.root },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    })
    const { stdout, stderr } = await endOf(child)
    expect(stdout).toContain('code 0\n')
    expect(stderr).toContain('no mistake\n')
    expect(stdout).toContain('fake 0\n')
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/org\/repo\/runs\/\d+$/m)
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/org\/repo\/pull\/1#issuecomment-\d+$/m)
    const wrote = stdout.split('\n').filter((line) => /"method":"(?:POST|PATCH)"/.test(line))
    expect(wrote.map((line) => (JSON.parse(line) as { route: string }).route)).toEqual(
      expect.arrayContaining(['checks/create', 'issues/create-comment']),
    )
  }, 60_000)
})
