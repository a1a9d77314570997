import { describe, expect, test } from '@jest/globals'
import { problems } from '../support/mistakes.js'

const head = 'version: 1\nname: t\n'
const stage = `${head}stages:\n  s:\n`
const said = async (text: string): Promise<[string, string | undefined][]> =>
  (await problems(text)).map(({ message, hint, place }) => [`${place?.line}:${place?.column} ${message}`, hint])

describe('a mistake is told with what to write instead', () => {
  test.each<[about: string, text: string, message: string, hint: string]>([
    [
      'a step of a list that is written as one of a map',
      `${stage}    steps:\n      - lint: { run: x }\n`,
      '6:9 a step of a list has no name before it',
      'in a list write `- id: lint`, and the other keys below it',
    ],
    [
      'a list that is not closed',
      `${stage}    needs: [a, b\n    steps: [{ run: x }]\n`,
      '5:12 `[` is not closed',
      'close it with `]`',
    ],
    [
      'a list around others that is not closed',
      `${stage}    steps: [{ run: [x] }\n  t: { steps: [{ run: y }] }\n`,
      '5:12 `[` is not closed',
      'close it with `]`',
    ],
    [
      'a mapping that is closed like a list',
      `${stage}    steps: [{ run: x ]\n`,
      '5:13 `{` is not closed',
      'close it with `}`',
    ],
    [
      'minutes in a step, with their number',
      `${stage}    steps: [{ run: x, timeout-minutes: 5 }]\n`,
      '5:23 `timeout-minutes` means nothing here',
      'write `timeout: 5m`',
    ],
    [
      'minutes in a stage',
      `${stage}    timeout-minutes: 7\n    steps: [{ run: x }]\n`,
      '5:5 `timeout-minutes` means nothing here',
      'write `timeout: 7m`',
    ],
    [
      'a duration without its unit',
      `${stage}    steps: [{ run: x, timeout: 5 }]\n`,
      '5:32 `timeout` is `5`; it must be a text or a mapping',
      'write `5m` or `5s`',
    ],
    [
      'a duration inside, as a text',
      `${stage}    steps: [{ run: x, timeout: { attempt: '5' } }]\n`,
      '5:43 `attempt` cannot be the text `5`',
      'write `5m` or `5s`',
    ],
    [
      'a share by target without its sign',
      `${stage}    steps: [{ run: x, reports: r.xml }]\n    gates: { coverage: { lines: { default: 50, s: 80% } } }\n`,
      '6:44 `default` is `50`; it must be a text',
      'write `50%`',
    ],
    [
      'a share without its sign',
      `${stage}    steps: [{ run: x, reports: r.xml }]\n    gates: { coverage: { lines: 62.5 } }\n`,
      '6:33 `lines` is `62.5`; it must be a text or a mapping',
      'write `62.5%`',
    ],
    [
      'a share of more than all',
      `${stage}    steps: [{ run: x, reports: r.xml }]\n    gates: { coverage: { lines: { default: 500 } } }\n`,
      '6:44 `default` is `500`; it must be a text',
      'a share is a percentage from `0%` to `100%`, such as `80%`',
    ],
    [
      'permissions of the whole file',
      `${head}permissions: { contents: read }\nstages: { s: { steps: [{ run: x }] } }\n`,
      '3:1 `permissions` means nothing here',
      'write them on the stage: each has a job of its own with `wf sync`',
    ],
    [
      'a key that stands twice',
      `${stage}    steps: [{ run: x, if: 'true', run: y }]\n`,
      '5:35 `run` stands twice, first in line 5',
      'keep one of the two',
    ],
    [
      'a member that nothing has',
      `${stage}    steps: [{ run: x, if: github.event_nam == 'push' }]\n`,
      '5:27 `github` has no member `event_nam`',
      'did you mean `event_name`?',
    ],
    [
      'an output that no stage has',
      `${stage}    outputs: { image: x }\n    steps: [{ run: x }]\n  t: { needs: s, steps: [{ run: y, if: needs.s.outputs.imag }] }\n`,
      '7:40 stage `s` has no output `imag`',
      'did you mean `image`?',
    ],
    [
      'a target that is mistyped',
      `${head}on: { push: [{ branches: [main], target: stagging }] }\nstages: { staging: { steps: [{ run: x }] } }\n`,
      '3:42 there is no stage `stagging` to walk to',
      'did you mean `staging`?',
    ],
  ])('%s', async (_, text, message, hint) => {
    expect(await said(text)).toEqual([[message, hint]])
  })
})
