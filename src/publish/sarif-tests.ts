import { sha256 } from '../base/hash.js'
import type { TestCase } from '../evidence/evidence.js'
import { failureText } from './failure.js'
import type { Remark } from './sarif-document.js'
import { repositoryUri } from './places.js'
import { failingTests } from './view.js'
import type { Judged } from './view.js'
import { testName } from './words.js'

/** The tool under whose name failing tests stand. */
export const testsTool = 'wf tests'

/** Failing tests as remarks of one tool: a rule for failures, one for errors. */
export function failingRemarks(part: Judged): { remarks: Map<string, Remark[]>; left: number } {
  const { list, unlisted } = failingTests(part.evidence)
  const seen = new Map<string, number>()
  const remarks = list.map((test): Remark => {
    const key = [test.suite, test.classname, test.name, test.file].map((text) => text ?? '').join('\n')
    const again = seen.get(key) ?? 0
    seen.set(key, again + 1)
    return remarkOf(test, part, `${key}\n${again}`)
  })
  return { remarks: new Map(remarks.length > 0 ? [[testsTool, remarks]] : []), left: unlisted }
}

function remarkOf(test: TestCase, { gate, stage }: Judged, key: string): Remark {
  const message = failureText(test)
  const said = message === '' ? '' : `: ${message}`
  return {
    rule: test.status === 'error' ? 'test-error' : 'test-failure',
    gate,
    level: 'error',
    severity: 'error',
    message: `${testName(test)} (stage ${stage})${said}`,
    uri: test.file === undefined ? undefined : repositoryUri(test.file),
    region: test.line === undefined || test.line < 1 ? undefined : { startLine: test.line },
    fingerprint: sha256(`${stage}\n${key}`).slice(0, 16),
  }
}
