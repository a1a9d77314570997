import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { actionIn, execute, machine, textOf } from './runner.js'
import type { Ran, Runner } from './runner.js'
import { tool } from './tools.js'

/**
 * act walks a workflow on this machine. It skips actions/checkout for the repository of the job and copies the clone instead (what git
 * ignores is left out), and takes folders for the repositories of other actions; so nothing is fetched. It finds Node on the PATH.
 */
export const act: Runner = {
  name: 'act',
  needs: ['node24', 'act'],
  run: async (job, folder) => {
    const uploads = join(folder, 'uploads')
    const event = join(folder, 'event.json')
    writeFileSync(event, JSON.stringify(job.payload))
    const local = {
      'org/wf-action@v1': actionIn(folder),
      'actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f': uploadArtifactIn(folder),
      'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c': downloadArtifactIn(folder),
      // What it would install is here.
      'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020': actionOf(
        folder,
        'setup-node',
        'node-version: {}',
        '',
      ),
    }
    const variables = {
      GITHUB_API_URL: job.api,
      GITHUB_GRAPHQL_URL: `${job.api}/graphql`,
      GITHUB_REPOSITORY: 'org/tiny',
      GITHUB_RUN_ID: String(job.run),
      // Its name for GITHUB_SHA.
      SHA_REF: job.sha,
    }
    const options = {
      directory: job.clone,
      workflows: resolve(job.workflow),
      eventpath: event,
      platform: 'ubuntu-latest=-self-hosted',
      actor: job.actor,
      secret: `GITHUB_TOKEN=${job.token}`,
      'action-cache-path': join(folder, 'cache'),
    }
    const args = [
      job.event,
      '--json',
      '--no-cache-server',
      ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
      ...Object.entries(local).map(([name, path]) => `--local-repository=${name}=${path}`),
      ...Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`),
    ]
    const env = { ...machine(folder, job.programs === undefined ? [] : [job.programs]), WF_UPLOADS: uploads }
    const { code, stdout, stderr } = await execute(tool('act'), args, { cwd: job.clone, env })
    return { code, ...readLog(stdout), log: stdout + stderr, outcome: textOf(join(uploads, 'wf', 'outcome.json')) }
  },
}

/** Stands in for an action: a folder with its file of inputs and its code. */
function actionOf(folder: string, name: string, inputs: string, code: string): string {
  const action = join(folder, name)
  mkdirSync(action)
  writeFileSync(
    join(action, 'action.yml'),
    `name: ${name}\ndescription: stands in for it\ninputs: { ${inputs} }\nruns: { using: node24, main: index.cjs }\n`,
  )
  writeFileSync(join(action, 'index.cjs'), code)
  return action
}

/** Stands in for actions/upload-artifact: keeps a file, or what a folder holds, without modes and links, as its archives do; a name is taken once. */
const uploadArtifactIn = (folder: string): string =>
  actionOf(
    folder,
    'upload-artifact',
    'name: {}, path: {}, if-no-files-found: {}',
    `const fs = require('node:fs')
const { basename, join } = require('node:path')
const { INPUT_NAME, INPUT_PATH, WF_UPLOADS } = process.env
const to = join(WF_UPLOADS, INPUT_NAME)
if (fs.existsSync(to)) throw new Error(INPUT_NAME + ' is there already')
const there = fs.existsSync(INPUT_PATH)
if (!there && process.env['INPUT_IF-NO-FILES-FOUND'] === 'error') throw new Error('no files at ' + INPUT_PATH)
const copy = (from, at) => {
  if (fs.statSync(from).isDirectory()) for (const name of fs.readdirSync(from)) copy(join(from, name), join(at, name))
  else {
    fs.mkdirSync(join(at, '..'), { recursive: true })
    fs.writeFileSync(at, fs.readFileSync(from))
  }
}
if (there) copy(INPUT_PATH, fs.statSync(INPUT_PATH).isDirectory() ? to : join(to, basename(INPUT_PATH)))
`,
  )

/** Stands in for actions/download-artifact: each artifact that fits the pattern comes into a folder of its name. */
const downloadArtifactIn = (folder: string): string =>
  actionOf(
    folder,
    'download-artifact',
    'pattern: {}, path: {}',
    `const fs = require('node:fs')
const { join } = require('node:path')
const { INPUT_PATTERN, INPUT_PATH, WF_UPLOADS } = process.env
const plain = INPUT_PATTERN.replace(/[.+^$()|[\\\\]]/g, '\\\\$&').replace(/\\*/g, '.*').replace(/\\?/g, '.')
const shape = new RegExp('^' + plain.replace(/{([^}]*)}/g, (_, list) => '(?:' + list.split(',').join('|') + ')') + '$')
if (fs.existsSync(WF_UPLOADS))
  for (const name of fs.readdirSync(WF_UPLOADS))
    if (shape.test(name)) fs.cpSync(join(WF_UPLOADS, name), join(INPUT_PATH, name), { recursive: true })
`,
  )

interface LogLine {
  command?: string
  name?: string
  arg?: string
  content?: string
}

/** What act's log of JSON lines says of outputs and summaries. */
function readLog(text: string): Pick<Ran, 'outputs' | 'summary'> {
  const lines = text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as LogLine] : []))
  const outputs = lines.flatMap(({ command, name, arg }) => (command === 'set-output' ? [[name ?? '', arg ?? '']] : []))
  const summary = lines.flatMap(({ command, content }) => (command === 'summary' ? [content ?? ''] : []))
  return { outputs: Object.fromEntries(outputs) as Record<string, string>, summary: summary.join('') }
}
