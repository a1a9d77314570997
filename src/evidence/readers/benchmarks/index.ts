import type { Reader } from '../../reader.js'

/** Readers of benchmarks, in the order in which they are asked whether a report is theirs. */
export const benchmarks = [] as const satisfies readonly Reader[]
