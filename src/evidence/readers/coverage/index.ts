import type { Reader } from '../../reader.js'
import { cobertura } from './cobertura.js'
import { lcov } from './lcov.js'

/** Readers of coverage reports, in the order in which they are asked whether a report is theirs. */
export const coverage = [cobertura, lcov] as const satisfies readonly Reader[]
