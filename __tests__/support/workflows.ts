import { renderDiagnostic } from '../../src/base/diagnostic.js'
import { loadWorkflow } from '../../src/workflow/load.js'
import type { Workflow } from '../../src/workflow/model.js'

/** A workflow from its text, without the first two lines; an Error with its mistakes when it has any. */
export async function workflow(text: string): Promise<Workflow> {
  const loaded = await loadWorkflow('wf.yml', `version: 1\nname: t\n${text}`)
  if (!loaded.ok) throw new Error(loaded.problems.map(renderDiagnostic).join('\n'))
  return loaded.workflow
}
