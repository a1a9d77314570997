/** Amounts are whole cents, so that no sum is off by a rounding. */

/**
 * The given percentage of an amount, rounded to the next cent, halves up.
 * @param {number} cents
 * @param {number} percent
 */
export function percentOf(cents, percent) {
  return Math.round((cents * percent) / 100)
}

/**
 * An amount for people: `1234` is `12.34 EUR`.
 * @param {number} cents
 */
export function format(cents) {
  const sign = cents < 0 ? '-' : ''
  const whole = Math.floor(Math.abs(cents) / 100)
  const rest = String(Math.abs(cents) % 100).padStart(2, '0')
  return `${sign}${whole}.${rest} EUR`
}
