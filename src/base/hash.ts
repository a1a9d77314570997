import * as crypto from 'node:crypto'

/** Hashes at once, which costs half as much; Node 20 has it since 20.12. */
const { hash } = crypto as Partial<Pick<typeof crypto, 'hash'>>

/** SHA-256 as 64 hexadecimal characters; a text is hashed as UTF-8. */
export const sha256 = (content: string | Uint8Array): string =>
  hash ? hash('sha256', content) : crypto.createHash('sha256').update(content).digest('hex')
