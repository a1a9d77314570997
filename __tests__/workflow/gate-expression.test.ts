import { expect, test } from '@jest/globals'
import { told } from '../support/mistakes.js'

test.each<[string, string[]]>([
  ['coverage.patsh >= 80', ['4:51 expression `coverage` has no field `patsh`']],
  ['findings.new.hihg == 0', ['4:51 expression `findings.new` has no field `hihg`']],
  ['steps.a.outputs.b', ['4:51 expression `steps` is not known here']],
  ['coverage.lines >=', ["4:66 expression the expression does not parse: unexpected end of expression: '>='"]],
  ["hashFiles('a') == ''", ['4:50 expression a gate judges evidence, not files']],
  ['success()', ['4:51 expression status functions are known only in `if`']],
])('%s is a mistake at its place', async (expression, expected) => {
  const text = `stages:\n  t: { steps: [{ run: x }], gates: { expression: "${expression}" } }\n`
  expect(await told(`version: 1\nname: t\n${text}`)).toEqual(expected)
})
