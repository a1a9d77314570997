import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { copyOfExample, execute } from '../support/command.js'

jest.setTimeout(120_000)

/**
 * The small tools of examples/shop stand in for real ones, which need an install. Here the real ones read the same faulty
 * program and must name the same faults at the same places.
 */
describe('the tools of examples/shop-broken', () => {
  let broken: Awaited<ReturnType<typeof copyOfExample>>
  beforeAll(async () => {
    broken = await copyOfExample('shop-broken')
  })
  afterAll(() => broken.remove())

  const standIn = async (name: string): Promise<string> =>
    (await execute(process.execPath, [join('tools', `${name}.js`)], broken.folder)).stdout

  test('types.js says what the TypeScript compiler says', async () => {
    const options = '--noEmit --allowJs --checkJs --strict --module nodenext --target es2023 --pretty false'.split(' ')
    const tsc = [resolve('node_modules/typescript/bin/tsc'), ...options, 'src/cart.js', 'src/pricing.js']
    const real = await execute(process.execPath, tsc, broken.folder)
    expect(real.code).not.toBe(0)
    expect(await standIn('types')).toBe(real.stdout)
  })

  test('lint.js finds what ESLint finds, where ESLint finds it', async () => {
    const rules = { 'no-var': 2, eqeqeq: 2, 'no-console': 2, 'no-debugger': 2, 'no-warning-comments': 2 }
    writeFileSync(join(broken.folder, 'eslint.config.js'), `export default [${JSON.stringify({ rules })}]\n`)
    const eslint = ['--yes', 'eslint@9.39.1', '--format', 'json', 'src', 'test']
    const real = await execute('npx', eslint, broken.folder)
    if (real.stdout === '') {
      process.stderr.write(`not compared: ESLint cannot be had here\n${real.stderr}`)
      return
    }
    expect(found(await standIn('lint'))).toEqual(found(real.stdout))
    expect(found(real.stdout)).toHaveLength(1)
  })
})

interface LintedFile {
  filePath: string
  messages: { ruleId: string; line: number; column: number }[]
}

/** File, rule and place of each remark. */
const found = (json: string): string[] =>
  (JSON.parse(json) as LintedFile[]).flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, line, column }) => `${filePath}:${line}:${column} ${ruleId}`),
  )
