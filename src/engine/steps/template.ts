import { resolve } from 'node:path'
import type { Body } from '../../workflow/model.js'
import { failed, succeeded } from '../kind.js'
import type { StepCall, StepKind } from '../kind.js'
import { Workspace } from '../workspace.js'
import { fillMap } from './json.js'
import { renderJinja } from './jinja.js'

type TemplateBody = Extract<Body, { kind: 'template' }>

/** A file made from a Jinja template. With `check` nothing is written: that the file differs is the failure. */
export const template: StepKind<TemplateBody> = async (call) => {
  const { body, expressions, ports, print } = call
  const workspace = new Workspace(call.workspace, ports.files, ports.git)
  const path = expressions.text(body.path)
  const target = workspace.inside(resolve(call.folder, path))
  if (target === undefined || target === call.workspace) return failed(`\`${path}\` leads out of the repository`)
  const source = read(call, workspace)
  if ('message' in source) return failed(source.message)
  const rendered = await renderJinja(source.text, {
    name: source.name,
    values: fillMap(body.values, expressions),
  })
  if (!rendered.ok) return failed(rendered.message)
  if (ports.files.stat(target)?.kind === 'directory') return failed(`\`${path}\` is a folder`)
  const before = ports.files.readText(target)
  if (before === rendered.text) {
    print('stdout', `${path} is up to date\n`)
    return { ending: succeeded, outputs: { changed: 'false' } }
  }
  if (body.check) return failed(`${path} is not what its template makes: ${firstDifference(before, rendered.text)}`)
  ports.files.write(target, rendered.text)
  print('stdout', `${path} written\n`)
  return { ending: succeeded, outputs: { changed: 'true' } }
}

function read(
  { body, expressions, ports, folder }: StepCall<TemplateBody>,
  workspace: Workspace,
): { text: string; name: string } | { message: string } {
  if ('text' in body.source) return { text: body.source.text, name: 'the template' }
  const name = expressions.text(body.source.file)
  const path = workspace.inside(resolve(folder, name))
  if (path === undefined) return { message: `\`${name}\` leads out of the repository` }
  const stat = ports.files.stat(path)
  if (stat?.kind !== 'file') return { message: stat ? `\`${name}\` is no file` : `there is no template \`${name}\`` }
  return { text: ports.files.readText(path) ?? '', name }
}

function firstDifference(before: string | undefined, after: string): string {
  if (before === undefined) return 'it does not exist'
  const old = before.split('\n')
  const fresh = after.split('\n')
  const line = fresh.findIndex((text, i) => text !== old[i])
  const at = line === -1 ? fresh.length : line
  return `line ${at + 1} is ${JSON.stringify((old[at] ?? '').slice(0, 80))}, not ${JSON.stringify((fresh[at] ?? '').slice(0, 80))}`
}
