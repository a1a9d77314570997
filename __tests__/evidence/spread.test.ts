import { describe, expect, test } from '@jest/globals'
import { type Piece, spread } from '../../src/evidence/spread.js'

const piece = (place: string, hits: number): Piece => {
  const [line = 0, column = 0, endLine = 0, endColumn = 0] = place.split(/[.,]/).map(Number)
  return { line, column, endLine, endColumn, hits }
}
const lines = (...pieces: [place: string, hits: number][]): Record<number, number> => {
  const { edges, inner } = spread(pieces.map(([place, hits]) => piece(place, hits)))
  return Object.fromEntries(new Map([...inner, ...edges]))
}

describe('pieces of source', () => {
  test('give their hits to each of their lines', () => {
    expect(lines(['5.12,8.22', 1], ['10.9,11.3', 0])).toEqual({ 5: 1, 6: 1, 7: 1, 8: 1, 10: 0, 11: 0 })
  })

  test('that share a line cover it when one of them ran', () => {
    expect(lines(['7.27,8.12', 2], ['8.12,10.4', 0])).toEqual({ 7: 2, 8: 2, 9: 0, 10: 0 })
  })

  test('do not cover a closure that never ran, but what stands around it', () => {
    const around: [string, number] = ['1.1,9.2', 1]
    expect(lines(around, ['3.10,6.3', 0])).toEqual({ 1: 1, 2: 1, 3: 1, 4: 0, 5: 0, 6: 0, 7: 1, 8: 1, 9: 1 })
    // Within the closure a branch ends and its rest begins; the statement around it holds neither line.
    expect(lines(around, ['3.10,4.8', 0], ['4.8,5.6', 0], ['6.3,7.2', 0])).toMatchObject({
      4: 0,
      5: 0,
      6: 0,
      7: 0,
      8: 1,
    })
  })

  test('that overlap half, begin at one place or are empty still end', () => {
    expect(lines(['1.1,5.1', 1], ['3.1,8.1', 0])).toMatchObject({ 1: 1, 2: 1, 8: 0 })
    expect(lines(['1.1,5.1', 0], ['1.1,2.1', 3], ['4.4,4.4', 1])).toMatchObject({ 1: 3, 3: 0, 4: 1 })
    expect(lines()).toEqual({})
  })
})
