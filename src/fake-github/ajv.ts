import type { ErrorObject, ValidateFunction } from 'ajv'
import type { Json } from '../base/json.js'
import type { Schema } from './operation.js'

/** Says why a value is not as a schema wants it; empty when it is. A schema is compiled when it is first used. */
export type Check = (schema: Schema, value: Json) => string[]

/** How many faults of one value are told. */
const told = 10

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const formats = {
  'date-time': (text: string) => dateTime.test(text) && !Number.isNaN(Date.parse(text)),
  uri: /^[a-z][a-z0-9+.-]*:\S+$/i,
  email: /^\S+@\S+$/,
  int32: true,
  int64: true,
} as const

/** Builds a check; `shared` are schemas that others refer to as `openapi#/schemas/NAME`. */
export async function createCheck(shared: { readonly [name: string]: Schema } = {}): Promise<Check> {
  // The bundle knows a CommonJS module only by its default export.
  const { Ajv } = (await import('ajv')).default
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false, formats })
  ajv.addSchema({ $id: 'openapi', schemas: shared })
  const compiled = new Map<Schema, ValidateFunction>()
  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(schema)
    compiled.set(schema, validate)
    return validate(value) ? [] : [...new Set((validate.errors ?? []).map(say))].slice(0, told)
  }
}

/** An error of a validator in words: `output.annotations must NOT have more than 50 items`. */
function say({ instancePath, message, params }: ErrorObject): string {
  const path = instancePath
    .replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replace(/^\//, '')
    .replaceAll('/', '.')
    .replaceAll('~1', '/')
  const allowed = Array.isArray(params['allowedValues']) ? `: ${params['allowedValues'].join(', ')}` : ''
  const extra = params['additionalProperty']
  const which = typeof extra === 'string' ? ` (\`${extra}\`)` : ''
  return `${path || 'the value'} ${message ?? 'is not as described'}${allowed}${which}`
}
