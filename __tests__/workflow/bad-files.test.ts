import { describe, expect, test } from '@jest/globals'
import { told } from '../support/mistakes.js'

describe('bad files', () => {
  test.each<[string, string, string]>([
    ['an empty file', '', '1:1 empty-file the file is empty'],
    ['only white space', ' \n\n', '1:1 empty-file the file is empty'],
    ['not YAML', 'a: [1, 2\n', '1:4 yaml `[` is not closed'],
    ['binary', 'a\0b', '1:1 not-text the file is not text'],
    ['a list', '- a\n', '1:1 wrong-type the file is a list; it must be a mapping'],
    [
      'a key twice',
      'version: 1\nname: a\nname: b\nstages: { s: { steps: [{ run: x }] } }\n',
      '3:1 duplicate-key `name` stands twice, first in line 2',
    ],
    [
      'a custom tag',
      'version: 1\nname: !exec a\nstages: { s: { steps: [{ run: x }] } }\n',
      '2:7 yaml-tag custom tags are not read',
    ],
    [
      'a merge key',
      'version: 1\nname: a\nstages:\n  s: &s { steps: [{ run: x }] }\n  t: { <<: *s }\n',
      '5:8 not-here `<<` means nothing here',
    ],
  ])('%s', async (_, text, message) => {
    expect(await told(text)).toEqual([message])
  })

  test('2 MB of YAML are refused unread', async () => {
    expect(await told(`version: 1\n# ${'x'.repeat(2 * 1024 * 1024)}\n`)).toEqual([
      '1:1 too-large the file is larger than 1 MB (2097166 bytes)',
    ])
  })

  test('an alias bomb is refused', async () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]`),
    ].join('\n')
    expect(await told(bomb)).toEqual(['1:1 too-many-aliases the file expands aliases without end'])
  })

  test('keys of the prototype are keys like others', async () => {
    const text = 'version: 1\nname: t\n__proto__: { x: 1 }\nconstructor: 1\nstages: { s: { steps: [{ run: x }] } }\n'
    expect(await told(text)).toEqual([
      '3:1 unknown-key unknown key `__proto__`',
      '4:1 unknown-key unknown key `constructor`',
    ])
  })

  test('a matrix of more combinations than any memory holds is refused unbuilt', async () => {
    const values = `[${Array.from({ length: 100 }, (_, n) => n).join(', ')}]`
    const matrix = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}: ${values}`).join(', ')
    const text = `version: 1\nname: t\nstages:\n  s: { matrix: { ${matrix} }, steps: [{ run: x }] }\n`
    expect(await told(text)).toEqual(['4:8 large-matrix the matrix has 10000000000 combinations; at most 2000 run'])
  })
})
