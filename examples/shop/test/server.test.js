import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { PaymentError } from '../src/payment.js'
import { shopServer } from '../src/server.js'
import { version } from '../src/version.js'

const address = { name: 'Ada', street: 'Harbour 1', city: 'Bremen', country: 'DE' }

/** Cards tell the fake service what to do. */
const payment = {
  async charge(cents, card) {
    if (card === 'declined') throw new PaymentError('the card was declined', true)
    if (card === 'broken') throw new Error('a bug')
    return `ch_${cents}`
  },
}

describe('server', () => {
  const server = shopServer(payment)
  let root = ''
  before(async () => {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    root = `http://127.0.0.1:${server.address().port}`
  })
  after(() => server.close())

  const post = async (path, body) => {
    const response = await fetch(root + path, { method: 'POST', body: JSON.stringify(body) })
    return { status: response.status, ...(await response.json()) }
  }

  test('says that it is healthy, and which version it is', async () => {
    const response = await fetch(`${root}/health`)
    assert.deepEqual(await response.json(), { status: 'ok', version })
  })

  test('lists the products', async () => {
    const { products } = await (await fetch(`${root}/products?page=1`)).json()
    assert.equal(products.length, 4)
  })

  test('tells the price before anything is bought', async () => {
    const answer = await post('/quote', { items: [{ sku: 'pot', quantity: 1 }], voucher: 'TEATIME' })
    assert.equal(answer.total, 3675 + 490)
  })

  test('takes an order', async () => {
    const answer = await post('/orders', { items: [{ sku: 'mug', quantity: 4 }], address, card: 'good' })
    assert.equal(answer.charge, 'ch_5000')
  })

  test('says what is wrong with a request', async () => {
    assert.equal((await post('/orders', { items: 'mug' })).status, 400)
    assert.equal((await post('/quote', { items: [{ sku: 'coffee' }] })).error, 'there is no product "coffee"')
    assert.equal((await post('/quote', 'x'.repeat(20_000))).error, 'the request is too large')
    const garbage = await fetch(`${root}/quote`, { method: 'POST', body: '{' })
    assert.deepEqual(await garbage.json(), { error: 'the request is not JSON' })
  })

  test('a declined card is 402', async () => {
    const answer = await post('/orders', { items: [{ sku: 'mug' }], address, card: 'declined' })
    assert.deepEqual(answer, { status: 402, error: 'the card was declined' })
  })

  test('a bug tells the customer nothing', async (context) => {
    context.mock.method(process.stderr, 'write', () => true)
    const answer = await post('/orders', { items: [{ sku: 'mug' }], address, card: 'broken' })
    assert.deepEqual(answer, { status: 500, error: 'something went wrong here' })
  })

  test('what is not there is 404', async () => {
    assert.equal((await fetch(`${root}/admin`)).status, 404)
  })
})
