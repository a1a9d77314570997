import type { Outcome, RuleChange } from '../../src/journal/outcome.js'
import { failingShop } from './outcomes.js'

/** The failing run, judged by the rules of the base, some of which it alters; a fork's run reported it, and the check failed. */
export function alteredShop(): Outcome {
  const rule = (
    what: string,
    base: string | null,
    change: string | null,
    effect: RuleChange['effect'],
  ): RuleChange => ({
    stage: 'test',
    what,
    base,
    change,
    effect,
  })
  return {
    ...failingShop(),
    notes: [],
    rules: {
      of: 'base',
      sha: 'b1d70d2f9c5b5ac1e0f2f6d0a1f0f8f1d2c3b4a5',
      name: 'main',
      changes: [
        rule('gates.tests.minimum', null, '10', 'stricter'),
        rule('gates.coverage.lines', 'default 50%, production 80%', '40%', 'weaker'),
        { ...rule('on.pull_request', 'review', 'test', 'different'), stage: '' },
        rule('the stage', 'on the path', null, 'weaker'),
      ],
    },
    published: [
      {
        effect: 'check',
        status: 'failed',
        reason: 'the token may not do this: Resource not accessible by integration',
        mend: "add `checks: write` to the job's `permissions:`",
      },
      { effect: 'comment', status: 'failed', reason: 'no answer came', mend: 'run the job again' },
      { effect: 'sarif', status: 'created', url: 'https://code.example/sarif' },
    ],
    reported_by: { repository: 'stranger/shop', url: 'https://code.example/stranger/shop/runs/7' },
  }
}
