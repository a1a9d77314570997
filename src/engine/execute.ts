import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Files } from '../ports.js'
import { CommandFiles } from './command-files.js'
import { environmentOf, githubContext } from './contexts.js'
import type { Engine, RunRequest, RunTools } from './engine.js'
import { applyLayers, githubVariables } from './environment.js'
import { runGraph } from './graph.js'
import { Slots } from './slots.js'
import { runStage } from './stage.js'
import { Workspace } from './workspace.js'

/**
 * Walks a plan to its end and writes what happens to the journal. Failures of steps are results, not exceptions; what throws is a bug,
 * or an outside without which nothing can be recorded (a full disk).
 */
export async function execute(request: RunRequest, tools: RunTools): Promise<void> {
  const { ports, journal } = tools
  const { context, plan } = request
  journal.append({ type: 'run.started', run: request.run, context: contextOf(request), plan })
  const temporary = join(request.folder, 'temporary')
  ports.files.makeFolder(temporary)
  const inherited = withoutSecrets(ports.processes.environment, request.secrets)
  const machine = {
    ...githubVariables(context, request.workspace),
    ...inherited,
    WF_RUN_ID: request.run,
    WF_TARGET: plan.target,
  }
  const github = githubContext(context, request.workspace, ports.processes.environment)
  const files = new Workspace(request.workspace, ports.files, ports.git)
  const engine: Engine = {
    ...request,
    ...tools,
    slots: new Slots(request.concurrency, () => new CommandFiles(ports.files, temporary, ports.random)),
    files,
    github,
    variables: { machine, declared: {} },
    results: new Map(),
    hashFiles: (patterns) => hashFiles(files, ports.files, patterns),
  }
  const sight = { github, run: { id: request.run, target: plan.target, dirty: context.dirty }, inputs: request.inputs }
  engine.variables = applyLayers(engine.variables, request.workflow.env, (env) =>
    environmentOf({ ...sight, env }, engine),
  )
  const stages = plan.stages.map((stage) => ({
    ...stage,
    needs: stage.needs.filter((need) => plan.stages.some((s) => s.id === need)),
  }))
  await runGraph(stages, (stage) => runStage(engine, stage))
  journal.append({ type: 'run.finished', cancelled: tools.cancel.aborted })
  ports.files.remove(temporary)
}

const contextOf = ({ context }: RunRequest) => {
  const { event, sha, base, ref, actor, repository, dirty } = context
  return { event, sha, base, ref, actor, repository, dirty }
}

/** A secret that was handed to the run reaches only the steps that name it, even if the machine's environment has it too. */
function withoutSecrets(
  environment: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !Object.hasOwn(secrets, name)))
}

/** `hashFiles` of GitHub: SHA-256 over the SHA-256 of every file that matches, in order; an empty text when none does. */
function hashFiles(workspace: Workspace, files: Files, patterns: readonly string[]): string {
  const names = [...new Set(patterns.flatMap((pattern) => workspace.match(pattern)))].sort()
  if (!names.length) return ''
  const all = createHash('sha256')
  for (const name of names)
    all.update(
      createHash('sha256')
        .update(files.readBytes(join(workspace.root, name)) ?? '')
        .digest(),
    )
  return all.digest('hex')
}
