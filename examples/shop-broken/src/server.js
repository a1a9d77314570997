import { createServer } from 'node:http'
import { Cart, CartError } from './cart.js'
import { allProducts } from './catalog.js'
import { checkout } from './checkout.js'
import { PaymentError } from './payment.js'
import { quote } from './pricing.js'
import { version } from './version.js'

const largestBody = 10_000

/**
 * The shop over HTTP: `GET /health`, `GET /products`, `POST /quote` and `POST /orders`, all in JSON. The caller listens.
 * @param {{ charge(cents: number, card: string): Promise<string> }} payment
 */
export function shopServer(payment) {
  /** @type {Record<string, (body: any) => unknown>} */
  const routes = {
    'GET /health': () => ({ status: 'ok', version }),
    'GET /products': () => ({ products: allProducts() }),
    'POST /quote': (body) => quote(readCart(body.items), body.voucher),
    'POST /orders': (body) => checkout({ ...body, cart: readCart(body.items) }, payment),
  }
  return createServer(async (request, response) => {
    const { status, answer } = await respond(routes, request)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer))
  })
}

/**
 * @param {Record<string, (body: any) => unknown>} routes
 * @param {import('node:http').IncomingMessage} request
 */
async function respond(routes, request) {
  const name = `${request.method} ${request.url?.split('?', 1)[0]}`
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined
  if (!route) return { status: 404, answer: { error: `there is no ${name}` } }
  try {
    const body = request.method === 'POST' ? await readJson(request) : undefined
    return { status: 200, answer: await route(body) }
  } catch (error) {
    return refusal(error)
  }
}

/** @param {unknown} error */
function refusal(error) {
  if (error instanceof CartError) return { status: 400, answer: { error: error.message } }
  if (error instanceof PaymentError) return { status: error.declined ? 402 : 502, answer: { error: error.message } }
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  return { status: 500, answer: { error: 'something went wrong here' } }
}

/** @param {import('node:http').IncomingMessage} request */
async function readJson(request) {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > largestBody) throw new CartError('the request is too large')
  }
  try {
    return JSON.parse(text) ?? {}
  } catch {
    throw new CartError('the request is not JSON')
  }
}

/** @param {unknown} items */
function readCart(items) {
  if (!Array.isArray(items)) throw new CartError('`items` is a list of { sku, quantity }')
  const cart = new Cart()
  for (const item of items) cart.add(item?.sku, item?.quantity)
  return cart
}
