import { describe, expect, test } from '@jest/globals'
import { mergeEvidence } from '../../../../src/evidence/merge.js'
import { messages, read, readCoverage } from '../../reading.js'

describe('Go cover profiles', () => {
  const profile = (...lines: string[]): string => ['mode: set', ...lines, ''].join('\n')

  test('totals are statements, lines those of the blocks', async () => {
    const text = profile('example.com/m/a.go:5.12,8.22 3 1', 'example.com/m/a.go:10.9,11.3 5 0')
    expect(await readCoverage(text)).toMatchObject({
      lines_valid: 8,
      lines_covered: 3,
      files: [{ path: 'example.com/m/a.go', lines: { 5: 1, 6: 1, 7: 1, 8: 1, 10: 0, 11: 0 } }],
    })
  })

  test('a block that several packages ran is one, in one profile and in several', async () => {
    const missed = profile('m/a.go:1.1,2.2 4 0')
    const hit = profile('m/a.go:1.1,2.2 4 1', 'm/a.go:3.1,3.9 1 0')
    const both = profile('m/a.go:1.1,2.2 4 0', 'm/a.go:1.1,2.2 4 1', 'm/a.go:3.1,3.9 1 0')
    const totals = { lines_valid: 5, lines_covered: 4 }
    expect(await readCoverage(both)).toMatchObject(totals)
    const [merged] = mergeEvidence([await readCoverage(missed), await readCoverage(hit)])
    expect(merged).toMatchObject({ ...totals, files: [{ ...totals, lines: { 1: 1, 2: 1, 3: 0 } }] })
  })

  test('a closure that never ran is not covered by the block around it', async () => {
    const text = profile('m/a.go:1.10,9.2 4 1', 'm/a.go:3.10,6.3 2 0')
    expect((await readCoverage(text)).files[0]?.lines).toMatchObject({ 3: 1, 4: 0, 5: 0, 6: 0, 7: 1 })
  })

  test('profiles that were put together, Windows paths and line ends', async () => {
    const text = 'mode: atomic\r\nC:\\m\\a.go:1.1,1.9 1 7\r\nmode: set\r\nC:\\m\\b.go:1.1,1.9 1 0\r\n'
    const { files } = await readCoverage(text)
    expect(files.map(({ path }) => path)).toEqual(['C:/m/a.go', 'C:/m/b.go'])
  })

  test('what is no block is an error, and so is a block of two sizes', async () => {
    expect(messages(await read(profile('m/a.go:1.1,2.2 4')))).toEqual(['this is no line of a Go cover profile'])
    expect(messages(await read(profile('m/a.go:9.1,2.2 4 1')))).toHaveLength(1)
    expect(messages(await read(profile('m/a.go:1.1,999999999.2 4 1')))).toHaveLength(1)
    expect(messages(await read(profile('a.go:1.1,2.2 4 1', 'a.go:1.1,2.2 5 1')))).toEqual([
      'has 4 and 5 statements for a.go:1.1,2.2',
    ])
    const cut = 'mode: set\nm/a.go:1.1,2.2 4 1\nm/a.go:3.1,4.2 1'
    expect(messages(await read(cut))).toHaveLength(1)
    expect(messages(await read('a.go:1.1,2.2 4 1\n', { format: 'go-cover' }))).not.toEqual([])
    expect(messages(await read(`a.go:1.1,2.2 4 0\n${profile('a.go:3.1,4.2 4 1')}`, { format: 'go-cover' }))).toEqual([
      'has 1 lines before the first `mode: …`',
    ])
    expect(await readCoverage(profile())).toMatchObject({ lines_valid: 0, files: [] })
  })
})

describe('gcov', () => {
  const source = (...lines: string[]): string => ['        -:    0:Source:src/a.c', ...lines, ''].join('\n')

  test('counts of all kinds', async () => {
    const text = source(
      '        -:    0:Graph:a.gcno',
      '        -:    1:#include <x>',
      '       2*:    2:  f();',
      '    #####:    3:  g();',
      '    =====:    4:  h();',
      '     1.5k:    5:  i();',
      '    %%%%%:    6-block  3',
    )
    expect((await readCoverage(text)).files).toMatchObject([{ path: 'src/a.c', lines: { 2: 2, 3: 0, 4: 0, 5: 1500 } }])
  })

  test('branches and functions', async () => {
    const text = source(
      'function f called 1 returned 100% blocks executed 67%',
      '        1:    2:int f(int x) {',
      'function g called 0 returned 0% blocks executed 0%',
      '    #####:    5:int g() {',
      '        1:    7:  return x ? 1 : 2;',
      'branch  0 taken 1 (fallthrough)',
      'branch  1 taken 0%',
      'branch  2 never executed',
      'call    3 returned 1',
    )
    expect(await readCoverage(text)).toMatchObject({
      branches_valid: 3,
      branches_covered: 1,
      functions_valid: 2,
      functions_covered: 1,
    })
  })

  test('lines of a template’s instances were counted before', async () => {
    const text = source(
      '        2:    1:T f(T x) {',
      '------------------',
      'int f<int>(int):',
      'function int f<int>(int) called 2 returned 100% blocks executed 100%',
      '        2:    1:T f(T x) {',
      '------------------',
      'char f<char>(char):',
      'function char f<char>(char) called 0 returned 0% blocks executed 0%',
      '    #####:    1:T f(T x) {',
      '------------------',
      '        3:    9:main',
    )
    expect(await readCoverage(text)).toMatchObject({
      functions_valid: 2,
      functions_covered: 1,
      files: [{ lines: { 1: 2, 9: 3 } }],
    })
  })

  test('several files one after the other, and a text that is none', async () => {
    const two = source('        1:    1:x') + source('    #####:    2:y').replace('a.c', 'b.c')
    expect(await readCoverage(two)).toMatchObject({ lines_valid: 2, files: [{ path: 'src/a.c' }, { path: 'src/b.c' }] })
    expect(messages(await read(source('what is this')))).toEqual(['this is no line of gcov'])
    expect(messages(await read('x\n', { format: 'gcov' }))).not.toEqual([])
    const late = `    #####:    1:f();\n${source('        1:    2:g();')}`
    expect(messages(await read(late, { format: 'gcov' }))).toEqual(['has 1 lines before the first `0:Source:`'])
  })
})
