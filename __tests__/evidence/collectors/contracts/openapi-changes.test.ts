import { describe, expect, test } from '@jest/globals'
import { changed } from './judge.js'
import { edited, rows, shop } from './pairs.js'

const openapi = '*.yaml'
const inFile = (text: string): Record<string, string> => ({ 'api.yaml': text })

describe('a change of an OpenAPI document', () => {
  test.each(rows.map(([what, edits, told]) => [what, edits, told] as const))('where %s', async (_, edits, told) => {
    // What a change sets out from may be edited too: the edits before the last that speak of a sunset.
    const isSunset = edits[0]?.[0].startsWith('x-sunset')
    const before = isSunset ? edited(edits.slice(0, 1)) : shop
    const found = await changed({ openapi }, [inFile(before), inFile(edited(edits))])
    expect(found.map((one) => one.replace(/^\S+ /, '').split(' ').slice(0, 2).join(' ').replace(':', ''))).toEqual(
      told.map((one) => one.split(' ').slice(0, 2).join(' ')),
    )
    for (const [i, one] of told.entries()) expect(found[i]).toContain(one.split(' ').slice(2).join(' '))
  })
})
