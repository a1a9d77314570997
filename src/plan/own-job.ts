import type { Workflow } from '../workflow/model.js'
import type { Plan } from './plan.js'

/** What to say of stages whose keys hold only where they have a job of their own on GitHub. */
export function ownJobNotes({ stages }: Workflow, plan: Plan): string[] {
  return plan.stages.flatMap(({ id, unaffected }) => {
    const job = unaffected ? undefined : stages.get(id)?.job
    if (!job) return []
    const { environment, services = {}, container } = job
    const names = Object.keys(services)
    const lacks = [
      ...(environment === undefined ? [] : [`the secrets and rules of the environment \`${environment}\``]),
      ...(names.length
        ? [`the ${names.length === 1 ? 'service' : 'services'} ${names.map((one) => `\`${one}\``).join(', ')}`]
        : []),
      ...(container === undefined ? [] : ['its container']),
    ]
    return lacks.length
      ? [`\`${id}\` runs without ${lacks.join(' and ')}: only a job of its own has that (\`wf sync\`)`]
      : []
  })
}
