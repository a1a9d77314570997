import { describe, expect, test } from '@jest/globals'
import { readExisting, sealed } from '../../../src/plan/sync/own.js'

const body = [
  'on:',
  '  push: {}',
  'jobs:',
  '  a:',
  '    steps:',
  '      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
  '      - id: wf',
  '        uses: org/wf-action@v1',
  '',
].join('\n')
const written = sealed('.github/wf.yml', body, body)

const read = (text: string) => {
  const found = readExisting('wf.yml', text)
  if (!found.ok) throw new Error(found.problems.map(({ message }) => message).join('; '))
  return found.value
}
const problems = (text: string): unknown => {
  const found = readExisting('wf.yml', text)
  return found.ok ? [] : found.problems.map(({ place, message, hint }) => [place?.line, message, hint])
}

describe('a workflow that `wf sync` wrote', () => {
  test('is known as it was written, and from which file', () => {
    expect(read(written)).toMatchObject({ asWritten: true, from: '.github/wf.yml' })
  })

  test.each<[string, (text: string) => string, boolean]>([
    ['is as written with the line ends of Windows', (text) => text.replaceAll('\n', '\r\n'), true],
    ['is as written where our action was pinned', (text) => text.replace('@v1', `@${'a'.repeat(40)} # v1.2.3`), true],
    [
      'is as written where an action of GitHub was renewed',
      (text) => text.replace(/@3d3c.*/, `@${'a'.repeat(40)} # v9.0.0`),
      true,
    ],
    ['is not where a line was changed', (text) => text.replace('push: {}', 'push: { branches: [main] }'), false],
    ['is not where a line was added', (text) => `${text}# more\n`, false],
    ['is not where a line was taken out', (text) => text.replace('  push: {}\n', ''), false],
    [
      'is not where an action was replaced',
      (text) => text.replace('uses: actions/checkout', 'uses: evil/checkout'),
      false,
    ],
    ['is not where ours was replaced', (text) => text.replace('org/wf-action@', 'evil/wf-action@'), false],
    [
      'is not where the hash was changed',
      (text) => text.replace(/sha256 ./, 'sha256 g').replace('sha256 g', 'sha256 0'),
      false,
    ],
    [
      'is as written with a part of somebody',
      (text) => text.replace('jobs:', '  # wf:own triggers\n  schedule: []\n  # wf:end\njobs:'),
      true,
    ],
  ])('%s', (_, change, expected) => {
    const changed = change(written)
    expect(changed).not.toBe(written)
    expect(read(changed).asWritten).toBe(expected)
  })

  test('one of somebody else has no hash', () => {
    expect(read(body)).toMatchObject({ asWritten: undefined, from: undefined })
  })
})

describe('parts of users', () => {
  test('are kept line by line, with their marks', () => {
    const part = ['    # wf:own verdict-with', '    check:   false   # as it is', '', '    # wf:end']
    const { own } = read(`${written}${part.join('\n')}\n`)
    expect([...own]).toEqual([['verdict-with', part]])
  })

  test.each<[string, string, unknown]>([
    [
      'an unknown name',
      '# wf:own job\n# wf:end\n',
      [[1, 'there is no place for a part `job`', 'did you mean `jobs`?']],
    ],
    [
      'no name',
      '# wf:own\n# wf:end\n',
      [
        [
          1,
          'this part has no name',
          'the parts are `triggers`, `jobs`, `verdict-permissions`, `verdict-with`, `verdict-steps`',
        ],
      ],
    ],
    ['no end', 'a: 1\n# wf:own jobs\nb: 2\n', [[2, 'this part has no end', 'write `# wf:end` behind its last line']]],
    [
      'a part in a part',
      '# wf:own jobs\n# wf:own triggers\n# wf:end\n',
      [[1, 'this part has no end', 'write `# wf:end` behind its last line']],
    ],
    [
      'a part that stands twice',
      '# wf:own jobs\n# wf:end\n# wf:own jobs\n# wf:end\n',
      [[3, 'the part `jobs` stands twice', 'put both into one']],
    ],
    [
      'an end alone',
      '# wf:end\n',
      [[1, 'nothing begins before this end', 'write `# wf:own NAME` before its first line']],
    ],
  ])('are refused with %s, since they would be lost', (_, text, expected) => {
    expect(problems(text)).toEqual(expected)
  })
})
