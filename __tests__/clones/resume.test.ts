import { afterAll, expect, test } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from '../../src/journal/outcome.js'
import { change, runIn } from '../support/real-run.js'
import { Scratch } from '../support/scratch.js'

/** Runs that go on from others, with the real engine in real folders. */
const scratch = new Scratch('wf-resume-')
afterAll(() => scratch.remove())

const stages = `build:
  steps:
    make: { run: 'echo make >> ran.log; echo "v=1" >> $GITHUB_OUTPUT; echo "LEFT=here" >> $GITHUB_ENV; echo said' }
    use: { needs: make, run: 'echo use >> ran.log; test "$LEFT" = here; test "\${{ steps.make.outputs.v }}" = 1' }
  finally: [{ run: 'echo last >> ran.log' }]
  outputs: { v: '\${{ steps.make.outputs.v }}' }
test:
  needs: build
  matrix: { part: [a, b] }
  steps:
    - run: >-
        echo "test-\${{ matrix.part }}" >> ran.log;
        printf '<testsuite name="s"><testcase classname="c" name="\${{ matrix.part }}"/></testsuite>' > report.xml
      reports: report.xml
deploy:
  needs: [build, test]
  steps:
    - run: 'echo deploy >> ran.log; test -e ok; test "\${{ needs.build.outputs.v }}" = 1'
`
const repository = (): Promise<string> =>
  scratch.repositoryWith(stages, { '.gitignore': 'ran.log\nok\n.wf/\nreport.xml\n' })
const ran = (folder: string): string[] => readFileSync(join(folder, 'ran.log'), 'utf8').split('\n').filter(Boolean)

/** What of an outcome no time changes. */
const essence = ({ verdict, stages: all, verdicts, evidence }: Outcome): unknown => ({
  verdict,
  stages: all.map(({ id, status, instances }) => [
    id,
    status,
    instances.map(({ address, status: of, steps }) => [
      address,
      of,
      steps.map((step) => [step.id, step.status, step.attempts]),
    ]),
  ]),
  verdicts: verdicts.map(({ address, gate, status, figures }) => [address, gate, status, figures]),
  evidence,
})
const last = { run: 'last', fresh: false }

test('what succeeded is not run again, and what it told is there', async () => {
  const folder = await repository()
  expect((await runIn(folder)).outcome.verdict).toBe('fail')
  change(folder, { ok: '' })
  const { outcome, step, folder: files } = await runIn(folder, { resume: last })
  expect(outcome.verdict).toBe('pass')
  expect(ran(folder)).toEqual(['make', 'use', 'last', 'test-a', 'test-b', 'deploy', 'deploy'])
  expect(outcome.resumed).toMatchObject({ reused: 5, changed: [] })
  expect(outcome.notes).toContainEqual(
    expect.stringMatching(/^goes on from \S+, 5 steps reused; run again: deploy\/1 \(it failed\)$/),
  )
  expect(readFileSync(join(files, step('build/make').log ?? ''), 'utf8')).toBe('said\n')
  expect(outcome.verdicts.find(({ gate }) => gate === 'tests')?.status).toBe('pass')
})

test('a run that is gone on from after all succeeded equals it', async () => {
  const folder = await repository()
  change(folder, { ok: '' })
  const whole = await runIn(folder)
  const again = await runIn(folder, { resume: last })
  expect(essence(again.outcome)).toEqual(essence(whole.outcome))
  expect(ran(folder)).toHaveLength(6)
})

test('cut off after any line of its journal, a run goes on to the same outcome and repeats nothing that was recorded', async () => {
  const folder = await repository()
  change(folder, { ok: '' })
  const whole = await runIn(folder)
  const lines = readFileSync(join(whole.folder, 'journal.jsonl'), 'utf8').split('\n').filter(Boolean)
  for (let kept = 1; kept < lines.length; kept++) {
    // The machine died in the middle of the next line.
    const journal = `${lines.slice(0, kept).join('\n')}\n${(lines[kept] ?? '').slice(0, 10)}`
    // Older runs are removed after some time.
    change(whole.folder, { 'journal.jsonl': journal })
    const recorded = lines.slice(0, kept).filter((line) => line.includes('"type":"step.finished"')).length
    writeFileSync(join(folder, 'ran.log'), '')
    const { outcome } = await runIn(folder, { resume: { run: whole.outcome.run.id, fresh: false } })
    expect(essence(outcome)).toEqual(essence(whole.outcome))
    expect(ran(folder)).toHaveLength(6 - recorded)
  }
})

test('a definition that changed and inputs that a step names run it again, and all after it', async () => {
  const folder = await repository()
  change(folder, { ok: '' })
  await runIn(folder)
  const file = readFileSync(join(folder, '.github/wf.yml'), 'utf8')
  change(folder, { '.github/wf.yml': file.replace('echo use', 'echo used') })
  const { outcome, step } = await runIn(folder, { resume: last })
  expect(step('build/make').reused).toBeDefined()
  expect(step('build/use').reused).toBeUndefined()
  expect(step('deploy/1').reused).toBeUndefined()
  expect(outcome.notes.join()).toContain('build/use (its definition changed)')
})

test('files that changed since are told, and the verdict is no plain pass', async () => {
  const folder = await repository()
  change(folder, { ok: '' })
  await runIn(folder)
  change(folder, { '.gitignore': 'ran.log\nok\n.wf/\nreport.xml\n# more\n' })
  const { outcome } = await runIn(folder, { resume: last })
  expect(outcome.verdict).toBe('warn')
  expect(outcome.reason).toBe('passed, but what is reused has not seen the change of .gitignore')
})

test('a step that told a secret runs again', async () => {
  const folder = await scratch.repositoryWith(`s:
  steps:
    tell: { run: 'echo "token=$TOKEN" >> $GITHUB_OUTPUT', secrets: [TOKEN] }
    use: { needs: tell, run: 'test "\${{ steps.tell.outputs.token }}" = a-very-secret-value' }
`)
  const secrets = { TOKEN: 'a-very-secret-value' }
  await runIn(folder, { secrets })
  const { outcome } = await runIn(folder, { secrets, resume: last })
  expect(outcome.verdict).toBe('pass')
  expect(outcome.notes.join()).toContain('s/tell (what it told holds a secret, which no journal keeps)')
})

test('`from` and `only`', async () => {
  const folder = await repository()
  change(folder, { ok: '' })
  await runIn(folder)
  await runIn(folder, { resume: { ...last, from: 'deploy' } })
  expect(ran(folder).slice(6)).toEqual(['deploy'])
  const only = await runIn(folder, { resume: { ...last, only: 'test' } })
  expect(ran(folder).slice(7)).toEqual(['test-a', 'test-b'])
  expect(only.step('deploy/1').reason).toBe('it was not asked for')
})

test('mistakes say what there is', async () => {
  const folder = await repository()
  await expect(runIn(folder, { resume: last })).rejects.toThrow('there is no run `last` to go on from')
  await runIn(folder)
  await expect(runIn(folder, { resume: { ...last, from: 'biuld' } })).rejects.toThrow('the plan has no `biuld`')
})

test('what nobody asked for has not run: it is no success, and the next run that goes on runs it', async () => {
  const folder = await scratch.repositoryWith(
    'test: { steps: { unit: { run: "true" }, lint: { run: "test -e ok" } } }\nlater: { needs: test, steps: [{ id: big, run: "true" }] }\n',
    { '.gitignore': 'ok\n.wf/\n' },
  )
  expect((await runIn(folder)).outcome.verdict).toBe('fail')
  const { outcome } = await runIn(folder, { resume: { ...last, only: 'test/unit' } })
  expect([outcome.verdict, outcome.reason]).toEqual(['warn', 'passed, but not all was asked for'])
  await expect(runIn(folder, { resume: { ...last, only: 'later/big' } })).rejects.toThrow('needs test/lint')
  expect((await runIn(folder, { resume: last })).step('test/lint').status).toBe('failure')
})
