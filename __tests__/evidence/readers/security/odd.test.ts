import { describe, expect, test } from '@jest/globals'
import type { ReadReport } from '../../../../src/evidence/evidence.js'
import { messages, read } from '../../reading.js'
import { rows, samples } from './samples.js'

const found = ({ evidence }: ReadReport): number => (evidence?.kind === 'findings' ? evidence.findings.length : 0)
const odd = [null, true, -1, 1e308, '', 'x', '\uD800', [], [[]], [null], ['x'], {}, { x: {} }] as const

/** Every copy of a document in which one value is replaced. */
function* replaced(value: unknown, by: readonly unknown[]): Generator {
  yield* by
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries())
      for (const other of replaced(item, by)) yield value.map((each: unknown, k) => (k === i ? other : each))
  } else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value))
      for (const other of replaced(item, by)) yield { ...value, [key]: other }
}

/** Every copy in which one list that is not empty is something else. */
function* withoutList(value: unknown): Generator {
  if (Array.isArray(value) && value.length > 0) {
    yield 'x'
    yield 7
    yield { x: 1 }
  }
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries())
      for (const other of withoutList(item)) yield value.map((each: unknown, k) => (k === i ? other : each))
  } else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value))
      for (const other of withoutList(item)) yield { ...value, [key]: other }
}

describe('small reports', () => {
  test.each(samples)('%s is recognised by content, finds something and hides secrets', async (format, sample) => {
    const report = await read(JSON.stringify(sample))
    expect([report.format, messages(report)]).toEqual([format, []])
    expect(found(report)).toBeGreaterThan(0)
    expect(JSON.stringify(report)).not.toContain('canary')
  })

  test.each(samples)('%s never throws, whatever a value is replaced by', async (format, sample) => {
    for (const other of replaced(sample, odd)) {
      const report = await read(JSON.stringify(other), { format })
      if (report.evidence === null) expect(messages(report).length).toBeGreaterThan(0)
    }
  })

  test.each(samples)('%s loses no finding silently where a list is something else', async (format, sample) => {
    const whole = found(await read(JSON.stringify(sample)))
    for (const other of withoutList(sample)) {
      const report = await read(JSON.stringify(other), { format })
      if (found(report) < whole && messages(report).length === 0) throw new Error(JSON.stringify(other))
    }
  })

  test.each(rows)('%s in rows is recognised by content, finds something and hides secrets', async (format, text) => {
    const report = await read(text)
    expect([report.format, found(report), messages(report)]).toEqual([format, 1, []])
    expect(JSON.stringify(report)).not.toContain('canary')
  })

  test.each(rows)('%s in rows never passes where a document is cut', async (format, text) => {
    const ends = new Set([...text.matchAll(/\n(?=\{|$)/g)].flatMap(({ index }) => [index, index + 1]))
    for (let at = 1; at < text.length; at++) {
      const report = await read(text.slice(0, at), { format })
      if (!ends.has(at) && messages(report).length === 0) throw new Error(`cut at ${at}`)
    }
  })
})
