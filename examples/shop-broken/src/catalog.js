/**
 * @typedef {object} Product
 * @property {string} sku
 * @property {string} name
 * @property {number} price in cents, with tax
 * @property {'standard' | 'reduced'} tax
 */

/** @type {Product[]} */
const products = [
  { sku: 'mug', name: 'Enamel mug', price: 1250, tax: 'standard' },
  { sku: 'tea', name: 'Assam, 250 g', price: 890, tax: 'reduced' },
  { sku: 'pot', name: 'Cast-iron pot', price: 4900, tax: 'standard' },
  { sku: 'book', name: 'The Book of Tea', price: 1600, tax: 'reduced' },
]

/** All products, in the order of the shop window. */
export function allProducts() {
  return [...products]
}

/**
 * The product of that number, or undefined.
 * @param {string} sku
 */
export function findProduct(sku) {
  return products.find((product) => product.sku === sku)
}
