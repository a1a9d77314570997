import type { Diagnostic } from '../../src/base/diagnostic.js'
import { loadWorkflow } from '../../src/workflow/load.js'

/** What is said of a workflow's text: its mistakes, or the warnings beside it. */
export async function problems(text: string): Promise<Diagnostic[]> {
  const loaded = await loadWorkflow('wf.yml', text)
  return loaded.ok ? loaded.warnings : loaded.problems
}

/** `line:column code message` of each mistake. */
export const told = async (text: string): Promise<string[]> =>
  (await problems(text)).map((d) => `${d.place?.line}:${d.place?.column} ${d.code} ${d.message}`)
