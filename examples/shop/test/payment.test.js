import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { paymentService } from '../src/payment.js'

const service = (fetch) => paymentService({ url: 'https://payments.example/charges', accessKey: 'key', fetch })
const answering = (status, body) => service(async () => new Response(JSON.stringify(body), { status }))

describe('payment', () => {
  test('charges the amount in cents, with the key', async () => {
    const sent = []
    const payment = service(async (url, init) => {
      sent.push([url, init.headers.authorization, JSON.parse(init.body)])
      return new Response('{"id":"ch_1"}')
    })
    assert.equal(await payment.charge(2990, 'card'), 'ch_1')
    const body = { amount: 2990, currency: 'EUR', card: 'card' }
    assert.deepEqual(sent, [['https://payments.example/charges', 'Bearer key', body]])
  })

  test('a declined card is told apart from a service that fails', async () => {
    await assert.rejects(answering(402, {}).charge(1, 'card'), { declined: true })
    await assert.rejects(answering(503, {}).charge(1, 'card'), { declined: false, message: /answered 503/ })
  })

  test('no answer is a service that fails', async () => {
    const silent = service(async () => {
      throw new Error('connection refused')
    })
    await assert.rejects(silent.charge(1, 'card'), { declined: false, message: /does not answer: connection refused/ })
  })
})
