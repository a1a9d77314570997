import { describe, expect, test } from '@jest/globals'
import { assert as holds, array, constantFrom, property, string, tuple } from 'fast-check'
import { Redactor } from '../../src/base/redact.js'

const secret = 'hunter2-correct-horse'
const canary = `ghs_${'a1.B2'.repeat(8)}`

describe('the redactor', () => {
  test('masks values, their encoded forms and known tokens', () => {
    const redactor = new Redactor()
    redactor.add(secret)
    redactor.add('pass"word\\x')
    const base64 = Buffer.from(secret).toString('base64')
    const text = redactor.text(`a ${secret} b ${base64} c ${canary} d ${JSON.stringify('pass"word\\x')}`)
    expect(text).toBe('a *** b *** c *** d "***"')
  })

  test('a longer value is masked before one that it contains', () => {
    const redactor = new Redactor()
    redactor.add('secret')
    redactor.add('secret-and-more')
    expect(redactor.text('secret-and-more secret')).toBe('*** ***')
  })

  test('refuses values that would blot out ordinary text', () => {
    const redactor = new Redactor()
    expect(redactor.add('{')).toBe(false)
    expect(redactor.text('{ }')).toBe('{ }')
  })

  test('no secret survives any way of cutting the text into chunks', () => {
    const noise = string({ maxLength: 40 })
    const piece = tuple(noise, constantFrom(secret, canary, 'x'.repeat(3000), '\n', 'multi\nline-secret'), noise)
    holds(
      property(
        array(piece, { maxLength: 6 }),
        array(constantFrom(1, 2, 7, 50, 1000), { minLength: 1 }),
        (pieces, sizes) => {
          const redactor = new Redactor()
          redactor.add(secret)
          redactor.add('multi\nline-secret')
          const text = pieces.flat().join('')
          const stream = redactor.stream()
          let out = ''
          for (let at = 0, i = 0; at < text.length; i++) {
            const size = sizes[i % sizes.length] ?? 1
            out += stream.push(text.slice(at, at + size))
            at += size
          }
          out += stream.end()
          expect(out).not.toContain(secret)
          expect(out).not.toContain('line-secret')
          expect(out).not.toContain(canary)
          expect(out.replaceAll('*', '').length).toBeLessThanOrEqual(text.length)
        },
      ),
    )
  })
})
