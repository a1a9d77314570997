import { BooleanData, StringData } from '@actions/expressions/data/index'
import type { ExpressionData } from '@actions/expressions/data/index'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'
import type { Json } from '../../base/json.js'
import { fromData, toData } from './data.js'

/** What the status functions and `hashFiles` answer; the engine knows, the grammar does not. */
export interface Answers {
  success(): boolean
  failure(): boolean
  always(): boolean
  cancelled(): boolean
  /** SHA-256 over the files that the patterns match, or an empty text when none does. */
  hashFiles: (patterns: string[]) => string
}

const signatures = [
  { name: 'success', minArgs: 0, maxArgs: 0 },
  { name: 'failure', minArgs: 0, maxArgs: 0 },
  { name: 'always', minArgs: 0, maxArgs: 0 },
  { name: 'cancelled', minArgs: 0, maxArgs: 0 },
  { name: 'hashFiles', minArgs: 1, maxArgs: 255 },
]
const builtIn = ['case', 'contains', 'endsWith', 'format', 'fromJSON', 'join', 'startsWith', 'toJSON']

/** The functions that GitHub's grammar leaves to the host, as the parser wants them. */
export const hostFunctions = signatures.map((signature) => ({ ...signature, description: '' }))

/** Every function that an expression may call. */
export const functionNames = [...builtIn, ...signatures.map((s) => s.name)]

/** The implementations for one evaluation; `fromJSON` and `toJSON` are ours, since the library's lose some keys. */
export function functionsFor(answers: Answers): Map<string, FunctionDefinition> {
  const define = (name: string, call: (...args: ExpressionData[]) => ExpressionData): [string, FunctionDefinition] => [
    name.toLowerCase(),
    { name, description: '', minArgs: 0, maxArgs: 255, call },
  ]
  return new Map([
    define('success', () => new BooleanData(answers.success())),
    define('failure', () => new BooleanData(answers.failure())),
    define('always', () => new BooleanData(answers.always())),
    define('cancelled', () => new BooleanData(answers.cancelled())),
    define('hashFiles', (...args) => new StringData(answers.hashFiles(args.map((a) => a.coerceString())))),
    define('fromJSON', (text) => toData(parseJson(text?.coerceString() ?? ''))),
    define('toJSON', (value) => new StringData(JSON.stringify(value ? fromData(value) : null, null, 2))),
  ])
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw new Error(`fromJSON: ${text.trim() === '' ? 'the text is empty' : 'the text is not JSON'}`, { cause })
  }
}
