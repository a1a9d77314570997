import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { join } from 'node:path'
import { DiskGitHub } from '../support/github.js'
import { cutOff, makeOrigin } from '../support/origin.js'
import type { Origin } from '../support/origin.js'
import { Scratch } from '../support/scratch.js'
import {
  checkouts,
  files,
  lowered,
  outcomeIn,
  path,
  quality,
  report,
  rulesIn,
  shopOf,
  workflow,
} from '../support/rules.js'

jest.setTimeout(60_000)

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-rules-')
})
afterAll(() => scratch.remove())
const origin = async (text?: string): Promise<Origin> => shopOf(scratch, text)

describe('a pull request', () => {
  test('that lowers its own threshold is judged by the base and told so, however it is checked out', async () => {
    const shop = await origin()
    const pull = await shop.pull({ [path]: workflow('50%') }, { 'a.txt': '1' })
    for (const how of checkouts(pull)) {
      const { rules, verdict, verdicts, context } = await outcomeIn(await shop.checkOut(how), { event: pull.event })
      expect(rules).toEqual({ of: 'base', sha: pull.base, name: 'main', changes: lowered })
      expect([verdict, verdicts.map(({ reason }) => reason)]).toEqual(['fail', ['lines 60% < 80% (6 of 10)']])
      expect(context.base).toBe(pull.base)
    }
  })

  test('is judged by its base as it is now, and answers only for what it changed itself', async () => {
    const shop = await origin(workflow('70%', quality))
    const opened = await shop.pull({ [path]: workflow('50%', quality) })
    await shop.edit({ 'a.txt': '1' })
    const pull = await shop.mergeOf(opened.head)
    const base = await shop.edit({
      [path]: workflow('80%', quality).replace('{ lint: {} }', '{ lint: {}, secrets: {} }'),
    })
    for (const how of checkouts(pull)) {
      const { notes: _, absent, base: fork, ...rules } = await rulesIn(await shop.checkOut(how), { event: pull.event })
      expect([rules, absent]).toEqual([{ of: 'base', sha: base, name: 'main', changes: lowered, target: 'review' }, []])
      // Where the whole history is here, what the change is compared with is where it left the base.
      if (how.depth === 'full') expect(fork).toBe(opened.base)
    }
  })

  test('that changes nothing of the rules has no differences, also where the base has moved on', async () => {
    const shop = await origin()
    const pull = await shop.pull({ 'a.txt': '1' })
    const base = await shop.edit({ [path]: workflow('90%') })
    for (const how of checkouts(pull))
      expect(await rulesIn(await shop.checkOut(how), { event: pull.event })).toMatchObject({
        of: 'base',
        sha: base,
        changes: [],
      })
  })

  test('that deletes the file does not escape: the base’s workflow runs whole', async () => {
    const shop = await origin()
    const pull = await shop.pull({ [path]: null })
    for (const how of checkouts(pull)) {
      const { rules, verdict, stages } = await outcomeIn(await shop.checkOut(how), { event: pull.event })
      expect(rules).toEqual({ of: 'deleted', sha: pull.base, name: 'main', changes: [] })
      expect([verdict, stages.map(({ id }) => id)]).toEqual(['fail', ['test', 'review']])
    }
  })

  test('that renames the file is judged by the base, by the old name and by the new one', async () => {
    const shop = await origin()
    const pull = await shop.pull({ [path]: null, 'ci/wf.yml': workflow('50%') })
    const folder = await shop.checkOut({ commit: pull.merge, depth: 1 })
    const { event } = pull
    expect(await rulesIn(folder, { event })).toMatchObject({ of: 'deleted', sha: pull.base })
    expect(await rulesIn(folder, { event, file: 'ci/wf.yml' })).toMatchObject({
      of: 'base',
      changes: lowered,
      notes: ['main has the workflow file at .github/wf.yml; its rules judge, whatever the change calls it'],
    })
  })

  test('that renames a file from an unusual place is judged by the base where git sees the rename', async () => {
    const shop = await makeOrigin(scratch, { ...files(workflow('80%')), 'ci/wf.yml': workflow('80%') })
    const pull = await shop.pull({ 'ci/wf.yml': null, 'ci/other.yml': workflow('50%') })
    const folder = await shop.checkOut({ commit: pull.head, depth: 1 })
    expect(await rulesIn(folder, { event: pull.event, file: 'ci/other.yml' })).toMatchObject({
      of: 'base',
      changes: lowered,
    })
  })

  test('that brings the first workflow file is judged by it, and that is said', async () => {
    const shop = await makeOrigin(scratch, { 'report.sh': report })
    const pull = await shop.pull(files(workflow('50%')))
    for (const how of checkouts(pull)) {
      const { rules, verdict } = await outcomeIn(await shop.checkOut(how), { event: pull.event })
      expect([rules, verdict]).toEqual([{ of: 'adoption', sha: pull.base, name: 'main', changes: [] }, 'pass'])
    }
  })

  test('can mend a broken file of the base: its own rules judge, and the mistake is named', async () => {
    const shop = await origin(workflow('80%').replace('stages:', 'stagse:'))
    const pull = await shop.pull({ [path]: workflow('50%') })
    const { rules, notes } = await outcomeIn(await shop.checkOut({ commit: pull.merge, depth: 1 }), {
      event: pull.event,
    })
    expect(rules).toEqual({ of: 'own', sha: pull.head, name: null, changes: [] })
    expect(notes).toEqual([
      `the workflow file of main (${pull.base.slice(0, 7)}) cannot be used, so the change's own rules judge: .github/wf.yml:10: unknown key \`stagse\``,
    ])
  })

  test('with mistakes in its own file is told them', async () => {
    const shop = await origin()
    const pull = await shop.pull({ [path]: workflow('50%').replace('stages:', 'stagse:') })
    const { problems } = await rulesIn(await shop.checkOut({ commit: pull.merge, depth: 1 }), { event: pull.event })
    expect(problems).toMatchObject([{ code: 'unknown-key', message: 'unknown key `stagse`' }])
  })

  test('that takes a stage with gates off the path fails, though all that runs succeeds', async () => {
    const shop = await origin(workflow('50%', quality))
    const pull = await shop.pull({ [path]: workflow('50%') })
    const { verdict, reason, verdicts, rules } = await outcomeIn(await shop.checkOut({ commit: pull.head, depth: 1 }), {
      event: pull.event,
    })
    expect([verdict, reason]).toEqual(['fail', 'gate not met: lint of quality'])
    expect(verdicts.map(({ address, gate, status }) => `${gate} of ${address}: ${status}`)).toEqual([
      'coverage of test: pass',
      'lint of quality: fail',
    ])
    expect(rules.changes).toEqual([
      {
        stage: 'quality',
        what: 'the stage',
        base: 'on the path to review, production',
        change: null,
        effect: 'weaker',
      },
    ])
  })

  test('that skips a stage with gates by a condition fails too, and one whose stage runs does not', async () => {
    const shop = await origin(workflow('50%', quality))
    const skipping = (condition: string): string =>
      workflow('50%', quality)
        .replace('quality: {', `quality: { if: '${condition}',`)
        .replace('review: {', 'review: { if: always(),')
    const skipped = await shop.pull({ [path]: skipping('false') })
    const outcome = await outcomeIn(await shop.checkOut({ commit: skipped.merge, depth: 1 }), { event: skipped.event })
    expect([outcome.verdict, outcome.reason]).toEqual(['fail', 'gate not met: lint of quality'])
    const ran = await shop.pull({ [path]: skipping('true') })
    const other = await outcomeIn(await shop.checkOut({ commit: ran.merge, depth: 1 }), { event: ran.event })
    expect([other.verdict, other.rules.changes.map(({ what }) => what)]).toEqual(['pass', ['if', 'if']])
  })

  test('without the stage that the base walks to is a mistake that says so', async () => {
    const shop = await origin()
    const text = workflow('80%').replaceAll('review', 'checks')
    const pull = await shop.pull({ [path]: text })
    const { problems } = await rulesIn(await shop.checkOut({ commit: pull.merge, depth: 1 }), { event: pull.event })
    expect(problems).toEqual([
      {
        code: 'unknown-target',
        message: 'main walks to the stage `review`, which this change no longer has',
        hint: 'keep it, if only as a milestone (`review: { needs: [...] }`), until `on` of main names another',
      },
    ])
  })

  test('whose file is a link, or lies in a folder below, finds that of the base', async () => {
    const shop = await makeOrigin(scratch, { ...files(workflow('80%')), 'apps/shop/.github/wf.yml': workflow('80%') })
    const pull = await shop.pull({ 'apps/shop/.github/wf.yml': workflow('50%') })
    const folder = join(await shop.checkOut({ commit: pull.merge, depth: 1 }), 'apps/shop')
    expect(await rulesIn(folder, { event: pull.event })).toMatchObject({ of: 'base', changes: lowered })
    await cutOff(folder)
    const github = new DiskGitHub(shop)
    expect(await rulesIn(folder, { event: pull.event, github })).toMatchObject({ of: 'base', changes: lowered })
  })
})
