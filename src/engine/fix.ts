import { stepAddress } from '../base/address.js'
import type { Engine, InstanceRun, StepResult } from './engine.js'
import { runStepAgain } from './step.js'

/**
 * Runs the `fix` command of every step whose reports hold findings or failures, runs the step again, and tells the files that changed.
 * Answers whether anything was run again.
 */
export async function applyFixes(engine: Engine, runs: readonly InstanceRun[]): Promise<boolean> {
  let any = false
  for (const run of runs)
    for (const result of Array.from(run.results.values())) {
      const { step } = result
      if (!step.fix || !hasSomethingToMend(result) || engine.cancel.aborted) continue
      const before = await changed(engine)
      const { fix, retry: _, ...rest } = step
      const mender = {
        ...rest,
        id: `${step.id}-fix`,
        reports: [],
        body: {
          kind: 'run' as const,
          script: fix,
          shell: step.body.kind === 'run' ? step.body.shell : ('bash' as const),
        },
      }
      const mended = await runStepAgain(run, mender, 1)
      run.results.delete(mender.id)
      const after = await changed(engine)
      const files = [...after].filter(([name, stamp]) => before.get(name) !== stamp).map(([name]) => name)
      engine.journal.append({ type: 'fix.applied', step: stepAddress(run.address, step.id), files: files.sort() })
      if (mended.status !== 'success')
        engine.journal.append({
          type: 'note',
          message: `the \`fix\` of ${stepAddress(run.address, step.id)} did not succeed`,
        })
      await runStepAgain(run, step, result.attempts + 1)
      any = true
    }
  return any
}

const hasSomethingToMend = (result: StepResult): boolean =>
  result.evidence.some((e) =>
    e.kind === 'findings' ? e.findings.length > 0 : e.kind === 'tests' && e.failed + e.errors > 0,
  )

/** The files that differ from the commit, each with a stamp of its state. */
async function changed(engine: Engine): Promise<Map<string, string>> {
  const { code, stdout } = await engine.ports.git.run(engine.workspace, [
    'status',
    '--porcelain',
    '--no-renames',
    '--untracked-files=all',
    '-z',
    '--',
    '.',
  ])
  if (code !== 0) return new Map()
  const { stdout: prefix } = await engine.ports.git.run(engine.workspace, ['rev-parse', '--show-prefix'])
  const own = prefix.trim()
  const names = stdout
    .split('\0')
    .filter(Boolean)
    .map((entry) => entry.slice(3))
    .map((name) => (name.startsWith(own) ? name.slice(own.length) : name))
  return new Map(
    names.map((name) => {
      const stat = engine.files.stat(name)
      return [name, stat ? `${stat.changed} ${stat.size} ${stat.inode}` : 'gone']
    }),
  )
}
