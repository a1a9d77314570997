import type { IncomingMessage, ServerResponse } from 'node:http'
import { refusal } from './answer.js'
import type { Answer } from './answer.js'
import type { Checker } from './check.js'
import { storedArtifact } from './endpoints/actions.js'
import { faultAnswer } from './faults.js'
import type { Faults } from './faults.js'
import { pageAt } from './pages.js'
import type { Holds } from './holds.js'
import type { Log, LogEntry } from './log.js'
import { rateHeaders, rateOf } from './rate.js'
import { needsOf, readRequest } from './request.js'
import type { Incoming } from './request.js'
import { respond } from './respond.js'
import type { Router } from './routes.js'
import type { World } from './world.js'
import { readIncoming, send } from './wire.js'

/** All that serving needs. */
export interface Service {
  readonly world: World
  readonly router: Router
  readonly checker: Checker
  readonly faults: Faults
  readonly holds: Holds
  readonly log: Log
  /** Told of each request when it is over. */
  readonly onRequest: (entry: LogEntry) => void
  /** Told what is wrong with the fake itself. */
  readonly bug: (entry: LogEntry, text: string) => void
}

interface Exchange {
  readonly entry: LogEntry
  readonly response: ServerResponse
  /** Aborted when the client hangs up, and when all is over. */
  readonly gone: AbortSignal
}

/** Serves one request from its first byte to its answer; never rejects. */
export async function serve(service: Service, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const entry = service.log.begin(message.method ?? 'GET', message.url ?? '/')
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  try {
    const incoming = await readIncoming(message)
    if (incoming) await answer(service, incoming, { entry, response, gone: gone.signal })
    else finish(entry, response, refusal(413, 'Payload too large', { connection: 'close' }))
  } catch (cause) {
    // A client that hung up within its body is no bug; all else is.
    if (message.complete) {
      const text = `the fake failed: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`
      service.bug(entry, text)
      finish(entry, response, refusal(500, text))
    }
  }
  service.onRequest(entry)
}

async function answer(service: Service, incoming: Incoming, { entry, response, gone }: Exchange): Promise<void> {
  const { world, router, faults, holds } = service
  const { method, path, query } = incoming
  const page = method === 'GET' || method === 'HEAD' ? pageAt(world.state, path) : undefined
  if (page) {
    entry.route = 'page'
    return finish(entry, response, page)
  }
  const stored = method === 'GET' ? storedArtifact(world.state, path, query) : undefined
  const request = readRequest(world, router, incoming)
  const { token } = request.caller
  entry.route = stored ? 'artifact' : request.route
  entry.token = token?.login ?? null
  const strike = faults.strike(method, path)
  if (strike) entry.fault = strike.kind
  if (strike?.kind === 'slow' && !(await holds.wait(gone, strike.hold))) return
  if (strike?.kind === 'reset') return drop(response)
  const needs = needsOf(request)
  const rate = rateOf(world, token)
  const judges = {
    checker: service.checker,
    mistake: (text: string) => service.log.mistake(entry, text),
    bug: (text: string) => service.bug(entry, text),
  }
  const given = (strike && faultAnswer(strike, needs, rate)) ?? stored ?? respond(incoming, request, judges)
  if (strike?.kind === 'lost') {
    entry.status = given.status
    return drop(response)
  }
  finish(entry, response, given, {
    ...(stored ? {} : rateHeaders(rate)),
    ...(needs ? { 'x-accepted-github-permissions': needs } : {}),
  })
}

const drop = (response: ServerResponse): void => {
  response.socket?.resetAndDestroy()
}

function finish(
  entry: LogEntry,
  response: ServerResponse,
  given: Answer,
  headers: { [name: string]: string } = {},
): void {
  entry.status = given.status
  send(response, given, { 'x-github-request-id': `FAKE:${entry.seq}`, ...headers })
}
