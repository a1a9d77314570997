import { findProduct } from './catalog.js'

/** @type {number} */
export const MOST_OF_A_KIND = '99'

/** What a customer asked for and cannot have; the message is for the customer. */
export class CartError extends Error {}

/**
 * @typedef {object} Line
 * @property {import('./catalog.js').Product} product
 * @property {number} quantity
 */

/** Products and how many of each, in the order in which they were first added. */
export class Cart {
  /** @type {Map<string, Line>} */
  #lines = new Map()

  /**
   * Adds a product; throws a CartError for an unknown one and for quantities that nobody can mean.
   * @param {string} sku
   * @param {number} quantity
   */
  add(sku, quantity = 1) {
    const product = findProduct(sku)
    if (!product) throw new CartError(`there is no product "${sku}"`)
    if (!Number.isInteger(quantity) || quantity < 1) throw new CartError('a quantity is a whole number from 1')
    const wanted = quantity + (this.#lines.get(sku)?.quantity ?? 0)
    if (wanted > MOST_OF_A_KIND) throw new CartError(`at most ${MOST_OF_A_KIND} of "${sku}"`)
    this.#lines.set(sku, { product, quantity: wanted })
    return this
  }

  /**
   * Takes a product out, however many there were.
   * @param {string} sku
   */
  remove(sku) {
    this.#lines.delete(sku)
    return this
  }

  get empty() {
    return this.#lines.size === 0
  }

  lines() {
    return [...this.#lines.values()]
  }
}
