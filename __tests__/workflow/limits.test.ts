import { describe, expect, test } from '@jest/globals'
import { problems, told } from '../support/mistakes.js'
import { workflow } from '../support/workflows.js'

const head = 'version: 1\nname: t\nstages:\n'
const said = async (text: string): Promise<[string, string | undefined][]> =>
  (await problems(head + text)).map(({ message, hint, place }) => [`${place?.line}:${place?.column} ${message}`, hint])

describe('pools and breakers', () => {
  test('are known by name, with what is said of them anywhere and what is usual', async () => {
    const { limits, stages } = await workflow(`stages:
  a:
    pool: few
    steps: [{ run: x, pool: { name: db, size: 3 } }, { run: y, breaker: r }]
    finally: [{ run: z, breaker: { name: r, open: 5m } }]
  b: { steps: { m: { run: x, pool: db, breaker: { name: other, failures: 2 } } } }`)
    expect([...limits.pools]).toEqual([
      ['few', 1],
      ['db', 3],
    ])
    expect([...limits.breakers]).toEqual([
      ['r', { failures: 5, open: 300_000 }],
      ['other', { failures: 2, open: 60_000 }],
    ])
    expect(stages.get('a')?.steps.map(({ pool }) => pool)).toEqual(['db', 'few'])
    expect(stages.get('a')?.finally.map(({ pool }) => pool)).toEqual(['few'])
  })

  test('that two places say otherwise name both lines', async () => {
    expect(
      await said(`  a:
    pool: { name: db, size: 2 }
    steps: [{ run: x }]
  b:
    steps:
      - { run: x, pool: { name: db, size: 3 } }
      - { run: x, pool: { name: db, size: 2 } }
      - { run: x, breaker: { name: r, failures: 2 } }
      - { run: x, breaker: { name: r, failures: 4, open: 10s } }
`),
    ).toEqual([
      ['9:43 `size` of the pool `db` is `3` here and `2` in line 5', 'say it once; elsewhere `pool: db` is enough'],
      [
        '12:49 `failures` of the breaker `r` is `4` here and `2` in line 11',
        'say it once; elsewhere `breaker: r` is enough',
      ],
    ])
  })

  test.each([
    ['a size of none', 'pool: { name: db, size: 0 }', '5:47 `size` is `0`; it must be >= 1'],
    ['no failures at all', 'breaker: { name: r, failures: 0 }', '5:53 `failures` is `0`; it must be >= 1'],
    ['no name', 'pool: { size: 2 }', '5:23 `pool` needs `name`'],
    ['a name with a blank', "breaker: 'my registry'", '5:32 `breaker` cannot be the text `my registry`'],
    ['a duration without its unit', 'breaker: { name: r, open: 60 }', '5:49 `open` is `60`; it must be a text'],
  ])('with %s are refused', async (_, text, message) => {
    expect((await said(`  s:\n    steps: [{ run: x, ${text} }]\n`)).map(([line]) => line)).toEqual([message])
  })
})

describe('what a retry is for', () => {
  test.each([
    ['nothing', 'on: {}', '`on` names nothing to retry after'],
    [
      'a pattern that looks around',
      "on: { output: '(?=x)' }",
      'the pattern looks around or refers back, which RE2 does not know',
    ],
    ['a pattern that is none', "on: { output: '(x' }", 'the pattern is not well-formed: Unterminated group'],
    ['a way to fail that there is not', 'on: { errors: [timeouts] }', '`errors` cannot be the text `timeouts`'],
    ['a member of the attempt that there is not', 'if: attempt.exitcode == 1', '`attempt` has no member `exitcode`'],
  ])('cannot be %s', async (_, text, message) => {
    const found = await said(`  s:\n    retry: { retries: 1, ${text} }\n    steps: [{ run: x }]\n`)
    expect(found.map(([line]) => line.replace(/^\S+ /, ''))).toEqual([message])
    expect(found[0]?.[0]).toMatch(/^5:/)
  })

  test('may be a pattern with flags at its start', async () => {
    expect(
      await told(`${head}  s: { retry: { retries: 1, on: { output: '(?i)busy' } }, steps: [{ run: x }] }\n`),
    ).toEqual([])
  })
})

describe('limits of time', () => {
  test('stand on the run, the stage and the step', async () => {
    const { limits, stages } = await workflow(
      'timeout: 1h\nstages: { s: { timeout: 20m, steps: [{ run: x, timeout: 5s }] } }',
    )
    expect([limits.timeout, stages.get('s')?.timeout, stages.get('s')?.steps[0]?.timeout]).toEqual([
      3_600_000,
      1_200_000,
      { attempt: 5000 },
    ])
  })

  test('in minutes, as GitHub writes them, are told how to write', async () => {
    const found = await problems(
      'version: 1\nname: t\ntimeout-minutes: 90\nstages:\n  s:\n    timeout-minutes: 20\n    steps: [{ run: x, timeout-minutes: 5 }]\n',
    )
    expect(found.map(({ message, hint }) => [message, hint])).toEqual(
      ['90m', '20m', '5m'].map((time) => ['`timeout-minutes` means nothing here', `write \`timeout: ${time}\``]),
    )
  })

  test('and pools mean nothing in a milestone', async () => {
    const found = await said('  a: { steps: [{ run: x }] }\n  m: { needs: a, timeout: 5m, pool: p }\n')
    expect(found.map(([line]) => line)).toEqual(
      [
        '5:18 `timeout` means nothing in a stage without steps',
        '5:31 `pool` means nothing in a stage without steps',
      ].toSorted(),
    )
  })
})

test('`max-parallel` says why it means nothing here, and what to write', async () => {
  expect(await said('  s:\n    matrix: { n: [1, 2] }\n    max-parallel: 1\n    steps: [{ run: x }]\n')).toEqual([
    [
      '6:5 `max-parallel` means nothing here',
      'instances share the workspace, so they run one after another; for fewer steps at once write `pool: { name: few, size: 2 }`',
    ],
  ])
})
