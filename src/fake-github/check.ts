import type { ErrorObject, ValidateFunction } from 'ajv'
import type { Json } from '../base/json.js'
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

/** How many faults of one message are told. */
const told = 10

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const formats = {
  'date-time': (text: string) => dateTime.test(text) && !Number.isNaN(Date.parse(text)),
  uri: /^[a-z][a-z0-9+.-]*:\S+$/i,
  email: /^\S+@\S+$/,
  int32: true,
  int64: true,
} as const

/** Builds a checker of the description. */
export async function createChecker(description: Description): Promise<Checker> {
  // The bundle knows a CommonJS module only by its default export.
  const { Ajv } = (await import('ajv')).default
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false, formats })
  ajv.addSchema({ $id: 'openapi', schemas: description.schemas })
  const compiled = new Map<Schema, ValidateFunction>()
  const resolve = (reference: string): Schema | undefined =>
    description.schemas[reference.replace('openapi#/schemas/', '')]

  const faultsOf = (value: Json, schema: Schema): string[] => {
    const validate = compiled.get(schema) ?? ajv.compile(schema)
    compiled.set(schema, validate)
    return validate(value) ? [] : [...new Set((validate.errors ?? []).map(say))].slice(0, told)
  }
  const operationOf = (id: string): Operation => {
    const operation = description.operations[id]
    if (!operation) throw new Error(`${id} is not in the trimmed description; add it to scripts/openapi.mjs`)
    return operation
  }

  return {
    request(id, asked) {
      const { parameters, body } = operationOf(id)
      const ofQuery = queryFaults(asked.query, parameters, faultsOf)
      const ofBody = asked.body === undefined ? missingBody(body) : body ? faultsOf(asked.body, body.schema) : []
      const limits = asked.body === undefined || ofBody.length > 0 ? [] : limitsOf(id, asked.body)
      const strange = asked.body === undefined || !body ? [] : undescribed(asked.body, body.schema, resolve)
      return {
        invalid: [...ofQuery.invalid, ...ofBody, ...limits],
        ignored: [...ofQuery.ignored, ...strange.map((path) => `GitHub knows no property \`${path}\` here`)],
      }
    },
    answer(id, status, body) {
      const { answers } = operationOf(id)
      const schema = answers[String(status)]
      if (schema === undefined) return status < 400 ? [`GitHub does not describe the status ${status}`] : []
      if (schema === null || body === undefined) return []
      return [
        ...faultsOf(body, schema),
        ...undescribed(body, schema, resolve).map((path) => `GitHub does not describe \`${path}\``),
      ].slice(0, told)
    },
  }
}

const missingBody = (body: Operation['body']): string[] => (body?.required ? ['the request needs a body'] : [])

/** The errors of a validator in words: `output.annotations must NOT have more than 50 items`. */
function say({ instancePath, message, params }: ErrorObject): string {
  const path = instancePath
    .slice(1)
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
  const allowed = Array.isArray(params['allowedValues']) ? `: ${params['allowedValues'].join(', ')}` : ''
  return `${path || 'the value'} ${message ?? 'is not as described'}${allowed}`
}

function queryFaults(
  query: URLSearchParams,
  parameters: readonly Parameter[],
  faultsOf: (value: Json, schema: Schema) => string[],
): RequestFaults {
  const invalid: string[] = []
  const ignored: string[] = []
  for (const [name, text] of query) {
    const parameter = parameters.find((p) => p.in === 'query' && p.name === name)
    if (!parameter) ignored.push(`GitHub knows no parameter \`${name}\` here`)
    else invalid.push(...faultsOf(typed(text, parameter.schema), parameter.schema).map((f) => `${name}: ${f}`))
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
