import { evidenceFields, gateFields } from '../language/scopes.js'
import { missing } from './reader.js'
import type { ReferenceCheck } from './reader.js'

/** What can be named at a place of the file; `undefined` means that nothing is known and anything may be named. */
export interface Known {
  inputs: readonly string[]
  matrix: readonly string[] | undefined
  /** The stages that may be named, with their outputs. */
  needs: ReadonlyMap<string, readonly string[]>
  /** The steps that come before, with their declared outputs; asked only where an expression names one. */
  steps: () => ReadonlyMap<string, readonly string[] | undefined>
  /** Steps that exist, but do not come before; for a better message. */
  otherSteps: readonly string[]
  /** `any` where GitHub hands them over. */
  secrets: readonly string[] | 'any'
}

/** GitHub's own names in `github`, and those that wf can answer. */
export const githubNames = [
  'action',
  'actor',
  'actor_id',
  'api_url',
  'base_ref',
  'event',
  'event_name',
  'event_path',
  'graphql_url',
  'head_ref',
  'job',
  'ref',
  'ref_name',
  'ref_protected',
  'ref_type',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'run_attempt',
  'run_id',
  'run_number',
  'server_url',
  'sha',
  'token',
  'triggering_actor',
  'workflow',
  'workflow_ref',
  'workflow_sha',
  'workspace',
] as const

const runNames = ['id', 'target', 'dirty']
const attemptNames = ['number', 'exit-code', 'signal', 'timed-out', 'error-kind', 'output']

/** Checks that what an expression names can exist at its place. */
export function referenceCheck(known: Known): ReferenceCheck {
  const oneOf = (what: string, there: readonly string[], name: string | null | undefined) =>
    typeof name !== 'string' || there.some((n) => n.toLowerCase() === name.toLowerCase())
      ? undefined
      : missing(what, name, there)
  return ({ context, path }) => {
    const [first, second, third] = path
    switch (context) {
      case 'inputs':
        return oneOf('input', known.inputs, first)
      case 'matrix':
        return known.matrix && oneOf('dimension', known.matrix, first)
      case 'github':
        return oneOf('member of `github`', githubNames, first)
      case 'run':
        return oneOf('member of `run`', runNames, first)
      case 'attempt':
        return oneOf('member of `attempt`', attemptNames, first)
      case 'evidence':
        return evidenceReference(first, second)
      case 'secrets':
        return secretsReference(known, first)
      case 'needs':
        return needsReference(known, first, second, third)
      case 'steps':
        return stepsReference(known, first, second, third)
      default:
        return undefined
    }
  }
}

type Part = string | null | undefined

function secretsReference({ secrets }: Known, name: Part): ReturnType<ReferenceCheck> {
  if (typeof name !== 'string' || secrets === 'any' || secrets.includes(name)) return undefined
  return {
    message: `the step does not name the secret \`${name}\``,
    hint: `add it: \`secrets: [${[...secrets, name].join(', ')}]\``,
  }
}

/** Checks that what a gate's expression names can have a value. */
export const gateReference: ReferenceCheck = ({ context, path: [field, inner] }) => {
  const fields: readonly string[] | undefined = Object.entries(gateFields).find(([name]) => name === context)?.[1]
  if (!fields || typeof field !== 'string') return undefined
  if (!fields.includes(field.toLowerCase())) return missing(`field of \`${context}\``, field, fields)
  const known: readonly string[] = evidenceFields.findings
  return context !== 'findings' ||
    field.toLowerCase() !== 'new' ||
    typeof inner !== 'string' ||
    known.includes(inner.toLowerCase())
    ? undefined
    : missing('field of `findings.new`', inner, known)
}

function evidenceReference(kind: Part, field: Part): ReturnType<ReferenceCheck> {
  if (typeof kind !== 'string') return undefined
  const fields = Object.entries(evidenceFields).find(([name]) => name === kind.toLowerCase())?.[1]
  if (!fields) return missing('evidence', kind, Object.keys(evidenceFields))
  const known: readonly string[] = fields
  return typeof field !== 'string' || known.includes(field.toLowerCase())
    ? undefined
    : missing(`field of \`evidence.${kind}\``, field, known)
}

function needsReference(known: Known, stage: Part, member: Part, output: Part): ReturnType<ReferenceCheck> {
  if (typeof stage !== 'string') return undefined
  const outputs = known.needs.get(stage)
  if (!outputs)
    return {
      ...missing('needed stage', stage, [...known.needs.keys()]),
      ...(known.needs.size ? {} : { hint: `add \`needs: ${stage}\`` }),
    }
  if (typeof member !== 'string') return undefined
  if (!['result', 'outputs'].includes(member))
    return missing(`member of \`needs.${stage}\``, member, ['result', 'outputs'])
  if (member === 'outputs' && typeof output === 'string' && !outputs.includes(output))
    return {
      ...missing(`output of stage \`${stage}\``, output, outputs),
      ...(outputs.length ? {} : { hint: `declare it: \`outputs:\` of the stage \`${stage}\`` }),
    }
  return undefined
}

function stepsReference(known: Known, step: Part, member: Part, output: Part): ReturnType<ReferenceCheck> {
  if (typeof step !== 'string') return undefined
  const before = known.steps()
  if (!before.has(step)) {
    if (known.otherSteps.includes(step))
      return {
        message: `the step \`${step}\` does not come before this one`,
        hint: 'name it in `needs`, or move it before',
      }
    return missing('step', step, [...before.keys()])
  }
  if (typeof member !== 'string') return undefined
  const members = ['outcome', 'conclusion', 'outputs']
  if (!members.includes(member)) return missing(`member of \`steps.${step}\``, member, members)
  const outputs = before.get(step)
  if (member === 'outputs' && typeof output === 'string' && outputs && !outputs.includes(output))
    return missing(`output of step \`${step}\``, output, outputs)
  return undefined
}
