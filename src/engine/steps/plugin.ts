import { resolve } from 'node:path'
import type { Json } from '../../base/json.js'
import type { Clock } from '../../ports.js'
import type { Body } from '../../workflow/model.js'
import { isOutputName } from '../command-files.js'
import { signalOf } from '../halt.js'
import { failed, succeeded } from '../kind.js'
import type { StepAnswer, StepCall, StepKind } from '../kind.js'
import { Workspace } from '../workspace.js'
import { fillMap } from './json.js'

type PluginBody = Extract<Body, { kind: 'plugin' }>

/** What a plug-in's module exports by default; docs/plugins.md tells it to users. */
interface Plugin {
  inputs?: { [key: string]: Json }
  run(call: PluginCall): unknown
}

interface PluginCall {
  with: { [key: string]: Json }
  /** The variables of the step. */
  env: Record<string, string>
  workspace: string
  /** Aborted when the step is stopped. */
  signal: AbortSignal
  /** Texts; but nobody checks what a module hands over. */
  log(text: unknown): void
  setOutput(name: unknown, value: unknown): void
}

/** How long a plug-in may go on after it was told to stop, in milliseconds: as long as a process may after SIGINT and SIGTERM. */
const patience = 5000

/** A step kind of the user's own: a module of the repository, its inputs checked by the schema that it declares. */
export const plugin: StepKind<PluginBody> = async (call) => {
  const loaded = await load(call)
  if ('message' in loaded) return failed(loaded.message)
  const inputs = fillMap(call.body.with, call.expressions)
  const wrong = await checkInputs(loaded.plugin, inputs)
  if (wrong) return failed(wrong)
  if (call.stop.halted) return { ending: { kind: 'cancelled' } }
  const over = overdue(call, call.ports.clock)
  const { signal, forget } = signalOf(call.stop)
  try {
    return await Promise.race([answerOf(loaded.plugin, { call, inputs, signal }), over.answer])
  } finally {
    over.forget()
    forget()
  }
}

async function answerOf(
  plugin: Plugin,
  { call, inputs, signal }: { call: StepCall<PluginBody>; inputs: PluginCall['with']; signal: AbortSignal },
): Promise<StepAnswer> {
  const outputs = new Map<string, string>()
  const problems: string[] = []
  const print = (stream: 'stdout' | 'stderr', text: string): void =>
    call.print(
      stream,
      `${text}
`,
    )
  try {
    const answer = await plugin.run({
      with: inputs,
      env: call.variables,
      workspace: call.workspace,
      signal,
      log: (text) => print('stdout', String(text)),
      setOutput: (name, value) => {
        if (typeof name !== 'string' || !isOutputName(name))
          problems.push(`${JSON.stringify(name)} is no name of an output`)
        else if (!isPlain(value)) problems.push(`the output \`${name}\` is no text`)
        else outputs.set(name, String(value))
      },
    })
    const left = { outputs: Object.fromEntries(outputs) }
    if (isFailure(answer)) return { ...failed(messageOf(answer.message)), ...left }
    if (problems.length) return { ...failed(problems.join('; ')), ...left }
    if (isSuccess(answer)) return { ending: succeeded, ...left }
    return { ...failed('the plug-in answered neither `{ ok: true }` nor `{ ok: false, message }`'), ...left }
  } catch (cause) {
    // What a plug-in throws is its own failure; its stack helps who wrote it.
    print('stderr', cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
    return failed(`the plug-in threw: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

const messageOf = (message: unknown): string =>
  typeof message === 'string' && message ? message : 'the plug-in answered that it failed'

/** The answer of a plug-in that does not stop when it is told to. It runs inside wf, so that it can only be left behind. */
function overdue({ stop, kill }: StepCall, clock: Clock): { answer: Promise<StepAnswer>; forget: () => void } {
  let forget = (): void => undefined
  const answer = new Promise<StepAnswer>((resolve) => {
    const leave = (): void => resolve(failed('the plug-in did not stop when it was told to'))
    let cancel: (() => void) | undefined
    const forgetStop = stop.on(() => (cancel = clock.after(patience, leave)))
    const forgetKill = kill.on(leave)
    forget = () => {
      cancel?.()
      forgetStop()
      forgetKill()
    }
  })
  return { answer, forget }
}

const isSuccess = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true

const isFailure = (answer: unknown): answer is { ok: false; message?: unknown } =>
  typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === false

async function load({
  body,
  ports,
  workspace: root,
}: StepCall<PluginBody>): Promise<{ plugin: Plugin } | { message: string }> {
  const workspace = new Workspace(root, ports.files, ports.git)
  const path = workspace.inside(resolve(root, body.module))
  if (path === undefined) return { message: `\`${body.module}\` leads out of the repository` }
  const real = ports.files.real(path)
  if (real === undefined || ports.files.stat(real)?.kind !== 'file')
    return { message: `there is no module \`${body.module}\`` }
  try {
    const module = (await ports.modules.load(path)) as { default?: unknown }
    const exported = module.default
    if (typeof exported !== 'object' || exported === null || !('run' in exported) || typeof exported.run !== 'function')
      return { message: `\`${body.module}\` exports no plug-in: its default export needs a function \`run\`` }
    return { plugin: exported as Plugin }
  } catch (cause) {
    return { message: `\`${body.module}\` cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}` }
  }
}

async function checkInputs(plugin: Plugin, inputs: { [key: string]: Json }): Promise<string | undefined> {
  if (!plugin.inputs)
    return Object.keys(inputs).length ? 'the plug-in declares no `inputs`, and `with` gives some' : undefined
  // The bundle knows a CommonJS module only by its default export.
  const { Ajv } = (await import('ajv')).default
  const ajv = new Ajv({ allErrors: true, strict: false })
  try {
    const validate = ajv.compile({ type: 'object', additionalProperties: false, ...plugin.inputs })
    return validate(inputs) ? undefined : `the inputs do not fit: ${(validate.errors ?? []).map(faultOf).join('; ')}`
  } catch (cause) {
    return `the plug-in's schema of its inputs is no JSON Schema: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}

const faultOf = (e: {
  instancePath: string
  keyword: string
  message?: string
  params: Record<string, unknown>
}): string =>
  `\`with${e.instancePath.replaceAll('/', '.')}\` ${e.message ?? ''}${e.keyword === 'additionalProperties' ? ` (\`${String(e.params['additionalProperty'])}\`)` : ''}`
