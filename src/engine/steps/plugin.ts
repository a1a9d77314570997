import { resolve } from 'node:path'
import type { Json } from '../../base/json.js'
import type { Body } from '../../workflow/model.js'
import { failed, succeeded } from '../kind.js'
import type { StepCall, StepKind } from '../kind.js'
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
  log(text: string): void
  setOutput(name: string, value: string): void
}

/** A step kind of the user's own: a module of the repository, its inputs checked by the schema that it declares. */
export const plugin: StepKind<PluginBody> = async (call) => {
  const loaded = await load(call)
  if ('message' in loaded) return failed(loaded.message)
  const inputs = fillMap(call.body.with, call.expressions)
  const wrong = await checkInputs(loaded.plugin, inputs)
  if (wrong) return failed(wrong)
  const outputs: Record<string, Json> = {}
  try {
    const answer = await loaded.plugin.run({
      with: inputs,
      env: call.variables,
      workspace: call.workspace,
      signal: call.stop,
      log: (text) => call.print('stdout', `${text}\n`),
      setOutput: (name, value) => {
        outputs[name] = value
      },
    })
    return isFailure(answer)
      ? { ...failed(answer.message ?? 'the plug-in answered that it failed'), outputs }
      : { ending: succeeded, outputs }
  } catch (cause) {
    // What a plug-in throws is its own failure; its stack helps who wrote it.
    call.print('stderr', `${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`)
    return failed(`the plug-in threw: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

const isFailure = (answer: unknown): answer is { ok: false; message?: string } =>
  typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === false

async function load({
  body,
  ports,
  workspace: root,
}: StepCall<PluginBody>): Promise<{ plugin: Plugin } | { message: string }> {
  const workspace = new Workspace(root, ports.files, ports.git)
  const path = workspace.inside(resolve(root, body.module))
  if (path === undefined) return { message: `\`${body.module}\` leads out of the repository` }
  if (ports.files.stat(path)?.kind !== 'file') return { message: `there is no module \`${body.module}\`` }
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
    if (validate(inputs)) return undefined
    return `the inputs do not fit: ${(validate.errors ?? []).map((e) => `\`with${e.instancePath.replaceAll('/', '.')}\` ${e.message ?? ''}${e.keyword === 'additionalProperties' ? ` (\`${String(e.params['additionalProperty'])}\`)` : ''}`).join('; ')}`
  } catch (cause) {
    return `the plug-in's schema of its inputs is no JSON Schema: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}
