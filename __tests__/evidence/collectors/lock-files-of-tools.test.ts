import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { lockReader } from '../../../src/evidence/collectors/dependencies/locks.js'

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../../fixtures/locks', name), 'utf8')

/** A lock file, the files of its repository, the packages of others, and what its manifest wants and it does not have. */
interface Case {
  lock: string
  files: Record<string, string>
  packages: string[]
  /** The manifest, a text of it, and what stands there instead; then the place and the name that are told. */
  inconsistent?: [file: string, from: string, to: string, told: string]
}

const npm = ['@types/picomatch@4.0.3', 'is-number@7.0.0', 'ms@2.1.3', 'picomatch@4.0.7']
const ofNpm = { 'package.json': 'npm-11.19.package.json', 'packages/own/package.json': 'own.package.json' }
const more: Case['inconsistent'] = ['packages/own/package.json', '"ms"', '"lost"', 'packages/own/package.json:5 lost']

const cases: Record<string, Case> = {
  'npm 11.19': {
    lock: 'package-lock.json',
    files: { 'package-lock.json': 'npm-11.19.package-lock.json', ...ofNpm },
    packages: [...npm, 'ms@2.1.3'],
    inconsistent: ['package.json', '"ms": "2.1.3"', '"ms": "2.1.2"', 'package.json:8 ms'],
  },
  'pnpm 10.34': {
    lock: 'pnpm-lock.yaml',
    files: { ...ofNpm, 'pnpm-lock.yaml': 'pnpm-10.34.pnpm-lock.yaml', 'package.json': 'pnpm-10.34.package.json' },
    packages: npm,
    inconsistent: more,
  },
  'Yarn 1.22': {
    lock: 'yarn.lock',
    files: { 'yarn.lock': 'yarn-1.22.yarn.lock', ...ofNpm },
    packages: [...npm, 'ms@2.1.3'],
    inconsistent: ['package.json', '"ms": "2.1.3"', '"ms": "2.1.2"', 'package.json:8 ms'],
  },
  'Yarn 4.18': {
    lock: 'yarn.lock',
    files: { 'yarn.lock': 'yarn-4.18.yarn.lock', ...ofNpm },
    packages: npm,
    inconsistent: more,
  },
  'Cargo 1.95': {
    lock: 'Cargo.lock',
    files: {
      'Cargo.lock': 'cargo-1.95.Cargo.lock',
      'Cargo.toml': 'cargo-1.95.Cargo.toml',
      'own/Cargo.toml': 'own.Cargo.toml',
    },
    packages: ['cfg-if@1.0.5', 'itoa@1.0.18', 'ryu@1.0.23'],
    inconsistent: ['Cargo.toml', 'cfg-if = "1"', 'lost = "1"', 'Cargo.toml:18 lost'],
  },
  'Go 1.26': {
    lock: 'go.mod',
    files: { 'go.mod': 'go-1.26.go.mod', 'go.sum': 'go-1.26.go.sum' },
    packages: ['github.com/google/uuid@v1.6.0'],
    inconsistent: ['go.sum', 'uuid v1.6.0', 'uuid v1.5.0', 'go.mod:7 github.com/google/uuid'],
  },
  'Poetry 2.5': {
    lock: 'poetry.lock',
    files: { 'poetry.lock': 'poetry-2.5.poetry.lock', 'pyproject.toml': 'poetry-2.5.pyproject.toml' },
    packages: ['colorama@0.4.6', 'idna@3.20', 'iniconfig@2.3.1', 'pyyaml@6.0.3'],
    inconsistent: ['pyproject.toml', '["colorama"]', '["colorama", "shop[all]", "lost"]', 'pyproject.toml:11 lost'],
  },
  'uv 0.13': {
    lock: 'uv.lock',
    files: { 'uv.lock': 'uv-0.13.uv.lock', 'pyproject.toml': 'uv-0.13.pyproject.toml' },
    packages: [
      'colorama@0.4.6',
      'idna@3.20',
      'iniconfig@2.3.1',
      'packaging@26.3',
      'pyyaml@6.0.3',
      'typing-extensions@4.16.0',
    ],
    inconsistent: ['pyproject.toml', '["typing-extensions"]', '["lost"]', 'pyproject.toml:15 lost'],
  },
  'Pipenv 2026.10': {
    lock: 'Pipfile.lock',
    files: { 'Pipfile.lock': 'pipenv-2026.10.Pipfile.lock', Pipfile: 'pipenv-2026.10.Pipfile' },
    packages: ['idna@3.20', 'iniconfig@2.3.1', 'packaging@26.3', 'pyyaml@6.0.3'],
    inconsistent: ['Pipfile', 'iniconfig = "*"', 'lost = "*"', 'Pipfile:12 lost'],
  },
  'Composer 2.5': {
    lock: 'composer.lock',
    files: { 'composer.lock': 'composer-2.5.composer.lock', 'composer.json': 'composer-2.5.composer.json' },
    packages: ['shop/money@1.2.0', 'shop/web@2.0.0'],
    inconsistent: ['composer.json', 'shop/web"', 'shop/lost"', 'composer.json:14 shop/lost'],
  },
  'Bundler 2.3': {
    lock: 'Gemfile.lock',
    files: { 'Gemfile.lock': 'bundler-2.3.Gemfile.lock' },
    packages: ['minitest@5.15.0', 'rake@13.0.6'],
  },
}

function read({ lock, files }: Pick<Case, 'lock' | 'files'>, change: (path: string, text: string) => string) {
  const texts = new Map(Object.entries(files).map(([path, name]) => [path, change(path, fixture(name))]))
  const reader = lockReader(lock)
  const text = texts.get(lock) ?? ''
  const packages = reader?.read(text) ?? []
  const sources = { folder: '', tracked: new Set(texts.keys()), text: (path: string) => texts.get(path) }
  return {
    packages:
      'unread' in packages ? [packages.unread] : packages.map(({ name, version }) => `${name}@${version}`).toSorted(),
    disagree: (reader?.agree?.(text, lock, sources) ?? []).map(
      ({ file, line, message }) => `${file}:${line} ${/`([^`]+)`/.exec(message)?.[1]}`,
    ),
  }
}

describe.each(Object.entries(cases))('what %s wrote', (_, one) => {
  test('names the packages of others and agrees with its manifest', () => {
    expect(read(one, (__, text) => text)).toEqual({ packages: one.packages.toSorted(), disagree: [] })
  })

  const { inconsistent } = one
  if (inconsistent)
    test('does not have what the manifest wants since', () => {
      const [file, from, to, told] = inconsistent
      expect(read(one, (path, text) => (path === file ? text.replaceAll(from, to) : text)).disagree).toEqual([told])
    })
})

test('the licences that Composer writes are a choice', () => {
  const packages = lockReader('composer.lock')?.read(fixture('composer-2.5.composer.lock')) ?? []
  expect('unread' in packages ? [] : packages.map(({ licence }) => licence)).toEqual([
    'MIT',
    '(LGPL-2.1-only) OR (GPL-3.0-or-later)',
  ])
})
