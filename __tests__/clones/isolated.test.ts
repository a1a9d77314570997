import { afterAll, describe, expect, test } from '@jest/globals'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hostPorts } from '../../src/host/index.js'
import { runIsolated } from '../../src/isolated.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { prepare } from '../../src/prepare.js'
import { change, runIn, shell } from '../support/real-run.js'
import { Scratch } from '../support/scratch.js'

/** Isolated runs with the real engine, real checkouts and real processes. */
const scratch = new Scratch('wf-isolated-test-')
afterAll(() => scratch.remove())

async function isolated(folder: string, concurrency = 2): Promise<Outcome> {
  const ports = hostPorts()
  const options = { folder, concurrency, ownRules: true }
  const prepared = await prepare(options, ports)
  if (!prepared.ok) throw new Error(prepared.problems.map(({ message }) => message).join('\n'))
  const ran = await runIsolated(prepared.value, options, ports)
  if (!ran.ok) throw new Error(ran.problems.map(({ message }) => message).join('\n'))
  return ran.value.outcome
}

const stages = `build:
  steps:
    - run: mkdir -p dist/.meta; cp tool.sh dist/tool; chmod +x dist/tool; ln -s tool dist/alias; echo 1 > dist/.meta/version
  artifacts: dist/
test:
  needs: build
  matrix: { part: [a, b] }
  steps:
    - run: >-
        test "$(cat dist/.meta/version)" = 1; test -L dist/alias; test ! -e ../repository/dist/left;
        printf '<testsuite name="s"><testcase classname="c" name="\${{ matrix.part }}-%s"/></testsuite>' "$(dist/alias)" > report.xml
      reports: report.xml
    - run: touch left dist/left
review: { needs: test }
`
const files = { '.gitignore': 'dist/\n.wf/\nreport.xml\n', 'tool.sh': '#!/bin/sh\necho said\n' }
const reasons = ({ stages: all }: Outcome) =>
  all.flatMap(({ instances }) =>
    instances.flatMap(({ address, reason }) => (reason === undefined ? [] : [[address, reason]])),
  )

describe('an isolated run', () => {
  test('says what a run in one place says, and leaves nothing behind', async () => {
    const folder = await scratch.repositoryWith(stages, files)
    const alone = await isolated(folder)
    expect(existsSync(join(folder, 'dist'))).toBe(false)
    expect(existsSync(join(folder, 'left'))).toBe(false)
    expect(shell(folder, 'git worktree list | wc -l').trim()).toBe('1')
    const { outcome } = await runIn(folder, { ownRules: true })
    expect(alone.verdict).toBe('pass')
    expect(alone.verdicts).toEqual(outcome.verdicts)
    expect(alone.evidence).toEqual(outcome.evidence)
  })

  test('fails where a hand-over is forgotten, as runners would, and names what is missing and who made it', async () => {
    const folder = await scratch.repositoryWith(stages.replace('  artifacts: dist/\n', ''), files)
    expect((await runIn(folder, { ownRules: true })).outcome.verdict).toBe('pass')
    shell(folder, 'rm -r dist')
    const outcome = await isolated(folder)
    expect(outcome.verdict).toBe('fail')
    expect(reasons(outcome)[0]).toEqual([
      'test[part=a]',
      '`dist/` is not here, and `build` made it: write `artifacts: [dist/]` on `build`',
    ])
  })

  test('sees what is not committed: changed, new, executable and removed files', async () => {
    const folder = await scratch.repositoryWith(
      `look:
  steps:
    - run: 'test "$(cat kept)" = changed; test "$(cat new/file)" = new; test -x new/run; test ! -e gone; test ! -e ignored'
`,
      { '.gitignore': 'ignored\n.wf/\n', kept: 'as it was', gone: '' },
    )
    change(folder, { kept: 'changed', 'new/file': 'new', 'new/run': '', gone: null, ignored: '' })
    shell(folder, 'chmod +x new/run')
    const outcome = await isolated(folder)
    expect([outcome.verdict, outcome.context.dirty]).toEqual(['pass', true])
  })

  test('finds nothing of the repository above its checkouts', async () => {
    const folder = await scratch.repositoryWith(
      `look: { steps: [{ run: 'cd "$(git rev-parse --show-toplevel)/.."; while [ "$PWD" != / ]; do test ! -e node_modules; cd ..; done' }] }\n`,
      { '.gitignore': 'node_modules/\n.wf/\n' },
    )
    change(folder, { 'node_modules/a/index.js': '' })
    expect((await isolated(folder)).verdict).toBe('pass')
  })

  test('says what it needs where there is no repository', async () => {
    const folder = scratch.folderWith('s: { steps: [{ run: "true" }] }\n')
    await expect(isolated(folder)).rejects.toThrow('an isolated run checks the commit out once for each instance')
  })

  test('writes nothing outside, whatever became of a link of the commit here', async () => {
    const outside = scratch.folderWith('s: { steps: [{ run: "true" }] }\n', { file: 'as it was' })
    const folder = await scratch.repositoryWith(
      `look: { steps: [{ run: 'test "$(cat data/file)" = new; test ! -L data; test -L kind; test ! -e was/file' }] }\n`,
      { '.gitignore': '.wf/\n', kind: 'a file', 'was/file': 'in a folder' },
    )
    shell(
      folder,
      `ln -s ${outside} data; git add -A; git commit -qm link; rm data kind; rm -r was; mkdir data; printf new > data/file; ln -s x kind; echo > was`,
    )
    expect((await isolated(folder)).verdict).toBe('pass')
    expect(shell(outside, 'cat file')).toBe('as it was')
  })

  test('works in a folder of a repository, and with many instances at once', async () => {
    const above = await scratch.repositoryWith('x: { steps: [{ run: "true" }] }\n', {
      'sub/.github/wf.yml': `version: 1
name: sub
stages:
  look:
    matrix: { n: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }
    steps: [{ run: 'test "$(cat here)" = changed' }]
`,
      'sub/here': 'as it was',
      '.gitignore': '.wf/\n',
    })
    change(above, { 'sub/here': 'changed' })
    const outcome = await isolated(join(above, 'sub'), 8)
    expect([outcome.verdict, outcome.stages[0]?.instances.length]).toEqual(['pass', 12])
    expect(shell(above, 'git worktree list | wc -l').trim()).toBe('1')
  })
})
