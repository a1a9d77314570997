import { afterAll, describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { renderDiagnostic } from '../../src/base/diagnostic.js'
import { syncWorkflow } from '../../src/plan/sync/sync.js'
import { loadWorkflow } from '../../src/workflow/load.js'
import { execute } from '../support/command.js'
import { randomWorkflow } from '../support/random-workflow.js'
import { Scratch } from '../support/scratch.js'
import { describeWith, tool } from '../support/tools.js'

jest.setTimeout(60_000)

const yamlIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yml'))
    .map((name) => join(folder, name))

const workflows = yamlIn('.github/workflows')
const templates = yamlIn('templates')

/** What zizmor finds in files, as `rule file`. */
async function findings(files: readonly string[], ...options: readonly string[]): Promise<string[]> {
  const args = ['--offline', '--no-progress', '--quiet', '--format', 'json', ...options, ...files]
  const { stdout, stderr } = await execute(tool('zizmor'), args, '.')
  if (stdout === '') throw new Error(`zizmor said nothing: ${stderr}`)
  const remarks = JSON.parse(stdout) as { ident: string; locations: { symbolic: { key: Located } }[] }[]
  return remarks
    .map(({ ident, locations }) => `${ident} ${locations[0]?.symbolic.key.Local?.verbatim_path ?? ''}`)
    .sort()
}

interface Located {
  Local?: { verbatim_path: string }
}

describeWith('actionlint')('actionlint', () => {
  test('has nothing to say of our workflow and of the templates', async () => {
    // Without the linters that it would look for on this machine.
    const options = ['-oneline', '-shellcheck=', '-pyflakes=']
    const ended = await execute(tool('actionlint'), [...options, ...workflows, ...templates], '.')
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' })
  })
})

describeWith('zizmor')('zizmor', () => {
  const config = ['--config', '.github/zizmor.yml']

  test('finds nothing in our workflow, the action and the templates', async () => {
    expect(await findings(['action.yml', ...workflows, ...templates], ...config)).toEqual([])
  })

  test('finds no smell either, but for what ten lines leave out', async () => {
    const starter = join('templates', 'starter', 'ci.yml')
    const others = [...workflows, ...templates].filter((file) => file !== starter)
    expect(await findings(['action.yml', ...others], ...config, '--pedantic')).toEqual([])
    const left = ['anonymous-definition', 'concurrency-limits', 'excessive-permissions']
    expect(await findings([starter], ...config, '--pedantic')).toEqual(left.map((rule) => `${rule} ${starter}`))
  })

  test('still asks who copies a template to pin our action, and nothing else', async () => {
    const unpinned = templates.map((file) => `unpinned-uses ${file}`).sort()
    expect(await findings(templates, '--no-config')).toEqual(unpinned)
  })
})

/** Every shape that `wf sync` writes: the example of the design, a small one, one with every key, and some by chance. */
async function synced(action: string): Promise<Record<string, string>> {
  const folder = join('__tests__', 'fixtures', 'workflows', 'many-jobs')
  const texts = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
  const random = fc.sample(randomWorkflow, { numRuns: 10, seed: 1 }).map(({ text }, i) => {
    const last = [...text.matchAll(/^ {2}(s\d+):/gm)].at(-1)?.[1] ?? ''
    return [`random-${i}.yml`, text.replace('stages:', `on: { push: ${last} }\nstages:`)] as const
  })
  const made = [...texts, ...random].map(async ([name, text]) => {
    const loaded = await loadWorkflow(name, text)
    if (!loaded.ok) throw new Error(loaded.problems.map(renderDiagnostic).join('\n'))
    const path = `.github/workflows/${name}`
    const result = syncWorkflow(loaded.workflow, { path, inputs: {}, action: { uses: action } })
    if (!result.ok) throw new Error(result.problems.map(renderDiagnostic).join('\n'))
    return [path, result.value.text] as const
  })
  return Object.fromEntries(await Promise.all(made))
}

describe('what `wf sync` writes', () => {
  const scratch = new Scratch('wf-synced-')
  afterAll(() => scratch.remove())
  const pinned = `org/wf-action@${'a'.repeat(40)}`
  const filesOf = async (action: string): Promise<string[]> => {
    const made = await synced(action)
    const folder = scratch.folderWith(undefined, made)
    return Object.keys(made).map((name) => join(folder, name))
  }

  describeWith('actionlint')('actionlint', () => {
    test('has nothing to say of it', async () => {
      const options = ['-oneline', '-shellcheck=', '-pyflakes=']
      const ended = await execute(tool('actionlint'), [...options, ...(await filesOf(pinned))], '.')
      expect(ended).toEqual({ code: 0, stdout: '', stderr: '' })
    })
  })

  describeWith('zizmor')('zizmor', () => {
    test('finds nothing but what the file asks for, and our action where nobody pinned it', async () => {
      const rules = async (action: string): Promise<string[]> => {
        const found = await findings(await filesOf(action), '--no-config', '--pedantic')
        return [...new Set(found.map((one) => one.replace(/ .*\//, ' ')))]
      }
      // Comments start it because that file says so.
      expect(await rules(pinned)).toEqual(['dangerous-triggers every-key.yml'])
      const loose = await rules('org/wf-action@v1')
      expect(loose.filter((rule) => !rule.startsWith('unpinned-uses'))).toEqual(['dangerous-triggers every-key.yml'])
    })
  })

  describeWith('workflow-parser')('GitHub’s own parser', () => {
    test('takes it', async () => {
      const parser = (await import(tool('workflow-parser'))) as GitHubParser
      for (const [name, content] of Object.entries(await synced(pinned))) {
        const { context, value } = parser.parseWorkflow({ name, content }, new parser.NoOperationTraceWriter())
        const { jobs } = await parser.convertWorkflowTemplate(context, value)
        const told = context.errors.getErrors().map(({ message }) => message)
        const ids = Object.keys((parse(content) as { jobs: object }).jobs)
        expect([name, told, jobs.map(({ id }) => id.value)]).toEqual([name, [], ids])
      }
    })
  })
})

/** As much of its interface as is needed. */
interface GitHubParser {
  NoOperationTraceWriter: new () => object
  parseWorkflow(
    file: { name: string; content: string },
    trace: object,
  ): { context: { errors: { getErrors(): { message: string }[] } }; value: unknown }
  convertWorkflowTemplate(context: unknown, value: unknown): Promise<{ jobs: { id: { value: string } }[] }>
}
