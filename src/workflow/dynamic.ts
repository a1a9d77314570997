import { idPattern } from '../base/address.js'
import type { Json } from '../base/json.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { stripControls } from '../base/text.js'
import type { Cell, StageFile } from '../language/workflow.js'
import { expressionsOf } from './expression/template.js'
import type { Template } from './expression/template.js'
import { combinations, maxInstances, maxProduct, productSize } from './matrix.js'
import type { Combination, Matrix } from './matrix.js'
import type { JsonTemplate } from './model.js'
import type { Reader, ReferenceCheck } from './reader.js'
import type { Path } from './places.js'
import { refuseInMatrix } from './untrusted.js'

/** Reads a matrix with expressions. One that stands for a list or for the whole stands alone: with text around it it would be a text. */
export function readDynamic(
  reader: Reader,
  file: NonNullable<StageFile['matrix']>,
  path: Path,
  check: ReferenceCheck,
): JsonTemplate {
  const whole = typeof file === 'string' ? [{ text: file, at: path }] : []
  const parts = typeof file === 'string' ? [] : Object.entries(file)
  const lists = parts.flatMap(([key, value]) =>
    typeof value === 'string' ? [{ text: value, at: [...path, key] }] : [],
  )
  for (const { text, at } of [...whole, ...lists])
    if (!/^\s*\$\{\{[^]*\}\}\s*$/.test(text))
      reader.problem('bad-value', 'a list for a matrix is one expression', at, {
        hint: 'write `${{ fromJSON(needs.plan.outputs.parts) }}`, with nothing around it',
      })
  return reader.json(trimmed(file), path, 'stage-matrix', refuseInMatrix(check))
}

/** Blanks around an expression are no text of their own. */
const trimmed = (value: Json): Json => {
  if (typeof value === 'string') return value.includes('${{') ? value.trim() : value
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(trimmed)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, trimmed(item)]))
}

/** The stages whose outputs the expressions of a matrix name, in order: when they have ended its instances are known. */
export function stagesBehind(matrix: JsonTemplate): string[] {
  const named = templatesIn(matrix).flatMap((template) =>
    expressionsOf(template).flatMap(({ references }) =>
      references.flatMap(({ context, path: [stage] }) =>
        context === 'needs' && typeof stage === 'string' ? [stage] : [],
      ),
    ),
  )
  return [...new Set(named)]
}

function templatesIn(value: JsonTemplate): Template[] {
  if (value === null || typeof value !== 'object') return []
  if (Array.isArray(value)) return value.flatMap(templatesIn)
  if (isTemplate(value)) return [value]
  return Object.values(value).flatMap(templatesIn)
}

const isTemplate = (value: object): value is Template =>
  Array.isArray((value as Partial<Template>).parts) && typeof (value as Partial<Template>).source === 'string'

/** What an output may make longer than anybody can read or a file can be called. */
const longestCell = 1000

/** The combinations of a matrix that an expression gave, by GitHub's rules; of what is none, why. None at all is an answer. */
export function readCombinations(value: Json): Result<Combination[], string> {
  const wrong = whyNoMatrix(value)
  if (wrong !== undefined) return fail(wrong)
  const matrix = value as Matrix
  const size = productSize(matrix)
  const all = size > maxProduct ? [] : combinations(matrix)
  const many = Math.max(size > maxProduct ? size : 0, all.length)
  return many > maxInstances ? fail(`it has ${many} combinations; at most ${maxInstances} run`) : ok(all)
}

function whyNoMatrix(value: Json): string | undefined {
  if (!isMap(value)) return `it is ${kindOf(value)} and no mapping of lists`
  for (const [key, list] of Object.entries(value)) {
    if (!isName(key)) return `${quoted(key)} is no name of a dimension`
    if (!Array.isArray(list)) return `\`${key}\` is ${kindOf(list)} and no list`
    const rows = key === 'include' || key === 'exclude'
    const wrong = list.map((item) => (rows ? whyNoRow(item) : whyNoCell(item))).find((why) => why !== undefined)
    if (wrong !== undefined) return `\`${key}\` holds ${wrong}`
  }
  return undefined
}

function whyNoRow(row: Json): string | undefined {
  if (!isMap(row)) return `${kindOf(row)}, not combinations`
  const name = Object.keys(row).find((key) => !isName(key))
  if (name !== undefined) return `${quoted(name)}, which is no name of a dimension`
  return Object.values(row)
    .map(whyNoCell)
    .find((why) => why !== undefined)
}

/** Values of a matrix stand in addresses and names of files; what nobody could read there is none. */
function whyNoCell(cell: Json): string | undefined {
  if (!isCell(cell)) return `${kindOf(cell)}; a value is a text, a number, true or false`
  if (typeof cell !== 'string') return undefined
  if (cell.length > longestCell) return `a text of ${cell.length} characters; at most ${longestCell} are read`
  return stripControls(cell) !== cell || /[\t\n\u2028\u2029]/.test(cell)
    ? `a text with control characters: ${quoted(cell)}`
    : undefined
}

/** `__proto__` cannot be a key like others. */
const isName = (key: string): boolean => RegExp(idPattern).test(key) && key !== '__proto__'
const isCell = (value: Json): value is Cell => ['string', 'number', 'boolean'].includes(typeof value)
const isMap = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const quoted = (text: string): string => JSON.stringify(text.slice(0, 60))

function kindOf(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string' ? `the text ${quoted(value)}` : `\`${String(value)}\``
}
