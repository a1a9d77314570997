import { describe, expect, test } from '@jest/globals'
import { combinations, matrixNames } from '../../src/workflow/matrix.js'

type MatrixFile = Parameters<typeof combinations>[0]
const of = (file: object): MatrixFile => file as MatrixFile

describe('a matrix follows GitHub’s rules', () => {
  test('without one there is a single empty combination', () => {
    expect(combinations(undefined)).toEqual([{}])
    expect(matrixNames(undefined)).toEqual([])
  })

  test('the product, in the order of the file', () => {
    expect(combinations(of({ os: ['a', 'b'], node: [20, 24] }))).toEqual([
      { os: 'a', node: 20 },
      { os: 'a', node: 24 },
      { os: 'b', node: 20 },
      { os: 'b', node: 24 },
    ])
  })

  test('exclude takes away, include extends or adds', () => {
    // The example of GitHub's documentation.
    const file = of({
      fruit: ['apple', 'pear'],
      animal: ['cat', 'dog'],
      include: [
        { color: 'green' },
        { color: 'pink', animal: 'cat' },
        { fruit: 'apple', shape: 'circle' },
        { fruit: 'banana' },
        { fruit: 'banana', animal: 'cat' },
      ],
    })
    expect(combinations(file)).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ])
    expect(matrixNames(file)).toEqual(['fruit', 'animal', 'color', 'shape'])
    expect(combinations(of({ a: [1, 2], exclude: [{ a: 1 }] }))).toEqual([{ a: 2 }])
  })

  test('only include', () => {
    expect(combinations(of({ include: [{ a: 1 }, { a: 2 }] }))).toEqual([{ a: 1 }, { a: 2 }])
  })
})
