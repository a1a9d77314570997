import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { command, git } from './command.js'
import type { Ended } from './command.js'

/** A place for folders of one test file. */
export class Scratch {
  readonly root: string
  #folders = 0

  constructor(prefix: string) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), prefix)))
  }

  /** A folder with files; `stages`, written at the left margin, become its workflow. */
  folderWith(stages: string | undefined, files: Readonly<Record<string, string | Uint8Array>> = {}): string {
    const folder = join(this.root, String(++this.#folders))
    const head = 'version: 1\nname: bad\nstages:\n'
    const workflow = stages === undefined ? {} : { '.github/wf.yml': head + stages.replaceAll(/^(?=.)/gm, '  ') }
    mkdirSync(folder)
    for (const [path, content] of Object.entries({ ...workflow, ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    return folder
  }

  /** The same as a repository with one commit. */
  async repositoryWith(...args: Parameters<Scratch['folderWith']>): Promise<string> {
    const folder = this.folderWith(...args)
    await git(folder, 'init', '--quiet', '--initial-branch=main')
    await git(folder, 'add', '--all')
    await git(folder, 'commit', '--quiet', '--message=chore: start')
    return folder
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

/** Whether a process runs; one that only waits to be reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** What a process prints to the streams that are named, and its exit code. */
export function endOf(
  child: ChildProcess,
  streams: readonly ('stdout' | 'stderr')[] = ['stdout', 'stderr'],
): Promise<Ended> {
  const texts = { stdout: '', stderr: '' }
  for (const stream of streams) child[stream]?.setEncoding('utf8').on('data', (text: string) => (texts[stream] += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...texts }))
  })
}

/** `wf run` whose output can be waited for. */
export function start(folder: string) {
  const child = spawn(process.execPath, [command, 'run', '--verbose'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const ended = endOf(child)
  const printed = (wanted: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (text.includes(wanted) && resolve())
      child.stderr.on('data', (chunk: string) => {
        text += chunk
        look()
      })
      child.on('close', () => reject(new Error(`ended without printing ${wanted}: ${text}`)))
      look()
    })
  return { process: child, ended, printed }
}
