import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostPorts } from '../../src/host/index.js'

let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wf-ports-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the host has every port, and making them does not start anything', () => {
  expect(Object.keys(hostPorts()).sort()).toEqual([
    'clock',
    'files',
    'git',
    'http',
    'modules',
    'processes',
    'random',
    'sockets',
    'terminal',
  ])
})

test('randomness has the length and the range that were asked for', () => {
  const { random } = hostPorts()
  expect(random.hex(7)).toMatch(/^[0-9a-f]{7}$/)
  expect(new Set(Array.from({ length: 100 }, () => random.hex(16))).size).toBe(100)
  const fractions = Array.from({ length: 1000 }, () => random.fraction())
  expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...fractions)).toBeLessThan(1)
  expect(new Set(fractions).size).toBeGreaterThan(990)
})

test('a module is loaded by its path, whatever characters are in it', async () => {
  const path = join(folder, 'my plug-in #1%.mjs')
  writeFileSync(path, 'export const answer = 42\n')
  expect(await hostPorts().modules.load(path)).toMatchObject({ answer: 42 })
  await expect(hostPorts().modules.load(join(folder, 'missing.mjs'))).rejects.toThrow('missing.mjs')
})
