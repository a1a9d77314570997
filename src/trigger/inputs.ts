import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { nearest } from '../base/text.js'
import type { Cell } from '../language/workflow.js'
import type { Input, Workflow } from '../workflow/model.js'
import type { RunContext } from './context.js'

/** The inputs that a dispatch carries, as text; those of the GitHub workflow that are not ours are left out. */
export function dispatchedInputs(workflow: Workflow, { event, payload }: RunContext): Record<string, string> {
  const { inputs } = payload
  if (event !== 'workflow_dispatch' || typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) return {}
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, value]) =>
      Object.hasOwn(workflow.inputs, name) && value !== null && typeof value !== 'object'
        ? [[name, String(value)]]
        : [],
    ),
  )
}

/** The typed inputs of a run: what was given as text, read by its declared type, and the defaults. Every mistake is told. */
export function readInputs(
  workflow: Workflow,
  given: Readonly<Record<string, string>>,
): Result<Record<string, Cell>, Diagnostic> {
  const problems: Diagnostic[] = []
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(workflow.inputs, name)) continue
    const [near] = nearest(name, Object.keys(workflow.inputs))
    const declared = Object.keys(workflow.inputs).join(', ')
    const hint = near
      ? `did you mean \`${near}\`?`
      : declared
        ? `there are ${declared}`
        : 'the workflow declares no `inputs`'
    problems.push(error('unknown-input', `there is no input \`${name}\``, { hint }))
  }
  const values: Record<string, Cell> = {}
  for (const [name, input] of Object.entries(workflow.inputs)) {
    const text = Object.hasOwn(given, name) ? given[name] : undefined
    const value = text === undefined ? input.default : parse(input, text)
    if (text !== undefined && value === undefined)
      problems.push(error('bad-input', `the input \`${name}\` cannot be \`${text}\``, { hint: wanted(input) }))
    else if (value !== undefined) values[name] = value
    else if (input.required)
      problems.push(error('missing-input', `the input \`${name}\` is required`, { hint: `give it: --input ${name}=…` }))
    else values[name] = input.type === 'boolean' ? false : input.type === 'number' ? 0 : ''
  }
  return problems.length ? { ok: false, problems } : ok(values)
}

function parse(input: Input, text: string): Cell | undefined {
  if (input.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined
  if (input.type === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
  if (input.type === 'choice') return input.options?.includes(text) ? text : undefined
  return text
}

function wanted(input: Input): string {
  if (input.type === 'choice') return `it is one of ${(input.options ?? []).map((o) => `\`${o}\``).join(', ')}`
  return input.type === 'boolean' ? 'it is `true` or `false`' : 'it is a number'
}
