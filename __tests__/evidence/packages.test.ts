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
})
