import type { Reader } from '../../reader.js'
import { junit } from './junit.js'
import { tap } from './tap.js'

/** Readers of test reports, in the order in which they are asked whether a report is theirs. */
export const tests = [junit, tap] as const satisfies readonly Reader[]
