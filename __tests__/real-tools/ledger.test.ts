import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyOfExample, execute, gatesIn, git, outcomeIn, wfEnding } from '../support/command.js'

jest.setTimeout(300_000)

/** Why the real tools cannot be had here, or undefined. */
async function missing(): Promise<string | undefined> {
  const python = ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 10))']
  const version = await execute('python3', python, tmpdir()).catch(() => undefined)
  if (version?.code !== 0) return 'no Python from 3.10 is here'
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--timeout', '5', '--retries', '0', 'download']
  const target = ['--quiet', '--no-deps', '--dest', join(tmpdir(), 'wf-pip'), 'iniconfig==2.3.1']
  const reached = await execute('python3', [...pip, ...target], tmpdir())
  return reached.code === 0 ? undefined : 'no package index can be reached'
}

const reason = await missing()
const here = reason === undefined ? describe : describe.skip
if (reason !== undefined) process.stderr.write(`examples/ledger is not run with real tools: ${reason}\n`)

here('examples/ledger by pytest, coverage.py and Ruff', () => {
  let ledger: Awaited<ReturnType<typeof copyOfExample>>
  beforeAll(async () => {
    ledger = await copyOfExample('ledger')
  })
  afterAll(() => ledger.remove())

  test('passes its gates', async () => {
    await wfEnding(0, ['run'], ledger.folder)
    expect(gatesIn(ledger.folder)).toEqual({ tests: 'pass', coverage: 'pass', lint: 'pass' })
    const test = outcomeIn(ledger.folder).evidence.find(({ stage }) => stage === 'test')?.evidence
    expect(test).toContainEqual(expect.objectContaining({ kind: 'tests', tests: 19, passed: 19, skipped: 0 }))
    // Cobertura and LCOV tell of the same six files.
    const coverage = test?.find(({ kind }) => kind === 'coverage')
    expect(coverage).toMatchObject({ lines_covered: 142, lines_valid: 143 })
    expect(await git(ledger.folder, 'status', '--porcelain')).toBe('')
  })

  test('a bug and an unused import are named with file and line; --fix takes the import out', async () => {
    const reports = join(ledger.folder, 'ledger/reports.py')
    const whole = readFileSync(reports, 'utf8')
    writeFileSync(reports, whole.replace('[Kind.INCOME] - totals', '[Kind.INCOME] + totals'))
    appendFileSync(join(ledger.folder, 'tests/test_journal.py'), '\n\nimport os\n')
    const ended = await wfEnding(1, ['run'], ledger.folder)
    expect(gatesIn(ledger.folder)).toEqual({ tests: 'fail', coverage: 'pass', lint: 'fail' })
    expect(ended.stdout).toMatch(/tests\/test_reports\.py:\d+/)
    expect(ended.stdout).toMatch(/tests\/test_journal\.py:\d+.*\n?.*F401/)

    await wfEnding(1, ['run', '--fix'], ledger.folder)
    expect(gatesIn(ledger.folder)).toEqual({ tests: 'fail', coverage: 'pass', lint: 'pass' })
    expect(outcomeIn(ledger.folder).fixed.flatMap(({ files }) => files)).toEqual(['tests/test_journal.py'])
  })
})
