import type { Json } from '../base/json.js'

/** What the fake answers; `body` becomes JSON, `raw` is sent as it is. */
export interface Answer {
  readonly status: number
  readonly body?: Json
  readonly raw?: { readonly type: string; readonly bytes: Uint8Array }
  readonly headers?: { readonly [name: string]: string }
}

const documentation = 'https://docs.github.com/rest'

/** An answer of JSON. */
export const json = (status: number, body: Json, headers: { [name: string]: string } = {}): Answer => ({
  status,
  body,
  headers,
})

/** The answer to what succeeded and has nothing to say. */
export const noContent: Answer = { status: 204 }

/** An error as GitHub words it. */
export const refusal = (status: number, message: string, headers: { [name: string]: string } = {}): Answer =>
  json(status, { message, documentation_url: documentation, status: String(status) }, headers)

/** There is no such thing, or it may not be seen. */
export const notFound = (): Answer => refusal(404, 'Not Found')

/** The request is well formed, and what it asks cannot be done. */
export const unprocessable = (message: string): Answer => refusal(422, message)
