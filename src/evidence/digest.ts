/** A running 64-bit digest for telling things apart quickly; not for anything that must resist a forger. */
export class Digest {
  private a = 0x811c9dc5
  private b = 0x9e3779b9

  /** Adds text; the parts are kept apart, `ab` + `c` differs from `a` + `bc`. */
  add(text: string): void {
    let { a, b } = this
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b ^ code, 0x85ebca6b) + a
    }
    this.a = Math.imul(a ^ 0x1f, 0x01000193)
    this.b = (b ^ (b >>> 15) ^ text.length) | 0
  }

  /** Adds a number below 2^53. */
  count(value: number): void {
    this.a = Math.imul(this.a ^ (value | 0), 0x01000193)
    this.b = (Math.imul(this.b ^ (value >>> 7), 0x85ebca6b) + this.a) | 0
  }

  text(): string {
    return (this.a >>> 0).toString(16).padStart(8, '0') + (this.b >>> 0).toString(16).padStart(8, '0')
  }
}
