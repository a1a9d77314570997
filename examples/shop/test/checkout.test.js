import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Cart } from '../src/cart.js'
import { checkout } from '../src/checkout.js'

const address = { name: 'Ada', street: 'Harbour 1', city: 'Bremen', country: 'DE' }

/** A payment service that remembers what it was asked for. */
function ledger() {
  const charges = []
  return {
    charges,
    async charge(...asked) {
      charges.push(asked)
      return 'ch_1'
    },
  }
}

describe('checkout', () => {
  test('charges the total and answers with the order', async () => {
    const payment = ledger()
    const order = await checkout({ cart: new Cart().add('mug', 2), address, card: 'card' }, payment)
    assert.deepEqual(payment.charges, [[2990, 'card']])
    assert.equal(order.charge, 'ch_1')
    assert.deepEqual(order.to, address)
  })

  test('an empty cart is not charged', async () => {
    const payment = ledger()
    await assert.rejects(checkout({ cart: new Cart(), address, card: 'card' }, payment), /the cart is empty/)
    assert.deepEqual(payment.charges, [])
  })

  test('an address that lacks something is not charged', async () => {
    const payment = ledger()
    const request = { cart: new Cart().add('tea'), address: { name: 'Ada', city: ' ' }, card: 'card' }
    await assert.rejects(checkout(request, payment), /the address lacks: street, city, country/)
    assert.deepEqual(payment.charges, [])
  })
})
