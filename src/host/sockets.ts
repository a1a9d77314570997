import { once } from 'node:events'
import type { Socket } from 'node:net'
import { OutsideError } from '../base/errors.js'
import type { Connection, Sockets } from '../ports.js'

/** Connections of this machine; each is one of its own, and none keeps the process alive after `close`. */
export function hostSockets(): Sockets {
  return {
    async connect({ host, port, secure, timeoutMs }) {
      const socket = secure
        ? (await import('node:tls')).connect({ host, port, servername: host })
        : (await import('node:net')).connect({ host, port })
      try {
        await once(socket, secure ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(Math.ceil(timeoutMs)) })
      } catch (cause) {
        socket.destroy()
        throw failure(cause, host)
      }
      return connectionOf(socket, host)
    },
  }
}

function connectionOf(socket: Socket, host: string): Connection {
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  let broken: unknown
  // Without a listener an error between two calls would end the process.
  socket.on('error', (cause) => (broken = cause))
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      throw failure(cause, host)
    }
  }
  return {
    write: async (bytes) =>
      guarded(async () => {
        if (broken) throw broken
        if (socket.destroyed) throw new OutsideError(`${host} closed the connection`, 'ECONNRESET')
        if (!socket.write(bytes)) await Promise.race([once(socket, 'drain'), once(socket, 'close')])
      }),
    read: async () =>
      guarded(async () => {
        const { value, done } = await chunks.next()
        return done ? undefined : value
      }),
    close: () => void socket.destroy(),
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'has no address',
  EAI_AGAIN: 'could not be looked up',
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
  ETIMEDOUT: 'did not accept the connection in time',
  ABORT_ERR: 'did not accept the connection in time',
}

function failure(cause: unknown, host: string): unknown {
  if (cause instanceof OutsideError) return cause
  const { code, message } = cause as NodeJS.ErrnoException
  // TLS names its failures otherwise (`CERT_HAS_EXPIRED`, `ERR_TLS_…`), and several addresses fail together without a code.
  if (typeof code === 'string') return new OutsideError(`${host} ${reasons[code] ?? `failed: ${message}`}`, code)
  const all = cause instanceof AggregateError ? (cause.errors as unknown[]) : []
  return all.length ? failure(all[0], host) : cause
}
