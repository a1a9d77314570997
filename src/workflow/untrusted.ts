import type { EnvFile } from '../language/env.js'
import type { Reference } from './expression/compile.js'
import { expressionsOf, parseTemplate } from './expression/template.js'
import type { ReferenceCheck } from './reader.js'

/** What a stranger can write: it may reach a process by the environment, never by text in a script. */
const untrusted = [
  /^github$/,
  /^github\.head_ref$/,
  /^github\.ref(_name)?$/,
  /^github\.event\.(pull_request|issue|discussion|release)\.(title|body|tag_name|name)$/,
  /^github\.event\.(comment|review|review_comment)\.body$/,
  /^github\.event\.(head_commit|commits(\.[^.]*)?)\.(message|author\.(name|email))$/,
  /^github\.event\.pull_request\.head\.(ref|label|repo\.(default_branch|description|homepage))$/,
  /^github\.event\.workflow_run\.(head_branch|display_title|head_commit\..*)$/,
  /^github\.event\.client_payload(\..*)?$/,
  /^github\.event\.pages(\..*)?\.page_name$/,
  /^github\.event(\.(pull_request|issue|comment|head_commit|commits|workflow_run|release)(\.head)?)?$/,
]

const nameOf = ({ context, path }: Reference): string => [context, ...path.map((part) => part ?? '*')].join('.')
const isUntrusted = (reference: Reference): boolean =>
  untrusted.some((form) => form.test(nameOf(reference).toLowerCase()))

/** The variables of a layer whose values no stranger can write. One that reads another variable is as safe as that one. */
export function safeVariables(file: EnvFile | undefined, before: ReadonlySet<string>): ReadonlySet<string> {
  const safe = new Set(before)
  for (const layer of file === undefined ? [] : [file].flat())
    for (const [name, value] of layer === 'clean' ? [] : Object.entries(layer)) {
      const references =
        typeof value === 'string' ? expressionsOf(parseTemplate(value).template).flatMap((e) => e.references) : []
      if (references.every((reference) => !isUntrusted(reference) && isSafeVariable(reference, safe))) safe.add(name)
      else safe.delete(name)
    }
  return safe
}

const isSafeVariable = ({ context, path }: Reference, safe: ReadonlySet<string>): boolean =>
  context !== 'env' || (typeof path[0] === 'string' && safe.has(path[0]))

/** Refuses what strangers can write in a matrix, whose values may stand in scripts. */
export const refuseInMatrix =
  (then: ReferenceCheck): ReferenceCheck =>
  (reference) =>
    isUntrusted(reference)
      ? {
          message: `\`${nameOf(reference)}\` can hold a stranger's text, and values of a matrix may stand in scripts`,
          hint: `hand it over in the step: \`env: { VALUE: '\${{ ${nameOf(reference)} }}' }\``,
        }
      : then(reference)

/** Refuses what strangers can write inside a script: a branch named `$(id)` would run. */
export const refuseUntrusted =
  (then: ReferenceCheck, safe: ReadonlySet<string>): ReferenceCheck =>
  (reference) => {
    const name = nameOf(reference)
    if (isUntrusted(reference))
      return {
        message: `\`${name}\` can hold a stranger's text, which the shell would run`,
        hint: `hand it over by the environment: \`env: { VALUE: '\${{ ${name} }}' }\`, and write "$VALUE" in the script`,
      }
    if (isSafeVariable(reference, safe)) return then(reference)
    const [variable] = reference.path
    return {
      message: `\`${name}\` can hold a stranger's text, which the shell would run`,
      hint:
        typeof variable === 'string'
          ? `write "$${variable}": the shell reads the variable itself`
          : 'name the variable',
    }
  }
