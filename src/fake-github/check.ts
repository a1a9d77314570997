import type { Json } from '../base/json.js'
import { createCheck } from './ajv.js'
import type { Check } from './ajv.js'
import { limitsOf } from './limits.js'
import type { Description, Operation, Parameter, Schema } from './operation.js'
import { undescribed } from './undescribed.js'

/** What a request says, before anything is done about it. */
export interface Asked {
  readonly params: { readonly [name: string]: string }
  readonly query: URLSearchParams
  /** Absent when the request has none. */
  readonly body?: Json
}

/** What is wrong with a request. */
export interface RequestFaults {
  /** There is nothing at such an address. */
  readonly nowhere: readonly string[]
  /** GitHub refuses the request for these. */
  readonly invalid: readonly string[]
  /** GitHub is silent about these, and the client still did not mean them. */
  readonly ignored: readonly string[]
}

/** Holds requests and answers against GitHub's description. Validators are compiled when an operation is first used. */
export interface Checker {
  request(operation: string, asked: Asked): RequestFaults
  /** Why the answer is not as described; empty when it is. `body` is absent for an answer that is not JSON. */
  answer(operation: string, status: number, body?: Json): string[]
}

/** Builds a checker of the description. */
export async function createChecker(description: Description): Promise<Checker> {
  const check = await createCheck(description.schemas)
  const resolve = (reference: string): Schema | undefined =>
    description.schemas[reference.replace('openapi#/schemas/', '')]
  const operationOf = (id: string): Operation => {
    const operation = description.operations[id]
    if (!operation) throw new Error(`${id} is not in the trimmed description; add it to scripts/openapi.mjs`)
    return operation
  }

  return {
    request(id, asked) {
      const { parameters, body } = operationOf(id)
      const ofQuery = queryFaults(asked.query, parameters, check)
      const ofBody = asked.body === undefined ? missingBody(body) : body ? check(body.schema, asked.body) : []
      const limits = asked.body === undefined || ofBody.length > 0 ? [] : limitsOf(id, asked.body)
      const strange = asked.body === undefined || !body ? [] : undescribed(asked.body, body.schema, resolve)
      return {
        nowhere: pathFaults(asked.params, parameters, check),
        invalid: [...ofQuery.invalid, ...ofBody, ...limits],
        ignored: [...ofQuery.ignored, ...strange.map((path) => `GitHub knows no property \`${path}\` here`)],
      }
    },
    answer(id, status, body) {
      const { answers } = operationOf(id)
      const schema = answers[String(status)]
      if (schema === undefined) return status < 400 ? [`GitHub does not describe the status ${status}`] : []
      if (schema === null || body === undefined) return []
      // What GitHub says of an error it describes in many ways, and completely in none.
      const strange = status < 400 ? undescribed(body, schema, resolve) : []
      return [...check(schema, body), ...strange.map((path) => `GitHub does not describe \`${path}\``)]
    },
  }
}

const missingBody = (body: Operation['body']): string[] => (body?.required ? ['the request needs a body'] : [])

/** GitHub knows nothing at an address with a word where a number belongs. */
const pathFaults = (params: Asked['params'], parameters: readonly Parameter[], check: Check): string[] =>
  parameters
    .filter((p) => p.in === 'path')
    .flatMap(({ name, schema }) => check(schema, typed(params[name] ?? '', schema)).map((fault) => `${name}: ${fault}`))

function queryFaults(
  query: URLSearchParams,
  parameters: readonly Parameter[],
  check: Check,
): Omit<RequestFaults, 'nowhere'> {
  const invalid: string[] = []
  const ignored: string[] = []
  for (const [name, text] of query) {
    const parameter = parameters.find((p) => p.in === 'query' && p.name === name)
    if (!parameter) ignored.push(`GitHub knows no parameter \`${name}\` here`)
    else invalid.push(...check(parameter.schema, typed(text, parameter.schema)).map((f) => `${name}: ${f}`))
    if (name === 'per_page' && Number(text) > 100) ignored.push('per_page is 100 at most')
  }
  return { invalid, ignored }
}

/** A parameter's text as the type that its schema wants, where it can be one. */
function typed(text: string, { type }: Schema): Json {
  if ((type === 'integer' || type === 'number') && /^-?\d+$/.test(text)) return Number(text)
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true'
  return text
}
