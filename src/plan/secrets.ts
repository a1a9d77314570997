import type { Step, Workflow } from '../workflow/model.js'
import type { Plan } from './plan.js'

/** What to say of secrets that steps of the plan name and nobody handed over, and of those that no step names; `how` hands one over. */
export function secretNotes(workflow: Workflow, plan: Plan, given: readonly string[], how: string): string[] {
  const named = plan.stages.flatMap(({ id, unaffected }) => {
    const stage = unaffected ? undefined : workflow.stages.get(id)
    return stage ? [...stage.steps, ...stage.finally].flatMap((step) => namesOf(id, step)) : []
  })
  const absent = named.filter(({ secret }) => !given.includes(secret))
  const idle = given.filter((secret) => !allSecrets(workflow).has(secret))
  return [
    ...absent.map(
      ({ step, secret }) => `\`${step}\` names the secret \`${secret}\`, which was not handed over: ${how}`,
    ),
    ...idle.map((secret) => `no step names the secret \`${secret}\` that was handed over`),
  ]
}

const namesOf = (stage: string, { id, secrets }: Step): { step: string; secret: string }[] =>
  secrets.map((secret) => ({ step: `${stage}/${id}`, secret }))

const allSecrets = ({ stages }: Workflow): Set<string> =>
  new Set([...stages.values()].flatMap(({ steps, finally: last }) => [...steps, ...last].flatMap((s) => s.secrets)))
