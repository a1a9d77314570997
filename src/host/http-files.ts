import { once } from 'node:events'
import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from 'node:fs'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { dirname } from 'node:path'
import type { FilePart } from '../ports.js'
import { systemCode, systemError } from './system-error.js'

/** Large enough that a big file costs few turns. */
const chunkBytes = 512 * 1024

/** Sends a part of a file as the body of a request, as fast as the other side takes it. */
export async function sendFrom({ file, from, bytes }: FilePart, sent: ClientRequest): Promise<void> {
  if (bytes === 0) return void sent.end()
  const content = createReadStream(file, { start: from, end: from + bytes - 1, highWaterMark: chunkBytes })
  try {
    for await (const chunk of content) {
      // An answer before the end, or a connection that broke: the rest is of no use.
      if (sent.destroyed) return
      if (!sent.write(chunk)) await Promise.race([once(sent, 'drain'), once(sent, 'close')])
    }
    sent.end()
  } catch (cause) {
    sent.destroy()
    const code = systemCode(cause)
    throw code === undefined || code === 'ECONNRESET' || code === 'EPIPE' ? cause : systemError(code, 'reading', file)
  }
}

/** Writes the body of an answer into a file; false when it is longer than allowed. */
export async function pourInto(file: string, message: IncomingMessage, maxBytes: number): Promise<boolean> {
  const open = attempt(file, () => {
    mkdirSync(dirname(file), { recursive: true })
    return openSync(file, 'w')
  })
  try {
    let room = maxBytes
    for await (const chunk of message as AsyncIterable<Uint8Array>) {
      room -= chunk.length
      if (room < 0) return false
      attempt(file, () => {
        for (let at = 0; at < chunk.length;) at += writeSync(open, chunk, at)
      })
    }
    return true
  } finally {
    closeSync(open)
  }
}

/** Runs a system call; its failure becomes an `OutsideError` about the file. */
function attempt<T>(file: string, call: () => T): T {
  try {
    return call()
  } catch (cause) {
    const code = systemCode(cause)
    throw code === undefined ? cause : systemError(code, 'writing', file)
  }
}
