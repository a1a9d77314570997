import { describe, expect, test } from '@jest/globals'
import { lockReader } from '../../../src/evidence/collectors/dependencies/locks.js'
import { isAllowed, readLicence } from '../../../src/evidence/collectors/dependencies/spdx.js'

/** What a lock file names, and what it and the manifests disagree on. */
function read(files: Record<string, string>, path = Object.keys(files)[0] ?? '') {
  const reader = lockReader(path)
  if (!reader) throw new Error(`no reader of ${path}`)
  const text = files[path] ?? ''
  const packages = reader.read(text)
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const sources = { folder, tracked: new Set(Object.keys(files)), text: (name: string) => files[name] }
  return {
    packages:
      'unread' in packages ? packages.unread : packages.map(({ name, version, line }) => `${line} ${name}@${version}`),
    disagree: (reader.agree?.(text, path, sources) ?? []).map(
      ({ file, line, message }) => `${file}:${line} ${/`([^`]+)`/.exec(message)?.[1]}`,
    ),
  }
}

const manifest = JSON.stringify(
  { dependencies: { picomatch: '^4.0.2', ms: '2.1.3' }, devDependencies: { '@types/picomatch': '^4.0.0' } },
  null,
  2,
)
const more = manifest.replace('"2.1.3"', '"2.1.3",\n    "new": "^1"')
const other = manifest.replace('"2.1.3"', '"^2"')

const pnpm = `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      ms:
        specifier: 2.1.3
        version: 2.1.3
      picomatch:
        specifier: ^4.0.2
        version: 4.0.7
    devDependencies:
      '@types/picomatch':
        specifier: ^4.0.0
        version: 4.0.3

packages:

  '@types/picomatch@4.0.3':
    resolution: {integrity: sha512-x==}

  ms@2.1.3:
    resolution: {integrity: sha512-x==}

  picomatch@4.0.7:
    resolution: {integrity: sha512-x==}
    engines: {node: '>=12'}

snapshots:

  '@types/picomatch@4.0.3': {}
`
const yarn1 = `# yarn lockfile v1


"@types/picomatch@^4.0.0":
  version "4.0.3"
  integrity sha512-x==

ms@2.1.3, ms@^2.1.1:
  version "2.1.3"

picomatch@^4.0.2:
  version "4.0.7"
  dependencies:
    ms "^2.1.1"
`
const yarn4 = `__metadata:
  version: 10
  cacheKey: 10c0

"@types/picomatch@npm:^4.0.0":
  version: 4.0.3
  resolution: "@types/picomatch@npm:4.0.3"
  linkType: hard

"demo@workspace:.":
  version: 0.0.0-use.local
  resolution: "demo@workspace:."
  dependencies:
    "@types/picomatch": "npm:^4.0.0"
    ms: "npm:2.1.3"
    picomatch: "npm:^4.0.2"
  linkType: soft

"ms@npm:2.1.3":
  version: 2.1.3
  resolution: "ms@npm:2.1.3"

"picomatch@npm:^4.0.2, picomatch@npm:^4.0.7":
  version: 4.0.7
  resolution: "picomatch@npm:4.0.7"
`

describe('lock files of npm packages', () => {
  test('of pnpm', () => {
    expect(read({ 'pnpm-lock.yaml': pnpm, 'package.json': manifest })).toEqual({
      packages: ['20 @types/picomatch@4.0.3', '23 ms@2.1.3', '26 picomatch@4.0.7'],
      disagree: [],
    })
    expect(read({ 'pnpm-lock.yaml': pnpm, 'package.json': more }).disagree).toEqual(['package.json:5 new'])
    expect(read({ 'pnpm-lock.yaml': pnpm, 'package.json': other }).disagree).toEqual(['package.json:4 ms'])
    const overridden = `${pnpm}\noverrides:\n  ms: 2.1.3\n`
    expect(read({ 'pnpm-lock.yaml': overridden, 'package.json': other }).disagree).toEqual([])
    expect(read({ 'pnpm-lock.yaml': 'lockfileVersion: 5.4\n' }).packages).toContain('before 6')
  })

  test('of pnpm for several folders, and of one folder in version 6', () => {
    const folders =
      "lockfileVersion: '9.0'\nimporters:\n  .: {}\n  packages/a:\n    dependencies:\n      b:\n        specifier: ^1\n"
    const files = { 'x/pnpm-lock.yaml': folders, 'x/packages/a/package.json': '{"dependencies":{"b":"^2"}}' }
    expect(read(files).disagree).toEqual(['x/packages/a/package.json:1 b'])
    const one =
      "lockfileVersion: '6.0'\n\ndependencies:\n  b:\n    specifier: ^1\n    version: 1.0.0\n\npackages:\n\n  /@c/b@1.0.0(d@2.0.0):\n    dev: true\n"
    expect(read({ 'pnpm-lock.yaml': one, 'package.json': '{"dependencies":{"b":"^1"}}' })).toEqual({
      packages: ['10 @c/b@1.0.0'],
      disagree: [],
    })
  })

  test.each([
    ['1', yarn1, ['4 @types/picomatch@4.0.3', '8 ms@2.1.3', '11 picomatch@4.0.7'], ['package.json:4 ms']],
    ['4', yarn4, ['5 @types/picomatch@4.0.3', '19 ms@2.1.3', '23 picomatch@4.0.7'], []],
  ])('of Yarn %s', (_, lock, packages, disagree) => {
    expect(read({ 'yarn.lock': lock, 'package.json': manifest })).toEqual({ packages, disagree: [] })
    expect(read({ 'yarn.lock': lock, 'package.json': more }).disagree).toEqual(['package.json:5 new'])
    expect(read({ 'yarn.lock': lock, 'package.json': other }).disagree).toEqual(disagree)
  })

  test('packages of the repository itself are in no lock file of Yarn 1', () => {
    const files = { 'package.json': '{"dependencies":{"own":"*"}}', 'packages/own/package.json': '{"name":"own"}' }
    expect(read({ 'yarn.lock': yarn1, ...files }).disagree).toEqual([])
  })

  test('of npm, with workspaces and other names', () => {
    const lock = JSON.stringify(
      {
        lockfileVersion: 3,
        packages: {
          '': { workspaces: ['a'] },
          a: { dependencies: { b: '^1' } },
          'node_modules/a': { resolved: 'a', link: true },
          'node_modules/alias': { name: 'real', version: '2.0.0' },
          'a/node_modules/@s/b': { version: '1.0.0' },
        },
      },
      null,
      2,
    )
    expect(
      read({ 'package-lock.json': lock, 'package.json': '{}', 'a/package.json': '{"dependencies":{"b":"^1"}}' }),
    ).toEqual({
      packages: ['18 real@2.0.0', '22 @s/b@1.0.0'],
      disagree: [],
    })
    expect(read({ 'package-lock.json': lock, 'a/package.json': '{"dependencies":{"b":"^2"}}' }).disagree).toEqual([
      'a/package.json:1 b',
    ])
  })
})

describe('lock files of other languages', () => {
  test('of Cargo', () => {
    const lock = `version = 4

[[package]]
name = "demo"
version = "0.1.0"
dependencies = [
 "itoa",
 "ryu",
]

[[package]]
name = "itoa"
version = "1.0.18"
source = "registry+x"

[[package]]
name = "ryu"
version = "1.0.23"
source = "registry+x"
`
    const toml = `[package]
name = "demo"
[dependencies]
itoa = "1" # with "quotes"
fast = { package = "ryu", version = "1" }
inherited.workspace = true
[target.'cfg(unix)'.dependencies]
libc = { version = "0.2", features = [
  "std",
] }
[dev-dependencies.gone]
version = "1"
[features]
std = []
`
    expect(read({ 'Cargo.lock': lock, 'Cargo.toml': toml })).toEqual({
      packages: ['12 itoa@1.0.18', '17 ryu@1.0.23'],
      disagree: ['Cargo.toml:8 libc', 'Cargo.toml:12 gone'],
    })
    expect(read({ 'Cargo.lock': lock, 'other/Cargo.toml': toml.replace('demo', 'x') }).disagree).toEqual([])
  })

  test('of Go, whose manifest names what is built', () => {
    const mod = `module example.org/a

go 1.21

require golang.org/x/text v0.14.0
require (
	example.org/b v1.0.0 // indirect
	example.org/own v0.0.0
	example.org/r v1.0.0
)
replace example.org/r => ../r
`
    const sum = 'golang.org/x/text v0.14.0 h1:x=\ngolang.org/x/text v0.14.0/go.mod h1:x=\n'
    expect(read({ 'go.mod': mod, 'go.sum': sum, 'own/go.mod': 'module example.org/own\n' })).toEqual({
      packages: ['5 golang.org/x/text@v0.14.0', '7 example.org/b@v1.0.0', '8 example.org/own@v0.0.0'],
      disagree: ['go.mod:7 example.org/b'],
    })
  })

  test('of Python', () => {
    const text = '# pins\n-r base.txt\nIdna==3.1 --hash=x\nPy_YAML[x] >= 6\nhttps://example.org/x.whl\n'
    expect(read({ 'requirements-dev.txt': text }).packages).toEqual(['3 idna@3.1', '4 py-yaml@null'])
    const lock =
      '[[package]]\nname = "demo"\nversion = "0.1.0"\nsource = { virtual = "." }\n\n[[package]]\nname = "idna"\nversion = "3.1"\nsource = { registry = "x" }\n'
    const project =
      '[project]\nname = "demo"\ndependencies = [\n  "Idna>=3",\n  "gone[x]; python_version > \'3\'", # not there\n]\n'
    expect(read({ 'uv.lock': lock, 'pyproject.toml': project })).toEqual({
      packages: ['7 idna@3.1'],
      disagree: ['pyproject.toml:3 gone'],
    })
    const poetry =
      '[tool.poetry.dependencies]\npython = "^3.11"\nidna = "^3"\n[tool.poetry.group.dev.dependencies]\nlost = "*"\n'
    expect(read({ 'poetry.lock': lock, 'pyproject.toml': poetry }).disagree).toEqual(['pyproject.toml:5 lost'])
  })

  test('of Bundler', () => {
    const lock =
      'PATH\n  remote: .\n  specs:\n    own (1.0)\n\nGEM\n  specs:\n    rack (3.0.0)\n      webrick (>= 1)\n\nDEPENDENCIES\n  rack\n'
    expect(read({ 'Gemfile.lock': lock }).packages).toEqual(['8 rack@3.0.0'])
  })

  test('of Composer', () => {
    const lock = JSON.stringify({ packages: [{ name: 'a/b', version: '1.0', replace: { 'c/d': '*' } }] }, null, 4)
    const wanted = { require: { php: '>=8', 'ext-json': '*', 'A/b': '^1', 'c/d': '*' }, 'require-dev': { 'e/f': '*' } }
    expect(read({ 'composer.lock': lock, 'composer.json': JSON.stringify(wanted, null, 4) })).toEqual({
      packages: ['4 a/b@1.0'],
      disagree: ['composer.json:9 e/f'],
    })
  })

  test('what is installed or copied from elsewhere is not read', () => {
    expect(lockReader('node_modules/a/package-lock.json')).toBeUndefined()
    expect(lockReader('vendor/a/go.mod')).toBeUndefined()
  })
})

describe('a licence', () => {
  test.each([
    ['MIT', true],
    ['mit', true],
    ['MIT OR GPL-3.0-only', true],
    ['GPL-3.0-only or MIT', true],
    ['MIT AND GPL-3.0-only', false],
    ['MIT AND GPL-3.0-only OR Apache-2.0', true],
    ['MIT AND (GPL-3.0-only OR ISC)', false],
    ['(MIT OR GPL-3.0-only) AND (Apache-2.0 OR ISC)', true],
    ['Apache-2.0 WITH LLVM-exception', true],
    ['LGPL-2.1-or-later', true],
    ['LGPL-2.1+', true],
    ['LGPL-3.0-only', false],
    ['CC-BY-4.0', true],
  ])('%s is allowed: %s', (text, allowed) => {
    const licence = readLicence(text)
    expect(licence && isAllowed(licence, { allow: ['MIT', 'Apache-2.0', 'LGPL-2.1-only', 'CC-*'] })).toBe(allowed)
  })

  test('that is denied counts for "or later" too, and an exception that is allowed by name lifts it', () => {
    const isGood = (text: string, allow?: string[]): boolean =>
      isAllowed(readLicence(text) ?? { kind: 'one', id: text }, {
        deny: ['GPL-2.0-or-later'],
        ...(allow ? { allow } : {}),
      })
    expect(isGood('GPL-2.0+')).toBe(false)
    expect(isGood('GPL-2.0-only')).toBe(true)
    const java = 'GPL-2.0-or-later WITH Classpath-exception-2.0'
    expect([isGood(java), isGood(java, [java])]).toEqual([false, true])
  })

  test.each(['SEE LICENSE IN x', 'MIT OR', '(MIT', 'MIT)', 'AND', 'MIT WITH', '', `${'('.repeat(9999)}MIT`])(
    '%j is no expression',
    (text) => expect(readLicence(text)).toBeUndefined(),
  )
})
