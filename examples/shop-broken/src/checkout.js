import { CartError } from './cart.js'
import { quote } from './pricing.js'

/**
 * Makes an order of a cart: checks the address, charges the card, and answers with what the customer bought. Nothing is
 * charged when anything is wrong before.
 * @param {{ cart: import('./cart.js').Cart, address: unknown, card: string, voucher?: string }} request
 * @param {{ charge(cents: number, card: string): Promise<string> }} payment
 */
export async function checkout({ cart, address, card, voucher }, payment) {
  if (cart.empty) throw new CartError('the cart is empty')
  const to = readAddress(address)
  const price = quote(cart, voucher)
  var charge = await payment.charge(price.total, card)
  return { charge, to, ...price }
}

/** @param {unknown} address */
function readAddress(address) {
  const given = /** @type {Record<string, unknown>} */ (address ?? {})
  const parts = ['name', 'street', 'city', 'country'].map((key) => [key, String(given[key] ?? '').trim()])
  const missing = parts.filter(([, value]) => value === '').map(([key]) => key)
  if (missing.length > 0) throw new CartError(`the address lacks: ${missing.join(', ')}`)
  return Object.fromEntries(parts)
}
