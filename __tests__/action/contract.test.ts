import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { actionYaml, inputs, outputs } from '../../src/action/contract.js'
import { readInputs } from '../../src/action/inputs.js'

const written = readFileSync('action.yml', 'utf8')
const action = parse(written) as {
  inputs: Record<string, { description: string; default?: string }>
  outputs: Record<string, { description: string }>
  runs: { using: string; main: string }
}
const readme = readFileSync('README.md', 'utf8')

describe('the contract of the action', () => {
  test('is what action.yml says', () => {
    expect(written).toBe(actionYaml())
    expect(Object.keys(action.inputs)).toEqual(Object.keys(inputs))
    expect(Object.keys(action.outputs)).toEqual(Object.keys(outputs))
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/action/index.js' })
  })

  test.each([...Object.keys(inputs), ...Object.keys(outputs)])('is told in the README: %s', (name) => {
    expect(readme).toContain(`| \`${name}\``)
  })

  test('has defaults that are read as if they were not given', () => {
    const given = Object.entries(action.inputs).flatMap(([name, { default: value }]) =>
      value === undefined || value.includes('${{') ? [] : [[`INPUT_${name.toUpperCase()}`, value]],
    )
    expect(readInputs(Object.fromEntries(given) as Record<string, string>)).toEqual(readInputs({}))
  })
  test('is adopted by the ten lines of the starter', () => {
    const starter = readFileSync('templates/starter/ci.yml', 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    const plain = starter.map((line) => line.replace(/ # (?!v\d).*$/, ''))
    expect(readme).toContain(plain.join('\n'))
    expect(plain).toHaveLength(10)
  })
})
