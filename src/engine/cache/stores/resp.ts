import { OutsideError } from '../../../base/errors.js'
import { stripControls } from '../../../base/text.js'
import type { Connection } from '../../../ports.js'

/** What Redis answers: a text, a number, bytes, nothing, or a list of these. */
export type Reply = string | number | Uint8Array | undefined | Reply[]
export type Argument = string | Uint8Array

/** No answer of the commands that are sent here is larger. */
const limits = { bulk: 128 * 2 ** 20, line: 64 * 2 ** 10, items: 1_000_000 }

/** Asks Redis by RESP2, its protocol: several commands at once, answered in order. An error that it answers is an `OutsideError`. */
export class RespClient {
  #rest: Buffer = Buffer.alloc(0)

  constructor(private readonly connection: Connection) {}

  async ask(...commands: readonly (readonly Argument[])[]): Promise<Reply[]> {
    await this.connection.write(Buffer.concat(commands.map(encode)))
    const replies: Reply[] = []
    let refused: OutsideError | undefined
    // All are read before one fails, so that the next command finds its own answer.
    for (let left = commands.length; left > 0; left -= 1) {
      const reply = await this.#reply()
      if (reply instanceof OutsideError) refused ??= reply
      else replies.push(reply)
    }
    if (refused) throw refused
    return replies
  }

  close(): void {
    this.connection.close()
  }

  async #reply(): Promise<Reply | OutsideError> {
    const line = await this.#line()
    const [kind, text] = [line[0], line.slice(1)]
    if (kind === '+') return text
    if (kind === '-') return new OutsideError(stripControls(text).slice(0, 200), text.split(' ', 1)[0] ?? 'ERR')
    const number = Number(text)
    if (!/^-?\d+$/.test(text)) throw strange()
    if (kind === ':') return number
    if (kind === '$') return number === -1 ? undefined : this.#bulk(number)
    if (kind !== '*') throw strange()
    if (number === -1) return undefined
    if (number > limits.items) throw strange()
    const items: Reply[] = []
    for (let i = 0; i < number; i += 1) {
      const item = await this.#reply()
      if (item instanceof OutsideError) throw item
      items.push(item)
    }
    return items
  }

  async #bulk(size: number): Promise<Uint8Array> {
    if (size < 0 || size > limits.bulk) throw strange()
    const bytes = await this.#take(size + 2)
    if (bytes[size] !== 13 || bytes[size + 1] !== 10) throw strange()
    return bytes.subarray(0, size)
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n')
      if (end !== -1) {
        const line = this.#rest.toString('utf8', 0, end)
        this.#rest = this.#rest.subarray(end + 2)
        return line
      }
      if (this.#rest.length > limits.line) throw strange()
      this.#rest = Buffer.concat([this.#rest, await this.#more()])
    }
  }

  async #take(count: number): Promise<Buffer> {
    const parts = [this.#rest]
    let size = this.#rest.length
    while (size < count) {
      const more = await this.#more()
      parts.push(Buffer.from(more))
      size += more.length
    }
    const all = parts.length === 1 ? this.#rest : Buffer.concat(parts)
    this.#rest = all.subarray(count)
    return all.subarray(0, count)
  }

  async #more(): Promise<Uint8Array> {
    const chunk = await this.connection.read()
    if (chunk === undefined) throw new OutsideError('the server closed the connection', 'ECONNRESET')
    return chunk
  }
}

function encode(command: readonly Argument[]): Uint8Array {
  const parts = command.flatMap((argument) => {
    const bytes = Buffer.from(argument)
    return [Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')]
  })
  return Buffer.concat([Buffer.from(`*${command.length}\r\n`), ...parts])
}

const strange = (): OutsideError => new OutsideError('what answered there is no Redis', 'ERR_PROTOCOL')
