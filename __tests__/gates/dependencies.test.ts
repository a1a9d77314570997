import { describe, expect, test } from '@jest/globals'
import { walk } from '../support/walk.js'
import type { Walk } from '../support/walk.js'

const base = 'b'.repeat(40)
const head = 'a'.repeat(40)
const event: NonNullable<Walk['event']> = {
  name: 'pull_request',
  payload: {
    number: 7,
    pull_request: {
      number: 7,
      title: 'feat: x',
      head: { sha: head, ref: 'x', repo: { full_name: 'org/repo' } },
      base: { sha: base, ref: 'main' },
    },
    repository: { full_name: 'org/repo', default_branch: 'main' },
  },
}

const lockOf = (packages: Record<string, string>, root: Record<string, string> = {}): string =>
  JSON.stringify(
    {
      lockfileVersion: 3,
      packages: {
        '': { dependencies: root },
        ...Object.fromEntries(
          Object.entries(packages).map(([name, license]) => [`node_modules/${name}`, { version: '1.0.0', license }]),
        ),
      },
    },
    null,
    2,
  )

/** A stage with this gate over a pull request with these files; `before` is the lock file of the base. */
async function judged(gate: string, files: Record<string, string>, before?: string, top = '') {
  const done = await walk(
    `version: 1\nname: w\non: { pull_request: s }\n${top}stages:\n  s: { steps: [{ run: x }], gates: { dependencies: ${gate} } }\n`,
    {
      files,
      tracked: ['.github/wf.yml', ...Object.keys(files).filter((name) => !name.startsWith('node_modules/'))],
      event,
      with: ({ git }) => {
        git.on(/^log|^diff/, { stdout: '' })
        if (before === undefined) return
        git
          .on(/^ls-tree -r -z --name-only/, { stdout: 'package-lock.json\0src/a.js\0' })
          .on(/^cat-file blob \w+:\.\/package-lock\.json/, { stdout: before })
      },
    },
  )
  const [verdict] = done.outcome.verdicts.filter((one) => one.gate === 'dependencies')
  const found = done.outcome.evidence.flatMap(({ evidence }) =>
    evidence.flatMap((one) => (one.kind === 'findings' ? one.findings : [])),
  )
  return {
    status: verdict?.status,
    said: found.map(({ file, line, severity, rule, message }) => `${file}:${line} ${severity} ${rule}: ${message}`),
  }
}

describe('the gate of dependencies', () => {
  test('passes where lock file and manifest agree and nothing else is asked', async () => {
    const files = {
      'package.json': '{ "dependencies": { "a": "^1" } }',
      'package-lock.json': lockOf({ a: 'GPL-3.0-only' }, { a: '^1' }),
    }
    expect(await judged('{}', files)).toEqual({ status: 'pass', said: [] })
  })

  test('names what the manifest wants and the lock file has not, unless it is not asked', async () => {
    const files = {
      'package.json': '{\n  "dependencies": {\n    "a": "^2",\n    "b": "1"\n  }\n}',
      'package-lock.json': lockOf({ a: 'MIT', c: 'MIT' }, { a: '^1', c: '1' }),
    }
    const { status, said } = await judged('{ errors: 2 }', files)
    expect(status).toBe('fail')
    const mend = '; run `npm install --package-lock-only` and commit what it writes'
    expect(said).toEqual([
      `package.json:3 error lock-file: \`a\` is wanted as \`^2\`, and \`package-lock.json\` was written for \`^1\`${mend}`,
      `package.json:4 error lock-file: \`b\` is wanted as \`1\`, and \`package-lock.json\` has no such dependency${mend}`,
      `package-lock.json:4 error lock-file: it has \`c\`, which \`package.json\` does not want${mend}`,
    ])
    expect(await judged('{ lock-files: false }', files)).toEqual({ status: 'pass', said: [] })
  })

  test('lets pass only what a licence that is allowed covers', async () => {
    const packages = { a: 'MIT OR GPL-3.0-only', b: 'MIT AND GPL-3.0-only', c: 'SEE LICENSE IN x' }
    const { status, said } = await judged('{ licences: { allow: [MIT] } }', { 'package-lock.json': lockOf(packages) })
    expect(status).toBe('fail')
    expect(said).toEqual([
      'package-lock.json:11 error licence: `b@1.0.0`: its licence `MIT AND GPL-3.0-only` is not among those that are allowed: use another package, or add it to `licences.allow`',
      'package-lock.json:15 error licence: `c@1.0.0`: its licence `SEE LICENSE IN x`, which is no SPDX expression, is not among those that are allowed: use another package, or add it to `licences.allow`',
    ])
  })

  test('lets nothing pass that can be used only under a licence that is denied', async () => {
    const { status, said } = await judged('{ licences: { deny: ["AGPL-*"] } }', {
      'package-lock.json': lockOf({ a: 'AGPL-3.0-or-later', b: 'MIT OR AGPL-3.0-only' }),
    })
    expect(status).toBe('fail')
    expect(said).toEqual([
      'package-lock.json:7 error licence: `a@1.0.0`: its licence `AGPL-3.0-or-later` is denied: use another package',
    ])
  })

  test('a licence that is not known is read where the package is installed, else said, and an error where a list is allowed', async () => {
    const lock = 'a@^1:\n  version "1.0.0"\n\nb@^1:\n  version "1.0.0"\n'
    const files = {
      'yarn.lock': lock,
      'node_modules/a/package.json': '{ "version": "1.0.0", "license": "MIT" }',
      'node_modules/b/package.json': '{ "version": "2.0.0", "license": "MIT" }',
    }
    const denied = await judged('{ licences: { deny: [X] } }', files)
    expect(denied.status).toBe('pass')
    expect(denied.said).toEqual([
      expect.stringMatching(
        /^yarn\.lock:4 note licence-unknown: the licences of 1 package are not known \(`b@1\.0\.0`\)/,
      ),
    ])
    expect((await judged('{ licences: { allow: [MIT] } }', files)).status).toBe('fail')
  })

  test('names packages that are denied', async () => {
    const { status, said } = await judged('{ deny: ["npm:left-*"] }', {
      'package-lock.json': lockOf({ a: 'MIT', 'left-pad': 'MIT' }),
      'requirements.txt': 'left-pad==1\n',
    })
    expect(status).toBe('fail')
    expect(said).toEqual([
      'package-lock.json:11 error denied-package: `left-pad@1.0.0` is denied: use another package, or none',
    ])
  })

  test('warns of what the change brings, and fails when no warning is allowed', async () => {
    const files = { 'package-lock.json': lockOf({ a: 'MIT', b: 'ISC' }) }
    const { status, said } = await judged('{ new: review }', files, lockOf({ a: 'MIT' }))
    expect(status).toBe('pass')
    expect(said).toEqual([
      'package-lock.json:11 warning new-dependency: the change brings `b@1.0.0`, licence `ISC`: review it',
    ])
    expect((await judged('{ new: review, warnings: 0 }', files, lockOf({ a: 'MIT' }))).status).toBe('fail')
    expect((await judged('{ new: allow }', files, lockOf({ a: 'MIT' }))).said).toEqual([])
  })

  test('what cannot be read is an error', async () => {
    const { status, said } = await judged('{}', { 'package-lock.json': '{ "lockfileVersion": 1 }' })
    expect(status).toBe('fail')
    expect(said.join()).toContain('version 1 is not read')
  })

  test('what a waiver accepts does not count', async () => {
    const top =
      'waivers:\n  - { rule: licence, path: package-lock.json, until: 2999-01-01, reason: we talk to them, owner: x }\n'
    const files = { 'package-lock.json': lockOf({ a: 'GPL-3.0-only' }) }
    const { status, said } = await judged('{ licences: { allow: [MIT] } }', files, undefined, top)
    expect([status, said.length]).toEqual(['pass', 1])
  })

  test('is not judged when it is off', async () => {
    expect(await judged('off', { 'package-lock.json': '{}' })).toEqual({ status: undefined, said: [] })
  })
})
