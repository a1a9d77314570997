/**
 * wf from code: `plan` and `run` walk a workflow, `validate` checks one, `readReports` reads report files. Everything takes ports;
 * `hostPorts()` are those of this machine.
 */
import type { Diagnostic } from './base/diagnostic.js'
import type { Result } from './base/result.js'
import type { ReadReport } from './evidence/evidence.js'
import type { Outcome } from './journal/outcome.js'
import type { Plan } from './plan/plan.js'
import type { Ports } from './ports.js'
import type { RunOptions, Watch } from './options.js'

export type { Diagnostic, Outcome, Plan, Ports, ReadReport, Result, RunOptions, Watch }
export { exitCodeOf } from './journal/exit-code.js'

/** The real ports of this machine. */
export const hostPorts = async (): Promise<Ports> => (await import('./host/index.js')).hostPorts()

/** What a run would do, or what is wrong with the file or the options. */
export async function plan(options: RunOptions, ports: Ports): Promise<Result<Plan, Diagnostic>> {
  const { prepare } = await import('./prepare.js')
  const prepared = await prepare(options, ports)
  return prepared.ok ? { ok: true, value: prepared.value.plan } : prepared
}

/** Walks the path. Answers the outcome and the folder with the run's files, or what is wrong with the file or the options. */
export async function run(
  options: RunOptions,
  ports: Ports,
  watch?: Watch,
): Promise<Result<{ outcome: Outcome; folder: string }, Diagnostic>> {
  const [{ prepare }, { run: walk }] = await Promise.all([import('./prepare.js'), import('./run.js')])
  const prepared = await prepare(options, ports)
  return prepared.ok ? { ok: true, value: await walk(prepared.value, options, ports, watch) } : prepared
}

/** Everything that is wrong with a workflow file, and what deserves a second look. */
export async function validate(options: Pick<RunOptions, 'folder' | 'file'>, ports: Ports): Promise<Diagnostic[]> {
  const { load } = await import('./change-file.js')
  const loaded = await load(options, ports)
  return loaded.ok ? loaded.warnings : loaded.problems
}

/** The evidence in report files, whose formats are recognised by their content. Paths are absolute. */
export async function readReports(paths: readonly string[], { files }: Ports): Promise<ReadReport[]> {
  const { readReport } = await import('./evidence/read.js')
  return Promise.all(
    paths.map((path) => readReport({ path, size: files.stat(path)?.size ?? 0, chunks: () => files.stream(path) })),
  )
}
