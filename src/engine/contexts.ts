import type { Json } from '../base/json.js'
import type { Evidence } from '../evidence/evidence.js'
import { coverageFigures, findingFigures, testFigures } from '../evidence/figures.js'
import { mergeEvidence } from '../evidence/merge.js'
import { githubNames } from '../workflow/references.js'
import type { RunContext } from '../trigger/context.js'
import { Environment } from '../workflow/expression/evaluate.js'
import type { Contexts } from '../workflow/expression/evaluate.js'
import { LazyMap } from '../workflow/expression/data.js'
import type { Value } from '../workflow/expression/data.js'
import type { Answers } from '../workflow/expression/functions.js'

/** What expressions may see; a part that is asked for is made then. */
export interface Sight {
  github: LazyMap
  run: { id: string; target: string; dirty: boolean }
  inputs: { [key: string]: Json }
  env: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>)
  matrix?: { [key: string]: Json }
  needs?: () => Value
  steps?: () => Value
  secrets?: { [key: string]: Json }
  evidence?: () => readonly Evidence[]
  attempt?: { [key: string]: Json }
}

const yes = (): boolean => true
const no = (): boolean => false

/** An environment for expressions from what is to be seen. Without a status to ask for, nothing has failed. */
export function environmentOf(sight: Sight, answers: Partial<Answers> & Pick<Answers, 'hashFiles'>): Environment {
  return new Environment(() => ({
    contexts: { ...sight, ...(sight.evidence ? { evidence: evidenceValue(sight.evidence) } : {}) } as Contexts,
    answers: {
      success: answers.success ?? yes,
      failure: answers.failure ?? no,
      always: answers.always ?? yes,
      cancelled: answers.cancelled ?? no,
      hashFiles: answers.hashFiles,
    },
  }))
}

/** The `github` context of a run. */
export function githubContext(
  context: RunContext,
  workspace: string,
  environment: Readonly<Record<string, string>>,
): LazyMap {
  const own: Record<string, Json | null> = {
    event: context.payload,
    event_name: context.event,
    sha: context.merged,
    ref: context.ref,
    ref_name: context.ref?.replace(/^refs\/(heads|tags|pull)\//, '') ?? null,
    ref_type: context.ref?.startsWith('refs/tags/') ? 'tag' : context.ref === null ? null : 'branch',
    head_ref: context.headRef,
    base_ref: context.baseRef,
    actor: context.actor,
    repository: context.repository,
    repository_owner: context.repository?.split('/')[0] ?? null,
    workspace,
  }
  // What only the runner knows stands in its variables: GITHUB_RUN_ID is github.run_id. The token is a secret, not a context.
  const get = (key: string): Json | undefined =>
    Object.hasOwn(own, key) ? own[key] : key === 'token' ? undefined : environment[`GITHUB_${key.toUpperCase()}`]
  return new LazyMap(() => githubNames.filter((name) => get(name) !== undefined), get)
}

/** Evidence as figures: counts, and shares as percentages. */
function evidenceValue(read: () => readonly Evidence[]): () => Value {
  return () => {
    const value: { [key: string]: Json } = {}
    for (const one of mergeEvidence(read())) {
      if (one.kind === 'tests') value['tests'] = testFigures(one)
      else if (one.kind === 'coverage') value['coverage'] = coverageFigures(one)
      else if (one.kind === 'findings') value['findings'] = findingFigures(one)
    }
    return value
  }
}
