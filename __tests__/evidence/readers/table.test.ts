import { expect, test } from '@jest/globals'
import { readers } from '../../../src/evidence/readers/table.js'
import { formats, formatsByKind } from '../../../src/language/formats.js'

test('every format that can be named has one reader, and every reader a name', () => {
  expect(readers.map(({ format }) => format).sort()).toEqual([...formats].sort())
})

test('a reader reads what its format is listed under', () => {
  for (const { format, kind } of readers) {
    const under = kind === 'findings' ? ['findings', 'security'] : [kind]
    const lists = under.flatMap((name) => formatsByKind[name as keyof typeof formatsByKind] as readonly string[])
    expect(lists).toContain(format)
  }
})
