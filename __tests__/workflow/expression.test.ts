import { describe, expect, test } from '@jest/globals'
import type { Json } from '../../src/base/json.js'
import { compile } from '../../src/workflow/expression/compile.js'
import { Environment, EvaluationError } from '../../src/workflow/expression/evaluate.js'
import { parseCondition, parseTemplate } from '../../src/workflow/expression/template.js'

const answers = {
  success: () => true,
  failure: () => false,
  always: () => true,
  cancelled: () => false,
  hashFiles: (patterns: string[]) => patterns.join('+'),
}
const environment = (contexts: Record<string, Json> = {}): Environment => new Environment(() => ({ contexts, answers }))
const value = (source: string, contexts: Record<string, Json> = {}): Json => {
  const { template, faults } = parseTemplate(source)
  expect(faults).toEqual([])
  return environment(contexts).value(template)
}

describe('expressions have GitHub’s meaning', () => {
  test.each<[string, Json]>([
    ["${{ 'a' == 'A' }}", true],
    ['${{ 1 == true }}', true],
    ["${{ '' == 0 }}", true],
    ["${{ github.event.missing.deep || 'none' }}", 'none'],
    ['${{ contains(fromJSON(\'["x","y"]\'), \'Y\') }}', true],
    ["${{ format('{0}-{1}', 'a', 2) }}", 'a-2'],
    ['${{ github.ref }} and ${{ 1 > 2 }}', 'main and false'],
    ['${{ null }}x', 'x'],
    ["${{ join(github.labels.*.name, ' ') }}", 'one two'],
    ['${{ github.REF }}', 'main'],
  ])('%s', (source, expected) => {
    expect(value(source, { github: { ref: 'main', labels: [{ name: 'one' }, { name: 'two' }] } })).toEqual(expected)
  })

  test('a condition may leave out the marks', () => {
    const { template, faults } = parseCondition("github.ref == 'main' && success()")
    expect(faults).toEqual([])
    expect(environment({ github: { ref: 'main' } }).holds(template)).toBe(true)
  })

  test('text around the marks of a condition is a mistake', () => {
    expect(parseCondition("${{ github.ref }} == 'x'").faults[0]?.message).toContain('always hold')
  })
})

describe('the library’s known faults do not show through', () => {
  test('every doubled quote is unescaped', () => {
    expect(value("${{ 'it''s John''s' }}")).toBe("it's John's")
  })

  test('keys named constructor and __proto__ are kept, own ones only', () => {
    const github = JSON.parse('{"constructor":"c","__proto__":"p"}') as Json
    expect(value('${{ github.constructor }}/${{ github.__proto__ }}/${{ github.toString }}', { github })).toBe('c/p/')
    expect(value(`\${{ toJSON(fromJSON('{"__proto__":1}')) }}`)).toBe('{\n  "__proto__": 1\n}')
  })

  test('constructor() is no function', () => {
    const compiled = compile('constructor()')
    expect(!compiled.ok && compiled.fault.message).toBe('there is no function `constructor`')
  })

  test('an error at run time names its expression', () => {
    expect(() => value("${{ fromJSON('{') }}")).toThrow(EvaluationError)
    expect(() => value("${{ fromJSON('{') }}")).toThrow("${{ fromJSON('{') }}: fromJSON: the text is not JSON")
  })
})

describe('faults carry their place', () => {
  test.each<[string, string, number]>([
    ['a ${{ github.ref', '`${{` is not closed', 2],
    ['${{ githbu.ref }}', 'there is no context `githbu`', 4],
    ['${{ "x" }}', 'the expression does not parse: unexpected `"x"`', 4],
    ['x ${{ 1 == }}', 'the expression does not parse: unexpected end of expression', 8],
    ['${{ contian(1, 2) }}', 'there is no function `contian`', 4],
    ['${{ }}', 'the expression is empty', 4],
  ])('%s', (source, message, offset) => {
    const [fault] = parseTemplate(source).faults
    expect(fault?.message).toContain(message)
    expect(fault?.offset).toBe(offset)
  })

  test('a brace inside a text does not close the expression', () => {
    expect(value("${{ '}}' }}")).toBe('}}')
  })

  test('references are known before the run', () => {
    const compiled = compile("steps.build.outputs['version'] == needs.a.result && contains(matrix[github.ref], 'x')")
    expect(compiled.ok && compiled.value.references.map(({ context, path }) => [context, ...path])).toEqual([
      ['steps', 'build', 'outputs', 'version'],
      ['needs', 'a', 'result'],
      ['github', 'ref'],
      ['matrix', null],
    ])
  })
})
