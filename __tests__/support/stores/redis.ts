import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A fault of the next commands: an error that Redis answers to what it is to store, other bytes, half an answer, a closed connection, or silence. */
export type RedisFault = { error: string } | 'garbage' | 'wrong' | 'cut' | 'reset' | 'silent'

export interface FakeRedis {
  port: number
  /** By database and key. */
  values: Map<string, { bytes: Buffer; until: number }>
  asked: string[]
  fault: RedisFault | undefined
  close(): Promise<void>
}

/** The few commands of Redis that the cache uses, over its own protocol; it wants the password first. */
export async function fakeRedis(password: string): Promise<FakeRedis> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    const state = { open: false, database: '0' }
    let held = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk])
      for (;;) {
        const read = command(held)
        if (!read) return
        held = held.subarray(read.size)
        answer(socket, state, read.parts)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fake: FakeRedis = {
    port: (server.address() as AddressInfo).port,
    values: new Map(),
    asked: [],
    fault: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
  function answer(socket: Socket, state: { open: boolean; database: string }, parts: Buffer[]): void {
    const [name = '', ...args] = parts.map((part) => part.toString())
    fake.asked.push([name, ...args.slice(0, 1)].join(' '))
    const { fault } = fake
    if (fault === 'silent') return
    if (fault === 'reset') return void socket.destroy()
    if (fault === 'garbage') return void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')
    if (typeof fault === 'object' && name === 'SET') return void socket.write(`-${fault.error}\r\n`)
    const reply = replyTo(fake, state, parts, password)
    if (fault === 'cut') return void socket.end(reply.subarray(0, Math.ceil(reply.length / 2)))
    socket.write(reply)
  }
  return fake
}

/** One command, where it is there whole. */
function command(bytes: Buffer): { parts: Buffer[]; size: number } | undefined {
  const line = (from: number): { number: number; next: number } | undefined => {
    const end = bytes.indexOf('\r\n', from)
    return end === -1 ? undefined : { number: Number(bytes.toString('utf8', from + 1, end)), next: end + 2 }
  }
  const head = line(0)
  if (!head) return undefined
  const parts: Buffer[] = []
  let at = head.next
  for (let i = 0; i < head.number; i += 1) {
    const size = line(at)
    if (!size || bytes.length < size.next + size.number + 2) return undefined
    parts.push(bytes.subarray(size.next, size.next + size.number))
    at = size.next + size.number + 2
  }
  return { parts, size: at }
}

const bulk = (bytes: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from(`$${Buffer.byteLength(bytes)}\r\n`), Buffer.from(bytes), Buffer.from('\r\n')])
const list = (items: Buffer[]): Buffer => Buffer.concat([Buffer.from(`*${items.length}\r\n`), ...items])
const line = (text: string): Buffer => Buffer.from(`${text}\r\n`)

function replyTo(
  fake: FakeRedis,
  state: { open: boolean; database: string },
  parts: Buffer[],
  password: string,
): Buffer {
  const [name, first = '', ...rest] = parts.map((part) => part.toString())
  if (name === 'AUTH') {
    state.open = (rest[0] ?? first) === password
    return line(state.open ? '+OK' : '-WRONGPASS invalid username-password pair or user is disabled.')
  }
  if (!state.open) return line('-NOAUTH Authentication required.')
  if (name === 'SELECT') {
    state.database = first
    return line('+OK')
  }
  const key = `${state.database} ${first}`
  const now = Date.now()
  const found = fake.values.get(key)
  switch (name) {
    case 'GET':
      return found ? bulk(fake.fault === 'wrong' ? Buffer.from(found.bytes).fill('x', -3) : found.bytes) : line('$-1')
    case 'SET':
      fake.values.set(key, { bytes: Buffer.from(parts[2] ?? ''), until: now + Number(rest[2]) * 1000 })
      return line(rest[1] === 'EX' ? '+OK' : '-ERR syntax error')
    case 'EXPIRE':
      if (found) found.until = now + Number(rest[0]) * 1000
      return line(found ? ':1' : ':0')
    case 'DEL':
      return line(fake.values.delete(key) ? ':1' : ':0')
    case 'STRLEN':
      return line(`:${found?.bytes.length ?? 0}`)
    case 'PTTL':
      return line(`:${found ? found.until - now : -2}`)
    case 'SCAN': {
      // Two keys at a time, so that the cursor is followed.
      const begin = (rest[1] ?? '').replace(/\*$/, '').replaceAll('\\', '')
      const keys = [...fake.values.keys()].filter((one) => one.startsWith(`${state.database} ${begin}`))
      const from = Number(first)
      const next = from + 2 < keys.length ? String(from + 2) : '0'
      return list([bulk(next), list(keys.slice(from, from + 2).map((one) => bulk(one.slice(one.indexOf(' ') + 1))))])
    }
    default:
      return line(`-ERR unknown command '${name ?? ''}'`)
  }
}
