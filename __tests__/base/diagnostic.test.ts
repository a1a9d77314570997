import { describe, expect, test } from '@jest/globals'
import { error, renderDiagnostic } from '../../src/base/diagnostic.js'
import { nearest, stripControls } from '../../src/base/text.js'

describe('diagnostics', () => {
  test('underline the place and tell the hint', () => {
    const place = { file: 'wf.yml', line: 3, column: 5, length: 4, source: '    nede: build' }
    expect(renderDiagnostic(error('unknown-key', 'unknown key `nede`', { place, hint: 'did you mean `needs`?' }))).toBe(
      [
        'wf.yml:3:5: error: unknown key `nede` [unknown-key]',
        '  3 |     nede: build',
        '    |     ~~~~',
        '  hint: did you mean `needs`?',
      ].join('\n'),
    )
  })

  test('a long line is cut around the place', () => {
    const source = `${'x'.repeat(500)}here${'y'.repeat(500)}`
    const text = renderDiagnostic(error('c', 'm', { place: { file: 'f', line: 1, column: 501, length: 4, source } }))
    const [, line, marks] = text.split('\n')
    expect(line?.length).toBeLessThan(130)
    expect(line?.slice(marks?.indexOf('~'), (marks?.lastIndexOf('~') ?? 0) + 1)).toBe('here')
  })

  test('nearest finds the slip and nothing far-fetched', () => {
    expect(nearest('nede', ['needs', 'name', 'steps'])[0]).toBe('needs')
    expect(nearest('zzzz', ['needs', 'name'])).toEqual([])
  })

  test('controls and terminal escapes are removed', () => {
    expect(stripControls('\u001B[31mred\u001B[0m \u001B]8;;http://x\u0007link\u001B]8;;\u0007 a\u202Eb\tc\n')).toBe(
      'red link ab\tc\n',
    )
  })
})
