import type { Reader } from '../../reader.js'
import { eslintJson } from './eslint-json.js'
import { pyrightJson } from './pyright-json.js'
import { ruffJson } from './ruff-json.js'
import { sarif } from './sarif.js'
import { tsc } from './tsc.js'

/** Readers of what linters, formatters and type checkers write, in the order in which they are asked whether a report is theirs. */
export const findings = [sarif, eslintJson, ruffJson, pyrightJson, tsc] as const satisfies readonly Reader[]
