import { stepAddress } from '../base/address.js'
import type { Evidence } from '../evidence/evidence.js'
import type { Verdict } from '../gates/verdict.js'
import type { Step } from '../workflow/model.js'
import { isOk } from './condition.js'
import type { Engine, InstanceRun, Mendable, StepResult } from './engine.js'
import { runFix, runStepAgain } from './step.js'

/**
 * Runs the `fix` command of every step whose reports hold something that a gate objects to, runs the step again, and tells the files that
 * changed. Answers whether anything was run again.
 */
export async function applyFixes(runs: readonly InstanceRun[], verdicts: readonly Verdict[]): Promise<boolean> {
  const found = mendableIn(runs, verdicts)
  for (const one of found) await applyFix(one)
  return found.length > 0
}

async function applyFix({ run, result: { step, attempts }, fix }: Mendable): Promise<void> {
  const address = stepAddress(run.address, step.id)
  const { files, problem } = await runScript(run, step, fix)
  run.engine.journal.append({ type: 'fix.applied', step: address, files })
  tellProblem(run.engine, address, problem)
  await runStepAgain(run, step, attempts + 1)
}

/** Runs the command once; the files that it changed, and why it did not succeed, if so. */
async function runScript(
  run: InstanceRun,
  step: Step,
  script: NonNullable<Step['fix']>,
): Promise<{ files: string[]; problem: string | undefined }> {
  const before = await changed(run.engine)
  const { retry, if: _, ...once } = step
  const shell = step.body.kind === 'run' ? step.body.shell : 'bash'
  const body = { kind: 'run', script, shell } as const
  const problem = await runFix(run, { ...once, id: `${step.id}-fix`, reports: [], body })
  const after = await changed(run.engine)
  const files = [...after].filter(([name, stamp]) => before.get(name) !== stamp).map(([name]) => name)
  const gone = [...before.keys()].filter((name) => !after.has(name))
  return { files: [...files, ...gone].sort(), problem }
}

function tellProblem({ journal }: Engine, step: string, problem: string | undefined): void {
  if (problem !== undefined)
    journal.append({ type: 'note', message: `the \`fix\` of ${step} did not succeed: ${problem}` })
}

/** The steps with a `fix` whose reports hold something that a gate objects to. */
export function mendableIn(runs: readonly InstanceRun[], verdicts: readonly Verdict[]): Mendable[] {
  const objecting = new Set(verdicts.filter((v) => v.status === 'fail').map((v) => v.gate))
  return runs.flatMap((run) =>
    Array.from(run.results.values()).flatMap((result) => {
      const { fix } = result.step
      return fix && !run.cancel.halted && isOk(result.status) && holdsSomethingFor(objecting, result)
        ? [{ run, result, fix }]
        : []
    }),
  )
}

/** Runs the `fix` of a step, and answers the files that it changed. The step itself is not run again. */
export async function tryFix({ run, result, fix }: Mendable): Promise<string[]> {
  const step = stepAddress(run.address, result.step.id)
  const { files, problem } = await runScript(run, result.step, fix)
  run.engine.journal.append({ type: 'fix.tried', step, files })
  tellProblem(run.engine, step, problem)
  return files
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
