import { describe, expect, test } from '@jest/globals'
import type { CoverageEvidence, Evidence, FindingsEvidence } from '../../src/evidence/evidence.js'
import { isAbsolutePath, joinPath, normalisePath } from '../../src/evidence/paths.js'
import { placePaths } from '../../src/evidence/place.js'

describe('normalised paths', () => {
  test.each([
    ['./src/a.ts', 'src/a.ts'],
    ['src\\app\\a.cs', 'src/app/a.cs'],
    ['C:\\repo\\a.cs', 'C:/repo/a.cs'],
    ['file:///home/u/a%20b.js', '/home/u/a b.js'],
    ['file:///C:/repo/a.cs', 'C:/repo/a.cs'],
    ['file://localhost/x/a', '/x/a'],
    ['file:///bad%E0escape', '/bad%E0escape'],
    ['/a//b/./c/../d', '/a/b/d'],
    ['/../../etc/passwd', '/etc/passwd'],
    ['../x/a', '../x/a'],
    ['a/../../b', '../b'],
    ['', ''],
  ])('%j is %j', (raw, wanted) => {
    expect(normalisePath(raw)).toBe(wanted)
  })

  test('joined', () => {
    expect(joinPath('/r/src', 'a.py')).toBe('/r/src/a.py')
    expect(joinPath('/r/src', '/abs.py')).toBe('/abs.py')
    expect(joinPath('', 'a.py')).toBe('a.py')
    expect([isAbsolutePath('C:/x'), isAbsolutePath('/x'), isAbsolutePath('x')]).toEqual([true, true, false])
  })
})

const findings = (files: string[]): FindingsEvidence => ({
  kind: 'findings',
  categories: ['lint'],
  findings: files.map((file) => ({
    category: 'lint',
    rule: 'r',
    severity: 'error',
    message: 'm',
    file,
    fingerprint: 'f',
  })),
  findings_omitted: 0,
  by_severity: {},
  suppressed: 0,
})
const placed = (file: string, tracked: string[] | undefined, root = '/home/u/repo'): string | undefined => {
  const evidence = placePaths(findings([file]), tracked, root) as FindingsEvidence
  return evidence.findings[0]?.file
}

describe('placed paths', () => {
  const tracked = [
    'src/a.ts',
    'src/index.ts',
    'packages/web/src/index.ts',
    'packages/api/src/only.ts',
    'src/test/java/com/acme/FooTest.java',
    'index.js',
    'lib/Lib.Scanner/Keys.cs',
    'node_modules/own/patched.js',
  ]
  test.each([
    ['under the root', '/home/u/repo/src/a.ts', 'src/a.ts'],
    ['under the root, not tracked', '/home/u/repo/dist/a.js', 'dist/a.js'],
    ['relative and tracked', 'src/index.ts', 'src/index.ts'],
    ['a container’s prefix', '/app/src/a.ts', 'src/a.ts'],
    ['from inside a package', 'src/only.ts', 'packages/api/src/only.ts'],
    ['from a sibling folder', '../src/only.ts', 'packages/api/src/only.ts'],
    ['of a class', 'com/acme/FooTest.java', 'src/test/java/com/acme/FooTest.java'],
    ['only a name, of one file', 'only.ts', 'packages/api/src/only.ts'],
    ['a prefix on both sides', '/_/Lib.Scanner/Keys.cs', 'lib/Lib.Scanner/Keys.cs'],
    ['several fit', '/app/src/index.ts', '/app/src/index.ts'],
    ['only the name is shared', '/elsewhere/deep/Keys.cs', '/elsewhere/deep/Keys.cs'],
    ['none fits', '/usr/lib/x.ts', '/usr/lib/x.ts'],
    ['of a library', '/app/node_modules/pkg/index.js', '/app/node_modules/pkg/index.js'],
    ['of a library that is tracked', '/app/node_modules/own/patched.js', 'node_modules/own/patched.js'],
    ['out of the root', '../../etc/passwd', 'etc/passwd'],
    ['out of the root through it', '/home/u/repo/../other/a.txt', '/home/u/other/a.txt'],
  ])('%s', (_, path, wanted) => {
    expect(placed(path, tracked)).toBe(wanted)
  })

  test('without a list of tracked files only the root is taken off', () => {
    expect(placed('/home/u/repo/src/a.ts', undefined)).toBe('src/a.ts')
    expect(placed('/app/src/a.ts', undefined)).toBe('/app/src/a.ts')
    expect(placed('C:\\repo\\src\\a.cs', undefined, 'C:\\repo')).toBe('src/a.cs')
  })

  test('tests without a file stay, others are placed', () => {
    const evidence: Evidence = {
      kind: 'tests',
      tests: 2,
      passed: 2,
      failed: 0,
      errors: 0,
      skipped: 0,
      flaky: 0,
      duration_s: 0,
      suites: 1,
      cases: [
        { name: 'a', status: 'passed' },
        { name: 'b', status: 'passed', file: '/app/src/a.ts' },
      ],
      cases_omitted: 0,
    }
    expect(placePaths(evidence, tracked, '/r')).toMatchObject({ cases: [{ name: 'a' }, { file: 'src/a.ts' }] })
  })

  test('two paths that are one file have their hits added', () => {
    const file = (path: string, hits: number) => ({
      path,
      lines_valid: 2,
      lines_covered: 1,
      branches_valid: 0,
      branches_covered: 0,
      lines: { 1: hits, 2: 0 },
    })
    const evidence: CoverageEvidence = {
      kind: 'coverage',
      lines_valid: 4,
      lines_covered: 2,
      branches_valid: 0,
      branches_covered: 0,
      files: [file('/app/src/a.ts', 1), file('src/a.ts', 2)],
    }
    expect(placePaths(evidence, tracked, '/r')).toMatchObject({
      lines_valid: 2,
      lines_covered: 1,
      files: [{ path: 'src/a.ts', lines: { 1: 3, 2: 0 } }],
    })
  })

  test('sources tell to which folder a path belongs', () => {
    const coverage: CoverageEvidence = {
      kind: 'coverage',
      lines_valid: 0,
      lines_covered: 0,
      branches_valid: 0,
      branches_covered: 0,
      files: [{ path: 'index.ts', lines_valid: 0, lines_covered: 0, branches_valid: 0, branches_covered: 0 }],
      sources: ['/r/lib', '/r/packages/web/src'],
    }
    expect(placePaths(coverage, tracked, '/r')).toEqual({
      ...coverage,
      sources: undefined,
      files: [{ ...coverage.files[0], path: 'packages/web/src/index.ts' }],
    })
  })

  test('a file of the root is found under the folder that the other paths lie in', () => {
    const file = (path: string) => ({ path, lines_valid: 1, lines_covered: 0, branches_valid: 0, branches_covered: 0 })
    const of = (...paths: string[]): CoverageEvidence => ({
      kind: 'coverage',
      lines_valid: paths.length,
      lines_covered: 0,
      branches_valid: 0,
      branches_covered: 0,
      files: paths.map(file),
    })
    const paths = (evidence: CoverageEvidence): string[] => {
      const placed = placePaths(evidence, ['main.go', 'cmd/shop/main.go', 'cmd/shop/run.go'], '/r')
      return placed.kind === 'coverage' ? placed.files.map(({ path }) => path) : []
    }
    const module = ['example.com/shop/main.go', 'example.com/shop/cmd/shop/main.go']
    expect(paths(of(...module))).toEqual(['main.go', 'cmd/shop/main.go'])
    expect(paths(of('example.com/store/main.go'))).toEqual(['example.com/store/main.go'])
    const torn = paths(of('a/main.go', 'a/cmd/shop/main.go', 'b/cmd/shop/run.go'))
    expect(torn[0]).toBe('a/main.go')
  })

  test('fifty thousand files and ten thousand paths are quick, equal names too', () => {
    const files = Array.from({ length: 50_000 }, (_, i) => `packages/p${i % 5000}/src/m${i}/index.ts`)
    const paths = Array.from({ length: 10_000 }, (_, i) => `/build/src/m${i}/index.ts`)
    const evidence = placePaths(findings(paths), files, '/r') as FindingsEvidence
    expect(evidence.findings[7]?.file).toBe('packages/p7/src/m7/index.ts')
  })
})
