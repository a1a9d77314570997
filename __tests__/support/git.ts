import type { Git } from '../../src/ports.js'
import { type Match, matches, type Reply, Replies } from './scripts.js'

interface Asked {
  cwd: string
  args: readonly string[]
}
interface Said {
  code?: number
  stdout?: string
  stderr?: string
}

/** Git that follows a script, matched on the arguments joined by spaces, the latest rule first; an unknown command throws. */
export class ScriptedGit implements Git {
  readonly asked: Asked[] = []
  private readonly rules = new Replies<Asked, Said>()

  /** Says what a command answers: exit 0 and nothing printed unless given. */
  on(match: Match<Asked>, reply: Reply<Asked, Said> = {}): this {
    this.rules.add((asked) => matches(match, asked, asked.args.join(' ')), reply)
    return this
  }

  async run(cwd: string, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const asked = { cwd, args }
    this.asked.push(asked)
    const said = this.rules.answer(asked)
    if (!said) throw new Error(`no script for: git ${args.join(' ')}`)
    return { code: 0, stdout: '', stderr: '', ...said }
  }
}
