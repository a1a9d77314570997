import { join, resolve } from 'node:path'
import { error, renderDiagnostic } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { OutsideError, exitCodes } from '../base/errors.js'
import { Redactor } from '../base/redact.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { hostGitHub } from '../host/github.js'
import { hostPorts } from '../host/index.js'
import { listenToInterrupts } from '../host/interrupts.js'
import { listenToStray, stackOf } from '../host/stray.js'
import type { Files, GitHub, Ports } from '../ports.js'
import { escapeData, maskCommands } from '../publish/commands.js'
import { load } from '../change-file.js'
import { prepare } from '../prepare.js'
import { exitCodeOf } from '../journal/exit-code.js'
import type { RunOptions } from '../options.js'
import { readInputs } from './inputs.js'
import type { ActionInputs } from './inputs.js'
import { RunnerLog } from './log.js'
import { readRunner } from './runner.js'
import type { Runner } from './runner.js'

/** What the parts of one call share. */
interface Job {
  inputs: ActionInputs
  runner: Runner
  ports: Ports & { github: GitHub }
  options: RunOptions
}

/** The action: answers the exit code; outputs, summary and log are written the way the runner reads them. */
export async function main(environment: NodeJS.ProcessEnv): Promise<number> {
  const ports = hostPorts(withoutOurs(environment))
  const { terminal } = ports
  const inputs = readInputs(environment)
  // Before anything else: from here on the runner masks them in its log.
  const redactor = new Redactor((value) => ports.terminal.out(maskCommands(value)))
  if (inputs.ok) {
    const { token, codecovToken, secrets } = inputs.value
    for (const value of [token, codecovToken, ...Object.values(secrets)]) redactor.add(value)
  }
  const stray = listenToStray(terminal)
  try {
    const runner = readRunner(environment, ports.files)
    if (!inputs.ok || !runner.ok)
      return await (
        await telling()
      ).tell(
        [inputs, runner].flatMap((one) => (one.ok ? [] : one.problems)),
        ports,
        true,
      )
    const { api, graphql, proxied, repository } = runner.value
    const { token } = inputs.value
    const github = hostGitHub({ api, token, repository, proxied, ...(graphql === undefined ? {} : { graphql }) })
    const options = optionsOf(inputs.value, runner.value, ports.files)
    if (!options.ok) return await (await telling()).tell(options.problems, ports, true)
    const job = {
      inputs: inputs.value,
      runner: runner.value,
      ports: { ...ports, github },
      options: options.value,
    }
    const code = await act(job)
    return stray.thrown() ? exitCodes.bug : code
  } catch (cause) {
    const outside = cause instanceof OutsideError
    const message = outside
      ? cause.message
      : `this is a bug in wf, please report it with these lines:\n${stackOf(cause)}`
    terminal.out(`::error title=wf::${escapeData(redactor.text(message))}\n`)
    return outside ? exitCodes.outside : exitCodes.bug
  } finally {
    stray.end()
  }
}

/** What is told at the end brings all renderers along, which would cost time before the first step. */
const telling = async () => import('./tell.js')

/** The action's own inputs (secrets among them) and what belongs to its step alone are not the steps' business. */
function withoutOurs(environment: NodeJS.ProcessEnv): Record<string, string> {
  const ours = /^(INPUT_.*|ACTIONS_RUNTIME_.*|ACTIONS_CACHE_URL|ACTIONS_RESULTS_URL|GITHUB_STATE)$/
  // Given to the action for its own upload; steps that send coverage themselves keep it.
  const uploads = environment['INPUT_UPLOAD-CODECOV']?.trim().toLowerCase() === 'true'
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || ours.test(name) || (uploads && name === 'CODECOV_TOKEN') ? [] : [[name, value]],
    ),
  )
}

function optionsOf(inputs: ActionInputs, runner: Runner, files: Files): Result<RunOptions, Diagnostic> {
  const folder = resolve(runner.workspace, inputs.workingDirectory)
  const { check, comment, target, concurrency, secrets, fix, file, part } = inputs
  // Of a shared run the job posts that judges all.
  const isWhole = part === undefined || part.part === 'verdict'
  const real = files.real(folder)
  if (real === undefined || files.stat(real)?.kind !== 'directory') {
    const hint = 'check the repository out first: `actions/checkout`'
    return fail(error('no-folder', `there is no folder ${folder}`, { hint }))
  }
  const { event, home, stamp, url } = runner
  const codecov =
    inputs.uploadCodecov && part === undefined
      ? {
          token: inputs.codecovToken,
          ...(runner.identity ? { identity: runner.identity } : {}),
          ...(inputs.codecovUrl === undefined ? {} : { url: inputs.codecovUrl }),
        }
      : undefined
  // Another step of this job may have walked the same path before.
  const again = files.list(join(home, 'runs')).length > 0
  return ok({
    folder: real,
    file,
    event,
    home,
    onRunner: true,
    secrets,
    ...(runner.cacheService ? { cacheService: runner.cacheService } : {}),
    hidden: [inputs.token, inputs.codecovToken, runner.identity?.token ?? '', runner.cacheService?.token ?? ''].filter(
      (value) => value !== '',
    ),
    ...(fix === undefined || part ? {} : { propose: fix }),
    ...(part ? { part: { ...part, ...placeOf(runner) } } : {}),
    ...(part?.stages ? { stages: part.stages } : {}),
    ...(part?.rules ? { rules: part.rules } : {}),
    ...(part?.timings ? { timings: part.timings } : {}),
    inputs: inputs.inputs,
    ...(target === undefined ? {} : { target }),
    ...(concurrency === undefined ? {} : { concurrency }),
    post: {
      check: check && isWhole,
      comment: comment && isWhole,
      again,
      sarif: inputs.uploadSarif && isWhole,
      ...(codecov ? { codecov } : {}),
      site: runner.site,
      ...(stamp ? { stamp } : {}),
      ...(url === undefined ? {} : { url }),
    },
  })
}

/** Where hand-overs are on a runner: the workflow that `wf sync` writes takes them from and puts them there. */
const placeOf = ({ home, stamp }: Runner) => ({
  arrived: join(home, 'arrived'),
  leave: join(home, 'hand-over'),
  run: String(stamp?.id ?? 0),
  attempt: stamp?.attempt ?? 1,
})

async function act(job: Job): Promise<number> {
  const { ports, runner, inputs } = job
  const { part } = inputs
  const say = (text: string): void => ports.terminal.out(`::warning title=wf::${escapeData(text)}\n`)
  // Of a shared run GitHub runs again what failed.
  const resuming = inputs.resume && !part
  const saving = resuming && (runner.stamp?.attempt ?? 1) > 1 ? await import('./saved.js') : undefined
  const resume = await saving?.restoreState(job, say)
  const options = { ...job.options, ...(resume ? { resume } : {}) }
  if (runner.event.name === 'workflow_run' && !(await answersRuns(options, ports))) return report(job)
  // While git answers there is time to load the rest.
  const [prepared, { run }] = await Promise.all([prepare(options, ports), import('../run.js')])
  if (!prepared.ok) {
    const { postRefusal } = await import('./refuse.js')
    await postRefusal(prepared.problems, options, ports, new AbortController().signal)
    const code = await (await telling()).tell(prepared.problems, ports, inputs.summary)
    // An event that the file does not answer has nothing to run.
    if (part?.part === 'plan' && code === exitCodes.pass) await (await import('./part.js')).tellNothing()
    return code
  }
  if (part?.part === 'plan') return (await import('./part.js')).tellPlan(prepared.value, options, ports)
  for (const name of ['fix', 'upload-codecov'] as const)
    if (part && (name === 'fix' ? inputs.fix : inputs.uploadCodecov))
      say(`\`${name}\` does nothing in a run that several jobs share: what it works on is on other machines`)
  const { context, plan, warnings } = prepared.value
  const log = new RunnerLog(ports.terminal, !context.foreign)
  for (const warning of warnings) log.say(renderDiagnostic(warning))
  log.say(
    `wf: ${plan.workflow.name} / ${plan.target}${context.pullRequest === null ? '' : `, pull request #${context.pullRequest}`}`,
  )
  const interrupts = listenToInterrupts(() => log.say('cancelled: ending the run'))
  try {
    const ran = await run(prepared.value, options, ports, {
      journal: log.journal,
      live: log.output,
      ...(context.foreign ? {} : { hide: (value: string) => ports.terminal.out(maskCommands(value)) }),
      ...(ports.terminal.room ? { room: ports.terminal.room } : {}),
      ...interrupts.signals,
    })
    const { outcome, folder } = ran
    if (part?.part === 'matrix') return await (await import('./part.js')).tellInstances(ran, part.of, ports)
    await (await telling()).show(outcome, folder, ports, inputs.summary)
    if (part?.part === 'instance') return await (await import('./part.js')).tellHandOver(ran, plan, { log, say })
    if (resuming) await (await import('./saved.js')).saveState(job, outcome, folder, say)
    return exitCodeOf(outcome)
  } finally {
    interrupts.end()
  }
}

/** Whether the checkout's own file walks for `workflow_run`; otherwise the action is there to post what that run left. */
async function answersRuns(options: RunOptions, ports: Ports): Promise<boolean> {
  const loaded = await load(options, ports)
  return loaded.ok && loaded.workflow.on.workflow_run !== undefined
}

/** Posts what the run before left. */
async function report({ ports, runner, inputs }: Job): Promise<number> {
  const { reportRun } = await import('./report-run.js')
  const { urls } = await import('./outputs.js')
  const log = new RunnerLog(ports.terminal, false)
  const interrupts = listenToInterrupts(() => log.say('cancelled'))
  try {
    const { artifact, check, comment } = inputs
    const how = { artifact, check, comment, home: runner.home, cancel: interrupts.signals.cancel }
    const { posted, problems } = await reportRun(runner.event.payload, how, ports)
    for (const { outcome, published } of posted)
      for (const { effect, status, url, reason, mend } of published)
        log.say(
          `${outcome.workflow.name} / ${outcome.target}: ${effect} ${status}${url ? ` ${url}` : ''}${reason ? `: ${reason}` : ''}${mend ? `; ${mend}` : ''}`,
        )
    for (const problem of problems) ports.terminal.out(`::warning title=wf::${escapeData(problem)}\n`)
    const [first] = posted
    await (
      await telling()
    ).hand({
      verdict: first?.outcome.verdict ?? 'none',
      reason: first?.outcome.reason ?? problems[0] ?? '',
      ...(first ? { target: first.outcome.target, ...urls(first) } : {}),
    })
    // That a run left nothing to post is no fault of this one; what it left and could not be posted is.
    return posted.some(({ published }) => published.some(({ status }) => status === 'failed'))
      ? exitCodes.outside
      : exitCodes.pass
  } finally {
    interrupts.end()
  }
}
