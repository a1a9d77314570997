import type { Benchmark } from './evidence.js'

/** By what a benchmark is known again: one name may be measured in several units. */
export const benchmarkKey = ({ name, unit }: Pick<Benchmark, 'name' | 'unit'>): string => `${name}\n${unit}`
