import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compareShares, formatShare, parseShare } from '../../src/base/share.js'

describe('shares', () => {
  test('reads percentages exactly and nothing else', () => {
    expect(parseShare('80%')).toEqual({ part: 80, whole: 100 })
    expect(parseShare('99.5%')).toEqual({ part: 995, whole: 1000 })
    for (const bad of ['80', '101%', '-1%', '%', '1e2%', ' 80%']) expect(parseShare(bad)).toBeUndefined()
  })

  test('99,999 of 100,000 is not 100 %', () => {
    expect(compareShares({ part: 99_999, whole: 100_000 }, { part: 100, whole: 100 })).toBe(-1)
    expect(formatShare({ part: 99_999, whole: 100_000 })).toBe('99.99%')
  })

  test('what is shown never overstates', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 1_000_000 }), (a, b) => {
        const share = { part: Math.min(a, b), whole: b }
        const shown = parseShare(formatShare(share))
        expect(shown && compareShares(shown, share)).toBeLessThanOrEqual(0)
      }),
    )
  })
})
