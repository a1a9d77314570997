import { expect, test } from '@jest/globals'
import { jobCondition } from '../../../src/plan/sync/condition.js'
import { workflow } from '../../support/workflows.js'

const planned = "contains(fromJSON(needs.wf-plan.outputs.stages), 'last')"
const conditionOf = async (condition: string): Promise<string> => {
  const { stages } = await workflow(
    `stages: { first: { steps: [{ run: x }] }, last: { needs: first, if: ${JSON.stringify(condition)}, steps: [{ run: x }] } }\n`,
  )
  const last = stages.get('last')
  return last ? jobCondition(last, 'wf-plan') : ''
}

test.each<[string, string, string]>([
  [
    'a condition that asks for no status waits for success',
    "github.event_name == 'push'",
    '!cancelled() && !failure()',
  ],
  ['`always()` starts whatever happens', 'always()', "always() && needs.wf-plan.result == 'success'"],
  ['`cancelled()` too', '${{ cancelled() || failure() }}', "always() && needs.wf-plan.result == 'success'"],
  ['`failure()` starts after a failure only', 'failure()', "!cancelled() && needs.wf-plan.result == 'success'"],
  ['`!cancelled()` as it says', '!cancelled()', "!cancelled() && needs.wf-plan.result == 'success'"],
  [
    'what never holds after a cancellation does not start',
    "always() && (!cancelled() && (github.ref == 'a' || true))",
    "!cancelled() && needs.wf-plan.result == 'success'",
  ],
  [
    'what may hold after one starts',
    "!cancelled() || github.ref == 'a'",
    "always() && needs.wf-plan.result == 'success'",
  ],
  ['`!success()` holds after one', '!success()', "always() && needs.wf-plan.result == 'success'"],
  [
    'a word in a text is no call',
    "contains(github.ref, 'always()') && failure()",
    "!cancelled() && needs.wf-plan.result == 'success'",
  ],
])('%s', async (_, condition, expected) => {
  expect(await conditionOf(condition)).toBe(`${expected} && ${planned}`)
})
