import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compareShares, parseShare } from '../../src/base/share.js'
import type { Evidence } from '../../src/evidence/evidence.js'
import { severities } from '../../src/evidence/evidence.js'
import { limitText, meets, valueText } from '../../src/gates/amount.js'
import { judgeStage } from '../../src/gates/judge.js'
import type { GateSetting, GateSettings } from '../../src/workflow/model.js'
import { coverage, findings, tests } from './evidence.js'
import { scene } from './scene.js'

type Thresholds = GateSetting['thresholds']
const setting = (thresholds: Thresholds): GateSetting => ({ off: false, perInstance: false, thresholds, suites: {} })
const statusOf = (settings: GateSettings, evidence: Evidence) =>
  judgeStage({ ...scene(), address: 's', settings, instances: [{ address: 's', evidence: [evidence] }] }).verdicts[0]
    ?.status
const good = (status: string | undefined): boolean => status === 'pass' || status === 'warn'

const few = fc.nat(30)
const share = fc.integer({ min: 0, max: 1000 }).map((part) => ({ part, whole: 1000 }))
const by = <V>(value: V) => ({ default: value, targets: {} })

describe('monotone', () => {
  test('one more failing test never turns a verdict good', () => {
    fc.assert(
      fc.property(fc.tuple(few, few, few), share, fc.boolean(), ([passed, failed, skipped], rate, error) => {
        const settings = { tests: setting({ 'pass-rate': by(rate) }) }
        const before = statusOf(settings, tests({ passed, failed, skipped }))
        const more = error ? { failed, errors: 1 } : { failed: failed + 1 }
        const after = statusOf(settings, tests({ passed, skipped, ...more }))
        // Of no tests at all a first failing one makes data; it is still not good unless 0 % is allowed.
        if (!good(before) && rate.part > 0) expect(good(after)).toBe(false)
      }),
    )
  })

  test('a passing test that begins to fail never turns a verdict good, whatever else is demanded', () => {
    fc.assert(
      fc.property(few, few, few, fc.tuple(share, share, few), (passed, failed, skipped, [rate, skips, minimum]) => {
        const settings = {
          tests: setting({ 'pass-rate': by(rate), skipped: by(skips), minimum: by(minimum) }),
        }
        const before = statusOf(settings, tests({ passed: passed + 1, failed, skipped }))
        const after = statusOf(settings, tests({ passed, failed: failed + 1, skipped }))
        if (!good(before)) expect(good(after)).toBe(false)
      }),
    )
  })

  test('one more finding never turns a verdict good, one more covered line never bad', () => {
    const list = fc.array(fc.constantFrom(...severities), { maxLength: 12 })
    fc.assert(
      fc.property(list, fc.constantFrom(...severities), few, few, (some, more, limit, line) => {
        for (const [category, key] of [
          ['lint', 'issues'],
          ['types', 'errors'],
          ['secrets', 'any'],
          ['vulnerabilities', 'high'],
        ] as const) {
          const settings = { [category]: setting({ [key]: by(limit % 5) }) }
          const before = statusOf(settings, findings(category, ...some))
          if (before === 'fail') expect(statusOf(settings, findings(category, ...some, more))).toBe('fail')
        }
        const settings = { coverage: setting({ lines: by({ part: limit, whole: 40 }) }) }
        if (good(statusOf(settings, coverage([line, 31]))))
          expect(good(statusOf(settings, coverage([line + 1, 31])))).toBe(true)
      }),
    )
  })
})

describe('exact', () => {
  test('at the border the threshold is met, one test or line under it is not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 1_000_000 }), (a, b) => {
        const [part, whole] = [Math.min(a, b), Math.max(a, b)]
        const lines = { coverage: setting({ lines: by({ part, whole }) }) }
        expect(statusOf(lines, coverage([part, whole]))).toBe('pass')
        expect(statusOf(lines, coverage([part - 1, whole]))).toBe('fail')
      }),
    )
  })

  test('a limit is shown as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000 }), fc.integer({ min: 0, max: 6 }), (n, digits) => {
        const integer = n % 100
        const text = digits === 0 ? `${integer}%` : `${integer}.${String(n % 10 ** digits).padStart(digits, '0')}%`
        const parsed = parseShare(text)!
        const again = parseShare(limitText(parsed))!
        expect(compareShares(parsed, again)).toBe(0)
      }),
    )
    expect(limitText({ part: 995, whole: 1000 })).toBe('99.5%')
    expect(limitText({ part: 100, whole: 100 })).toBe('100%')
    expect(limitText(5)).toBe('5')
  })

  test('a value that misses its limit is never shown on the limit’s good side', () => {
    const shares = fc.tuple(fc.nat(10_000_000), fc.integer({ min: 1, max: 10_000_000 }))
    const limits = fc.constantFrom('0%', '50%', '79.999%', '99.5%', '99.9999%', '100%')
    fc.assert(
      fc.property(shares, limits, fc.constantFrom('least', 'most'), ([a, b], limitWritten, bound) => {
        const value = { part: Math.min(a, b), whole: Math.max(a, b) }
        const limit = parseShare(limitWritten)!
        const shown = parseShare(valueText(value, bound, limit))!
        if (!meets(value, bound, limit)) expect(meets(shown, bound, limit)).toBe(false)
      }),
    )
  })
})
