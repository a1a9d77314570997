import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { hostSockets } from '../../src/host/sockets.js'

/** Answers what it is told twice, and hangs up at `bye`. */
let server: Server
const open = new Set<Socket>()
beforeAll(async () => {
  server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => (String(chunk) === 'bye' ? socket.end() : socket.write(String(chunk).repeat(2))))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  for (const socket of open) socket.destroy()
  server.close()
})
const at = (more = {}) => ({
  host: '127.0.0.1',
  port: (server.address() as AddressInfo).port,
  secure: false,
  timeoutMs: 5000,
  ...more,
})

test('bytes go both ways, until the other side ends', async () => {
  const connection = await hostSockets().connect(at())
  await connection.write(Buffer.from('one'))
  expect(String(await connection.read())).toBe('oneone')
  await connection.write(Buffer.from('bye'))
  expect(await connection.read()).toBe(undefined)
  connection.close()
})

test('after its end nothing can be written', async () => {
  const connection = await hostSockets().connect(at())
  connection.close()
  await expect(connection.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('nobody there, no name and no TLS are of the outside, and said', async () => {
  const port = await new Promise<number>((resolve) => {
    const closed = createServer().listen(0, '127.0.0.1', () => {
      const { port } = closed.address() as AddressInfo
      closed.close(() => resolve(port))
    })
  })
  await expect(hostSockets().connect(at({ port }))).rejects.toThrow('127.0.0.1 refused the connection')
  await expect(hostSockets().connect(at({ host: 'nowhere.invalid' }))).rejects.toMatchObject({ name: 'OutsideError' })
  await expect(hostSockets().connect(at({ secure: true }))).rejects.toMatchObject({ name: 'OutsideError' })
})
