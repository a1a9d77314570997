/** The payment was refused, or nobody answered; `declined` tells which. */
export class PaymentError extends Error {
  /**
   * @param {string} message
   * @param {boolean} declined
   */
  constructor(message, declined) {
    super(message)
    this.declined = declined
  }
}

/**
 * Charges cards at the payment service. The answer of `charge` is the service's own number of the charge.
 * @param {{ url: string, accessKey: string, fetch?: typeof globalThis.fetch }} options
 */
export function paymentService({ url, accessKey, fetch = globalThis.fetch }) {
  return {
    /**
     * @param {number} cents
     * @param {string} card
     * @returns {Promise<string>}
     */
    async charge(cents, card) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${accessKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ amount: cents, currency: 'EUR', card }),
        signal: AbortSignal.timeout(5000),
      }).catch((cause) => {
        throw new PaymentError(`the payment service does not answer: ${cause.message}`, false)
      })
      if (response.status === 402) throw new PaymentError('the card was declined', true)
      if (!response.ok) throw new PaymentError(`the payment service answered ${response.status}`, false)
      const { id } = await response.json()
      return id
    },
  }
}
