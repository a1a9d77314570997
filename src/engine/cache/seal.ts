import { createCipheriv, createDecipheriv, hkdfSync, scryptSync } from 'node:crypto'
import { OutsideError } from '../../base/errors.js'
import type { Files, Random } from '../../ports.js'

/** Encrypts entries, and decrypts them again. */
export interface Sealer {
  /** Writes the file encrypted to another; `name` is bound to it, so that no entry can stand in for another. */
  seal(name: string, from: string, to: string): Promise<void>
  /** Writes the file decrypted to another; false when it was not encrypted so, with this secret, or is not what was written. */
  open(name: string, from: string, to: string): Promise<boolean>
  /** The same for what is in memory. */
  sealBytes(name: string, content: Uint8Array): Uint8Array
  openBytes(name: string, sealed: Uint8Array): Uint8Array | undefined
}

const mark = Buffer.from('wf-sealed 1\n')
const sizes = { salt: 16, nonce: 12, tag: 16 }
const cipher = 'aes-256-gcm'
const headSize = mark.length + sizes.salt + sizes.nonce

/**
 * AES-256-GCM. The key of an entry is made by HKDF of a salt of its own and of the secret, which scrypt makes dear to guess; contents
 * pass through in pieces.
 */
export function sealerOf(secret: string, files: Files, random: Random): Sealer {
  let stretched: Buffer | undefined
  const keyFor = (salt: Uint8Array): Buffer => {
    // The same for all machines that share the secret, so its salt cannot be random; that of each entry is.
    stretched ??= scryptSync(secret, 'wf step cache 1', 32)
    return Buffer.from(hkdfSync('sha256', stretched, salt, 'wf-sealed 1', 32))
  }
  const begin = (name: string) => {
    const [salt, nonce] = [sizes.salt, sizes.nonce].map((bytes) => Buffer.from(random.hex(bytes * 2), 'hex'))
    if (!salt || !nonce) throw new Error('no randomness')
    const sealing = createCipheriv(cipher, keyFor(salt), nonce).setAAD(Buffer.from(name))
    return { head: Buffer.concat([mark, salt, nonce]), sealing }
  }
  return {
    sealBytes(name, content) {
      const { head, sealing } = begin(name)
      return Buffer.concat([head, sealing.update(content), sealing.final(), sealing.getAuthTag()])
    },
    openBytes(name, sealed) {
      const border = sealed.length - sizes.tag
      if (border < headSize) return undefined
      const all = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      const opening = openingOf(name, all, keyFor)?.setAuthTag(all.subarray(border))
      try {
        return opening && Buffer.concat([opening.update(all.subarray(headSize, border)), opening.final()])
      } catch {
        // It is not authentic.
        return undefined
      }
    },
    async seal(name, from, to) {
      const { head, sealing } = begin(name)
      files.remove(to)
      const appender = files.append(to)
      try {
        appender.write(head)
        for await (const chunk of files.stream(from)) appender.write(sealing.update(chunk))
        appender.write(Buffer.concat([sealing.final(), sealing.getAuthTag()]))
      } finally {
        appender.close()
      }
    },
    async open(name, from, to) {
      const content = new Withheld(sizes.tag)
      let opening: ReturnType<typeof openingOf> | undefined
      files.remove(to)
      const appender = files.append(to)
      let head = Buffer.alloc(0)
      try {
        for await (const chunk of files.stream(from)) {
          let rest: Uint8Array = chunk
          if (!opening) {
            head = Buffer.concat([head, chunk])
            if (head.length < headSize) continue
            opening = openingOf(name, head, keyFor)
            if (!opening) return false
            rest = head.subarray(headSize)
          }
          appender.write(opening.update(content.push(rest)))
        }
        if (!opening || content.held.length < sizes.tag) return false
        opening.setAuthTag(content.held)
        appender.write(opening.final())
        return true
      } catch (cause) {
        if (cause instanceof OutsideError) throw cause
        // What is not authentic is only known at its end; the caller throws away what was written.
        return false
      } finally {
        appender.close()
      }
    },
  }
}

function openingOf(name: string, head: Buffer, keyFor: (salt: Uint8Array) => Buffer) {
  if (!head.subarray(0, mark.length).equals(mark)) return undefined
  const salt = head.subarray(mark.length, mark.length + sizes.salt)
  const nonce = head.subarray(mark.length + sizes.salt, mark.length + sizes.salt + sizes.nonce)
  return createDecipheriv(cipher, keyFor(salt), nonce, { authTagLength: sizes.tag }).setAAD(Buffer.from(name))
}

/** Passes bytes on, the last ones aside, of which it is not known yet whether they are the end. */
class Withheld {
  held: Buffer = Buffer.alloc(0)
  constructor(private readonly count: number) {}

  push(chunk: Uint8Array): Buffer {
    const all = Buffer.concat([this.held, chunk])
    const border = Math.max(0, all.length - this.count)
    this.held = all.subarray(border)
    return all.subarray(0, border)
  }
}
