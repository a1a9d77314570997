import { describe, expect, test } from '@jest/globals'
import { array, assert as holds, constantFrom, oneof, property, string, stringMatching } from 'fast-check'
import { Redactor } from '../../src/base/redact.js'
import { anyToken, mayHoldToken, tokenShapes } from '../../src/base/tokens.js'

/** Texts of a shape; what looks about is left out of it, so that not each of them is a token. */
const tokensOf = ({ source }: RegExp) =>
  stringMatching(new RegExp(`^(?:${source.replaceAll(/\\b|\(\?<?[=!](?:[^()\\]|\\.)*\)/g, '')})$`))

describe('the search for plain words', () => {
  test.each(tokenShapes.map((shape) => [shape.pattern.source, shape] as const))(
    'finds each token of %s',
    (_, shape) => {
      let all = 0
      holds(
        property(tokensOf(shape.pattern), (text) => {
          const found = text.match(shape.pattern) ?? []
          all += found.length
          for (const token of found) {
            expect(shape.marks.some((mark) => token.includes(mark))).toBe(true)
            expect(mayHoldToken(token)).toBe(true)
          }
        }),
        { numRuns: 50 },
      )
      expect(all).toBeGreaterThan(10)
    },
  )

  test('changes nothing of what the redactor masks', () => {
    const token = oneof(...tokenShapes.map(({ pattern }) => tokensOf(pattern)))
    const mark = constantFrom(...tokenShapes.flatMap(({ marks }) => marks))
    const piece = oneof(token, mark, string(), constantFrom(' ', '"', '\n', '0123456789abcdef'.repeat(4)))
    holds(
      property(array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join('')
        expect(new Redactor().text(text)).toBe(text.replace(anyToken, '***'))
      }),
      { numRuns: 2000 },
    )
  })

  test('finds nothing in the lines of a journal that hold no token', () => {
    const line = { type: 'cache.hit', step: 'build/install', key: '9f'.repeat(32), saved_ms: 11 }
    expect(mayHoldToken(JSON.stringify(line))).toBe(false)
  })
})
