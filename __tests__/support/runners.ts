import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { act } from './act.js'
import { actionIn, execute, machine, runnerFiles } from './runner.js'
import type { Runner } from './runner.js'
import { tool } from './tools.js'

const bundle: Runner = {
  name: 'the bundle',
  needs: ['node24'],
  run: async (job, folder) => {
    const runner = runnerFiles(job, folder)
    const entry = join(actionIn(folder), 'dist', 'action', 'index.js')
    const env = { ...machine(folder), ...runner.env }
    return runner.ran(await execute(tool('node24'), [entry], { cwd: job.workspace, env }))
  },
}

/**
 * local-action reads a .env file and calls the function `run` of an entry. Ours is a program, as runners want it, so the entry is a file
 * that loads it. It asks npm for the packages of its working folder, so that is its own.
 */
const localAction: Runner = {
  name: 'local-action',
  needs: ['node24', 'local-action'],
  run: async (job, folder) => {
    const runner = runnerFiles(job, folder)
    const action = actionIn(folder)
    writeFileSync(join(action, 'entry.js'), "export const run = () => import('./dist/action/index.js')\n")
    const dotenv = join(folder, '.env')
    writeFileSync(
      dotenv,
      Object.entries(runner.env)
        .map(([name, value]) => `${name}='${value}'\n`)
        .join(''),
    )
    const program = tool('local-action')
    const cwd = program.slice(0, program.indexOf('node_modules'))
    return runner.ran(
      await execute(tool('node24'), [program, action, 'entry.js', dotenv], { cwd, env: machine(folder) }),
    )
  },
}

/** What can run a job, the action alone or its whole workflow. */
export const runners: readonly Runner[] = [bundle, act, localAction]
