import type { Json } from '../base/json.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { createCheck } from './ajv.js'
import { faultSchema } from './faults.js'
import type { Fault } from './faults.js'
import { seedSchema } from './seed.js'
import type { Seed } from './seed.js'

/** Reads what the fake shall hold from the text of a JSON file; every mistake is told by its path. */
export async function readSeed(text: string): Promise<Result<Seed, string>> {
  return read<Seed>(text, seedSchema)
}

/** Reads a list of rules by which requests fail from the text of a JSON file. */
export async function readFaults(text: string): Promise<Result<Fault[], string>> {
  const rules = await read<Fault[]>(text, { type: 'array', items: faultSchema })
  if (!rules.ok) return rules
  const broken = rules.value.flatMap(({ route = '' }, index) => {
    const reason = brokenPattern(route)
    return reason === undefined ? [] : [`[${index}].route is no regular expression: ${reason}`]
  })
  return broken.length > 0 ? { ok: false, problems: broken } : rules
}

async function read<T>(text: string, schema: object): Promise<Result<T, string>> {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (cause) {
    return fail(`it is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  const check = await createCheck()
  const problems = check({ ...schema }, value)
  return problems.length > 0 ? { ok: false, problems } : ok(value as T)
}

function brokenPattern(route: string | RegExp): string | undefined {
  try {
    void new RegExp(route)
    return undefined
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
}
