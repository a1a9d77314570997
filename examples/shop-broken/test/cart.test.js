import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Cart, CartError } from '../src/cart.js'

describe('cart', () => {
  test('the same product twice is one line', () => {
    const lines = new Cart().add('tea', 2).add('mug').add('tea').lines()
    assert.deepEqual(
      lines.map(({ product, quantity }) => [product.sku, quantity]),
      [
        ['tea', 3],
        ['mug', 1],
      ],
    )
  })

  test('a removed product is gone', () => {
    assert.equal(new Cart().add('tea', 5).remove('tea').empty, true)
  })

  test('an unknown product is refused', () => {
    assert.throws(() => new Cart().add('coffee'), new CartError('there is no product "coffee"'))
  })

  test('quantities that nobody can mean are refused', () => {
    for (const quantity of [0, -1, 1.5, NaN]) assert.throws(() => new Cart().add('tea', quantity), CartError)
    assert.throws(() => new Cart().add('tea', 60).add('tea', 60), /at most 99/)
  })
})
