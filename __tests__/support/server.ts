import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on the loopback address. */
export interface LoopbackServer {
  port: number
  /** `http://127.0.0.1:PORT`. */
  url: string
  close(): Promise<void>
}

/** Starts a server on a free port; `close` also ends its open connections. */
export async function loopbackServer(listener: RequestListener): Promise<LoopbackServer> {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
