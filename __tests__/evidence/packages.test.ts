import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/evidence/evidence.js'
import { placePackages } from '../../src/evidence/packages.js'

const finding = (name: string): Finding => ({
  category: 'vulnerabilities',
  rule: 'GHSA',
  severity: 'high',
  message: 'm',
  fingerprint: 'f',
  package: name,
})
const files: Record<string, string[]> = {
  'package-lock.json': ['{', '  "node_modules/minimist": {', '  "node_modules/a/node_modules/@b/c.d": {'],
  'package.json': ['{', '  "dependencies": {', '    "only-here": "1"'],
  'web/yarn.lock': ['minimist@^1.2.0:', '  version "1.2.0"'],
}
const place = (name: string, folder = ''): (string | number | undefined)[] => {
  const [placed] = placePackages([finding(name)], folder, (file) => files[file])
  return [placed?.file, placed?.line]
}

describe('a vulnerable package stands where it is brought in', () => {
  test('in the lock file, nested and scoped too', () => {
    expect(place('minimist')).toEqual(['package-lock.json', 2])
    expect(place('@b/c.d')).toEqual(['package-lock.json', 3])
    expect(place('minimist', 'web')).toEqual(['web/yarn.lock', 1])
  })

  test('else in the manifest, else nowhere', () => {
    expect(place('only-here')).toEqual(['package.json', 3])
    expect(place('minim.st')).toEqual([undefined, undefined])
  })

  test.each([
    ['Cargo.lock', 'itoa', ['[[package]]', 'name = "itoa"'], 2],
    ['api/go.mod', 'golang.org/x/text', ['module x', 'require (', '\tgolang.org/x/text v0.3.5'], 3],
    ['requirements-dev.txt', 'Requests', ['requests-oauthlib==1', 'requests[socks]==2.19.0'], 2],
    ['poetry.lock', 'PyYAML', ['name = "pyyaml"'], 1],
    ['Gemfile.lock', 'rack', ['    rack-test (1)', '    rack (2.0)'], 2],
    ['composer.lock', 'a/b', ['        "name": "a/b",'], 1],
    ['pom.xml', 'org.x:core', ['<artifactId>core-x</artifactId>', '<artifactId>core</artifactId>'], 2],
    ['gradle.lockfile', 'org.x:core', ['org.x:core:1.0=compile'], 1],
    ['src/main.rs', 'itoa', ['itoa'], undefined],
  ])('in the file that the report names: %s', (file, name, lines, line) => {
    const [placed] = placePackages([{ ...finding(name), file }], '', () => lines)
    expect([placed?.file, placed?.line]).toEqual([file, line])
  })

  test('a Python scanner means the files of Python', () => {
    const tree: Record<string, string[]> = {
      'package.json': ['"requests": "1"'],
      'requirements.txt': ['a', 'requests==2'],
    }
    const [placed] = placePackages([{ ...finding('requests'), tool: 'pip-audit' }], '', (file) => tree[file])
    expect([placed?.file, placed?.line]).toEqual(['requirements.txt', 2])
  })

  test('a place that is known stays', () => {
    const [placed] = placePackages([{ ...finding('x'), file: 'Cargo.lock', line: 7 }], '', () => ['name = "x"'])
    expect(placed?.line).toBe(7)
  })
})
