import { describe, expect, test } from '@jest/globals'
import { buildPlan } from '../../src/plan/build.js'
import type { Shelf } from '../../src/workflow/compiled.js'
import { loadWorkflow } from '../../src/workflow/load.js'

/** A shelf in memory that counts. */
function shelf(): Shelf & { texts: Map<string, string>; found: number } {
  const texts = new Map<string, string>()
  return {
    texts,
    found: 0,
    get(key) {
      const text = texts.get(key)
      if (text !== undefined) this.found += 1
      return text
    },
    put: (key, text) => void texts.set(key, text),
  }
}

const text = `version: 1
name: shop
stages:
  build: { requires: { python: 3.10 }, steps: [{ run: 'echo \${{ github.sha }}' }] }
  test:
    needs: build
    steps: { unit: { run: npm test, reports: r.xml } }
    gates: { coverage: { lines: { production: 80% } } }
  production: { needs: test }
`
const load = (kept: Shelf, file = text) => loadWorkflow('.github/wf.yml', file, kept)

describe('a file that was without a mistake before', () => {
  test('is not parsed again, and is the same workflow with the same places', async () => {
    const kept = shelf()
    const [first, second] = [await load(kept), await load(kept)]
    expect(kept.found).toBe(1)
    if (!first.ok || !second.ok) throw new Error('the file is valid')
    const plain = (value: unknown): string =>
      JSON.stringify(value, (_, part: unknown) => (part instanceof Map ? [...part] : part))
    expect(plain(second.workflow)).toBe(plain(first.workflow))
    expect(plain(second.workflow)).toContain('"3.10"')
    const [a, b] = [first, second].map(({ workflow }) => buildPlan(workflow, 'test'))
    expect(a?.ok).toBe(false)
    expect(b).toEqual(a)
  })

  test('is read anew when a letter of it differs', async () => {
    const kept = shelf()
    await load(kept)
    await load(kept, text.replace('npm test', 'npm tset'))
    expect(kept.found).toBe(0)
    expect(kept.texts.size).toBe(2)
  })

  test('is read anew when what was kept is damaged or tells too little', async () => {
    const kept = shelf()
    const first = await load(kept)
    const [key = ''] = kept.texts.keys()
    for (const damaged of [
      '',
      '{',
      '{}',
      '[]',
      'null',
      (kept.texts.get(key) ?? '').replace(/"written":\[.*?\]\]/, '"written":[]'),
    ]) {
      kept.texts.set(key, damaged)
      expect(JSON.stringify(await load(kept))).toBe(JSON.stringify(first))
    }
  })
})

test('a file with a mistake is not kept', async () => {
  const kept = shelf()
  expect((await load(kept, text.replace('needs: build', 'needs: biuld'))).ok).toBe(false)
  expect(kept.texts.size).toBe(0)
})
