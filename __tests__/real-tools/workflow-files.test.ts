import { expect, jest, test } from '@jest/globals'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execute } from '../support/command.js'
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
