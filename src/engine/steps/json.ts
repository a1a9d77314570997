import type { Json } from '../../base/json.js'
import type { Environment } from '../../workflow/expression/evaluate.js'
import type { Template } from '../../workflow/expression/template.js'
import type { JsonMap, JsonTemplate } from '../../workflow/model.js'

/** Replaces the expressions in JSON; a text that is one expression takes its typed value. */
export function fillJson(value: JsonTemplate, expressions: Environment): Json {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => fillJson(item, expressions))
  if (isTemplate(value)) return expressions.value(value)
  return fillMap(value, expressions)
}

/** The same for a mapping. */
export const fillMap = (map: JsonMap, expressions: Environment): { [key: string]: Json } =>
  Object.fromEntries(Object.entries(map).map(([key, item]) => [key, fillJson(item, expressions)]))

const isTemplate = (value: Template | JsonMap): value is Template =>
  Array.isArray(value['parts']) && typeof value['source'] === 'string'
