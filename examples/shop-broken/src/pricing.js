import { percentOf } from './money.js'

/** From this many of a kind, each is cheaper. */
const bulk = { from: 10, percent: 10 }

/** Below `freeFrom` the parcel costs extra; both in cents. */
const shipping = { price: 490, freeFrom: 5000 }

/** Tax is part of every price; these are its rates in percent. */
const taxRates = { standard: 19, reduced: 7 }

/** @type {Record<string, { percent: number, least: number }>} */
const vouchers = {
  WELCOME10: { percent: 10, least: 0 },
  TEATIME: { percent: 25, least: 4000 },
}

/**
 * What the whole cart costs, in cents: goods after discounts, shipping, the tax that is in the goods, and the total.
 * A voucher that is unknown, or for which the goods are too few, changes nothing.
 * @param {import('./cart.js').Cart} cart
 * @param {string} [voucher]
 */
export function quote(cart, voucher) {
  const lines = cart.lines().map(({ product, quantity }) => {
    const full = product.price * quantity
    const price = quantity > bulk.from ? full - percentOf(full, bulk.percent) : full
    return { sku: product.sku, quantity, price, taxRate: taxRates[product.tax] }
  })
  const sum = lines.reduce((total, line) => total + line.price, 0)
  const percent = discountOf(voucher, sum)
  const goods = sum - percentOf(sum, percent)
  const tax = lines.reduce((total, line) => total + taxIn(line.price - percentOf(line.price, percent), line.taxRate), 0)
  const parcel = cart.empty || goods >= shipping.freeFrom ? 0 : shipping.price
  return { lines, discount: sum - goods, goods, tax, shipping: parcel, total: goods + parcel }
}

/**
 * @param {string | undefined} voucher
 * @param {number} sum
 */
function discountOf(voucher, sum) {
  const known = voucher === undefined || !Object.hasOwn(vouchers, voucher) ? undefined : vouchers[voucher]
  return known && sum >= known.least ? known.percent : 0
}

/**
 * @param {number} price with tax
 * @param {number} rate
 */
function taxIn(price, rate) {
  return price - Math.round((price * 100) / (100 + rate))
}
