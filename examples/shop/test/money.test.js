import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { format, percentOf } from '../src/money.js'

describe('money', () => {
  test('a percentage is rounded to the next cent', () => {
    assert.equal(percentOf(999, 10), 100)
    assert.equal(percentOf(1000, 25), 250)
  })

  test('amounts are written with two digits after the point', () => {
    assert.equal(format(1234), '12.34 EUR')
    assert.equal(format(5), '0.05 EUR')
    assert.equal(format(-1999), '-19.99 EUR')
  })
})
