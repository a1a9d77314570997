import { stepAddress } from '../base/address.js'
import type { Evidence } from '../evidence/evidence.js'
import type { Verdict } from '../gates/verdict.js'
import type { Step } from '../workflow/model.js'
import { isOk } from './condition.js'
import type { Engine, InstanceRun, StepResult } from './engine.js'
import { runFix, runStepAgain } from './step.js'

/**
 * Runs the `fix` command of every step whose reports hold something that a gate objects to, runs the step again, and tells the files that
 * changed. Answers whether anything was run again.
 */
export async function applyFixes(runs: readonly InstanceRun[], verdicts: readonly Verdict[]): Promise<boolean> {
  const objecting = new Set(verdicts.filter((v) => v.status === 'fail').map((v) => v.gate))
  let any = false
  for (const run of runs)
    for (const result of Array.from(run.results.values())) {
      const { fix } = result.step
      if (!fix || run.cancel.halted || !isOk(result.status) || !holdsSomethingFor(objecting, result)) continue
      await applyFix(run, result, fix)
      any = true
    }
  return any
}

async function applyFix(
  run: InstanceRun,
  { step, attempts }: StepResult,
  script: NonNullable<Step['fix']>,
): Promise<void> {
  const { engine } = run
  const address = stepAddress(run.address, step.id)
  const before = await changed(engine)
  const { retry, ...once } = step
  const shell = step.body.kind === 'run' ? step.body.shell : 'bash'
  const body = { kind: 'run', script, shell } as const
  const problem = await runFix(run, { ...once, id: `${step.id}-fix`, reports: [], body })
  const after = await changed(engine)
  const files = [...after].filter(([name, stamp]) => before.get(name) !== stamp).map(([name]) => name)
  const gone = [...before.keys()].filter((name) => !after.has(name))
  engine.journal.append({ type: 'fix.applied', step: address, files: [...files, ...gone].sort() })
  if (problem !== undefined)
    engine.journal.append({ type: 'note', message: `the \`fix\` of ${address} did not succeed: ${problem}` })
  await runStepAgain(run, step, attempts + 1)
}

/** Whether the evidence holds something that one of the gates judges: findings of its category, or tests that fail. */
const holdsSomethingFor = (gates: ReadonlySet<string>, { evidence }: StepResult): boolean =>
  evidence.some((one: Evidence) => {
    if (one.kind === 'tests') return gates.has('tests') && one.failed + one.errors > 0
    return one.kind === 'findings' && one.findings.some(({ category }) => gates.has(category))
  })

/** The files that differ from the commit, each with a stamp of its state. */
async function changed({ ports, workspace, files }: Engine): Promise<Map<string, string>> {
  const ask = ['status', '--porcelain', '--no-renames', '--untracked-files=all', '-z', '--', '.']
  const { code, stdout } = await ports.git.run(workspace, ask)
  if (code !== 0) return new Map()
  const { stdout: prefix } = await ports.git.run(workspace, ['rev-parse', '--show-prefix'])
  const own = prefix.replace(/\n$/, '')
  const names = stdout
    .split('\0')
    .filter(Boolean)
    .map((entry) => entry.slice(3))
    .map((name) => (name.startsWith(own) ? name.slice(own.length) : name))
  return new Map(
    names.map((name) => {
      const stat = files.stat(name)
      return [name, stat ? `${stat.changed} ${stat.size} ${stat.inode}` : 'gone']
    }),
  )
}
