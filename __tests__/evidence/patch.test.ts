import { describe, expect, test } from '@jest/globals'
import { parseDiff } from '../../src/evidence/diff.js'
import { patchCoverage } from '../../src/evidence/patch.js'
import { fixture, readCoverage } from './reading.js'

const lines = (...text: string[]): string => `${text.join('\n')}\n`

describe('unified diffs', () => {
  test('added lines by their number after the change', () => {
    const diff = lines(
      'diff --git a/src/a.ts b/src/a.ts',
      'index 1..2 100644',
      '--- a/src/a.ts',
      '+++ b/src/a.ts',
      '@@ -1,4 +1,5 @@ function f() {',
      ' one',
      '-two',
      '+two changed',
      '+new',
      ' three',
      ' four',
      '@@ -20 +21,2 @@',
      ' x',
      '+last',
      '\\ No newline at end of file',
    )
    expect(parseDiff(diff)).toEqual([{ path: 'src/a.ts', lines: [2, 3, 22] }])
  })

  test('new, deleted, renamed and binary files', () => {
    const diff = lines(
      'diff --git a/new b/new',
      '--- /dev/null',
      '+++ b/new',
      '@@ -0,0 +1,2 @@',
      '+a',
      '+b',
      'diff --git a/old b/old',
      '--- a/old',
      '+++ /dev/null',
      '@@ -1,2 +0,0 @@',
      '-a',
      '-b',
      'diff --git a/x b/y',
      'rename from x',
      'rename to y',
      'diff --git a/p.png b/p.png',
      'Binary files a/p.png and b/p.png differ',
    )
    expect(parseDiff(diff)).toEqual([{ path: 'new', lines: [1, 2] }])
  })

  test('content that looks like a header is content', () => {
    const diff = lines(
      '--- a/q.sql',
      '+++ b/q.sql',
      '@@ -1,2 +1,3 @@',
      ' x',
      '--- old comment',
      '+++ new comment',
      '+@@ -1 +1 @@',
    )
    expect(parseDiff(diff)).toEqual([{ path: 'q.sql', lines: [2, 3] }])
  })

  test('removals at the end of a hunk belong to it, the next file does not', () => {
    const diff = lines(
      '--- a/1',
      '+++ b/1',
      '@@ -1,3 +1,1 @@',
      ' x',
      '-y',
      '-z',
      '--- a/2',
      '+++ b/2',
      '@@ -1 +1 @@',
      '-a',
      '+b',
    )
    expect(parseDiff(diff)).toEqual([
      { path: '1', lines: [] },
      { path: '2', lines: [1] },
    ])
  })

  test.each([
    ['without prefixes', '--- src/a.ts\n+++ src/a.ts\n', 'src/a.ts'],
    ['with mnemonic prefixes', '--- i/src/a.ts\n+++ w/src/a.ts\n', 'src/a.ts'],
    ['with times', '--- a.ts\t2026-01-01 00:00:00\n+++ a.ts\t2026-01-02 00:00:00\n', 'a.ts'],
    [
      'quoted by git',
      '--- "a/gr\\303\\266\\303\\237e \\"x\\".ts"\n+++ "b/gr\\303\\266\\303\\237e \\"x\\".ts"\n',
      'größe "x".ts',
    ],
    ['with blanks', '--- a/my file.ts\t\n+++ b/my file.ts\t\n', 'my file.ts'],
    ['with Windows line ends', '--- a/a.ts\r\n+++ b/a.ts\r\n', 'a.ts'],
    ['a folder called a', '--- a/a/x.ts\n+++ b/a/x.ts\n', 'a/x.ts'],
  ])('names %s', (_, head, path) => {
    expect(parseDiff(`${head}@@ -0,0 +1 @@\n+x\n`)).toEqual([{ path, lines: [1] }])
  })

  test('combined diffs of merges', () => {
    const diff = lines(
      'diff --cc a.ts',
      '--- a/a.ts',
      '+++ b/a.ts',
      '@@@ -1,2 -1,2 +1,3 @@@',
      '  one',
      '+ ours',
      ' +theirs',
      '--gone',
    )
    expect(parseDiff(diff)).toEqual([{ path: 'a.ts', lines: [2, 3] }])
  })

  test('nonsense is no diff, and a cut hunk ends', () => {
    expect(parseDiff('hello\n@@ nothing @@\n+x\n')).toEqual([])
    expect(parseDiff('--- a/a\n+++ b/a\n@@ -1,9 +1,9 @@\n+x')).toEqual([{ path: 'a', lines: [1] }])
  })
})

describe('patch coverage', () => {
  const diff = lines(
    '--- a/src/a.ts',
    '+++ b/src/a.ts',
    '@@ -0,0 +1,5 @@',
    '+1',
    '+2',
    '+3',
    '+4',
    '+5',
    '--- a/docs.md',
    '+++ b/docs.md',
    '@@ -0,0 +1 @@',
    '+x',
  )

  test('of the added lines those count that the report holds', async () => {
    const coverage = await readCoverage('SF:src/a.ts\nDA:1,1\nDA:2,0\nDA:4,0\nDA:9,0\nend_of_record\n')
    expect(patchCoverage(coverage, diff)).toEqual({
      lines_valid: 3,
      lines_covered: 1,
      files: [{ path: 'src/a.ts', missed_lines: [2, 4] }],
    })
  })

  test('paths of the report may have another beginning', async () => {
    const coverage = await readCoverage('SF:/home/runner/work/shop/shop/src/a.ts\nDA:1,1\nend_of_record\n')
    expect(patchCoverage(coverage, diff)).toMatchObject({ lines_valid: 1, lines_covered: 1 })
  })

  test('what the report does not know does not count', async () => {
    const coverage = await readCoverage('SF:other.ts\nDA:1,1\nend_of_record\n')
    expect(patchCoverage(coverage, diff)).toEqual({ lines_valid: 0, lines_covered: 0, files: [] })
  })

  test('of files that look alike the one of exactly that path holds, else none', async () => {
    const change = '--- a/main.go\n+++ b/main.go\n@@ -0,0 +1 @@\n+x\n'
    const lcov = (...paths: string[]): string =>
      paths.map((path, i) => `SF:${path}\nDA:1,${i}\nend_of_record\n`).join('')
    const alike = await readCoverage(lcov('main.go', 'cmd/main.go'))
    expect(patchCoverage(alike, change)).toMatchObject({ lines_valid: 1, lines_covered: 0 })
    const unclear = await readCoverage(lcov('x/main.go', 'cmd/main.go'))
    expect(patchCoverage(unclear, change)).toMatchObject({ lines_valid: 0, files: [] })
    const other = await readCoverage(lcov('cmd/main.go'))
    expect(patchCoverage(other, change, ['main.go', 'cmd/main.go'])).toMatchObject({ lines_valid: 0, files: [] })
  })

  test('a format without lines tells nothing of a change', async () => {
    const summary = '{"total":{"lines":{"total":4,"covered":4}},"src/a.ts":{"lines":{"total":4,"covered":4}}}'
    expect(patchCoverage(await readCoverage(summary), diff)).toBeUndefined()
  })

  test.each([
    ['go-1.26-count.out', 'cart.go', [9, 10, 16, 17, 18]],
    ['jacoco-0.8.12.xml', 'src/main/java/shop/Cart.java', [14, 15]],
    ['openclover-4.5-clover.xml', 'src/main/java/shop/Cart.java', [14, 15]],
    ['phpunit-9.6-clover.xml', 'src/Cart.php', [11, 20]],
    ['istanbul-jest-30.5-clover.xml', 'cart.js', [10]],
    ['istanbul-jest-30.5-final.json', 'cart.js', [10]],
    ['coverage.py-7.17.json', 'cart.py', [5, 11, 12, 13]],
    ['simplecov-0.22.resultset.json', 'cart.rb', [6, 16, 21]],
    ['gcov-12.2.gcov', 'cart.cpp', [17, 18]],
    ['gcov-12.2.json', 'cart.cpp', [17, 18]],
    ['gcovr-8.8.json', 'cart.cpp', [17, 18]],
    ['gcovr-8.8-coveralls.json', 'cart.cpp', [17, 18]],
    ['gcovr-8.8-sonarqube.xml', 'cart.cpp', [17, 18]],
    ['llvm-cov-14.json', 'cart.cpp', [17, 18, 19]],
  ])('of %s', async (name, path, missed) => {
    const added = Array.from({ length: 40 }, () => '+x').join('\n')
    const whole = `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,40 @@\n${added}\n`
    expect(patchCoverage(await readCoverage(fixture(name)), whole)?.files).toEqual([{ path, missed_lines: missed }])
  })
})
