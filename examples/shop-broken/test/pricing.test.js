import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Cart } from '../src/cart.js'
import { quote } from '../src/pricing.js'

describe('pricing', () => {
  test('a small parcel costs shipping', () => {
    const { goods, shipping, total } = quote(new Cart().add('mug', 2))
    assert.deepEqual({ goods, shipping, total }, { goods: 2500, shipping: 490, total: 2990 })
  })

  test('shipping is free from 50 EUR', () => {
    assert.equal(quote(new Cart().add('mug', 4)).shipping, 0)
  })

  test('an empty cart costs nothing', () => {
    assert.equal(quote(new Cart()).total, 0)
  })

  test('ten of a kind are ten percent cheaper', () => {
    assert.equal(quote(new Cart().add('tea', 9)).goods, 8010)
    assert.equal(quote(new Cart().add('tea', 10)).goods, 8010)
  })

  test('each rate of tax is in its part of the price', () => {
    assert.equal(quote(new Cart().add('pot')).tax, 782)
    assert.equal(quote(new Cart().add('book')).tax, 105)
    assert.equal(quote(new Cart().add('pot').add('book')).tax, 887)
  })

  test('a voucher counts when the goods are worth it', () => {
    assert.equal(quote(new Cart().add('mug'), 'WELCOME10').discount, 125)
    assert.equal(quote(new Cart().add('pot'), 'TEATIME').discount, 1225)
    assert.equal(quote(new Cart().add('mug'), 'TEATIME').discount, 0)
  })

  test('a word that is no voucher changes nothing', () => {
    for (const word of ['nothing', 'constructor']) assert.equal(quote(new Cart().add('mug'), word).discount, 0)
  })
})
