import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Node {
  [key: string]: unknown
}

const tests = fileURLToPath(new URL('..', import.meta.url))
const schema = JSON.parse(readFileSync(`${tests}../schema/wf.schema.json`, 'utf8')) as Node

/** Every mapping's keys in the schema, with their descriptions. */
function keysOf(node: unknown, found = new Map<string, unknown[]>()): Map<string, unknown[]> {
  if (Array.isArray(node)) node.forEach((item) => keysOf(item, found))
  else if (node !== null && typeof node === 'object') {
    const { properties } = node as Node
    for (const [key, value] of Object.entries((properties ?? {}) as Node))
      found.set(key, [...(found.get(key) ?? []), value])
    Object.entries(node).forEach(([name, value]) =>
      name === 'properties' ? Object.values(value as Node).forEach((v) => keysOf(v, found)) : keysOf(value, found),
    )
  }
  return found
}

/** The text of the tests that run workflows, so not of those that only check files. */
const running = ['engine', 'acceptance', 'clones', 'gates', 'trigger', 'plan', 'run', 'history']
const text = running
  .flatMap((folder) =>
    readdirSync(tests).includes(folder)
      ? readdirSync(`${tests}${folder}`, { recursive: true }).map((name) => `${tests}${folder}/${String(name)}`)
      : [],
  )
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n')

describe('the language', () => {
  const keys = keysOf(schema)

  test('every key has a description', () => {
    const without = [...keys].filter(([, nodes]) => nodes.some((node) => !(node as Node)['description']))
    expect(without.map(([key]) => key)).toEqual([])
  })

  test('the behaviour of every key is tested where workflows run', () => {
    const untested = [...keys.keys()].filter((key) => !new RegExp(`(^|[\\s{'"\`])${key}['"]?\\s*:`, 'm').test(text))
    expect(untested).toEqual([])
  })
})
