import type { GatesFile } from '../language/gates.js'

/** What is asked of OpenAPI documents. */
export interface OpenApiRules {
  files: readonly string[]
  /** Every operation says who may call it. */
  security: 'required' | 'optional'
  /** What a change means that breaks clients of the base. */
  breaking: 'fail' | 'warn' | 'allow'
}

/** What is asked of JSON Schemas of events. */
export interface EventRules {
  files: readonly string[]
  compatibility: 'backward' | 'forward' | 'full' | 'none'
}

/** What a gate asks of contracts; what is absent is not asked for. */
export interface ContractRules {
  openapi?: OpenApiRules
  events?: EventRules
}

/** The keys of the gate that are no thresholds. */
export const contractKeys: ReadonlySet<string> = new Set(['openapi', 'events'])

/** The names that OpenAPI documents usually have, where the file names none. */
const usualFiles = ['**/openapi.{yaml,yml,json}', '**/swagger.{yaml,yml,json}'] as const

/** What is asked for, with defaults filled in. */
export function readContracts(file: Exclude<NonNullable<GatesFile['contracts']>, 'off'>): ContractRules {
  const { openapi = file.events === undefined ? [...usualFiles] : undefined, events } = file
  return {
    ...(openapi === undefined ? {} : { openapi: openApiOf(openapi) }),
    ...(events === undefined ? {} : { events: eventsOf(events) }),
  }
}

type Written<K extends 'openapi' | 'events'> = NonNullable<Exclude<NonNullable<GatesFile['contracts']>, 'off'>[K]>

function openApiOf(written: Written<'openapi'>): OpenApiRules {
  const rules = typeof written === 'string' || Array.isArray(written) ? { files: written } : written
  return {
    files: [rules.files].flat(),
    security: ('security' in rules ? rules.security : undefined) ?? 'optional',
    breaking: ('breaking' in rules ? rules.breaking : undefined) ?? 'fail',
  }
}

function eventsOf(written: Written<'events'>): EventRules {
  const rules = typeof written === 'string' || Array.isArray(written) ? { files: written } : written
  return {
    files: [rules.files].flat(),
    compatibility: ('compatibility' in rules ? rules.compatibility : undefined) ?? 'backward',
  }
}
