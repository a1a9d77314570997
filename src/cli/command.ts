import type { Ports } from '../ports.js'

/** One subcommand of `wf`: a summary for the overview, its help text, and what it does with its arguments. */
export interface Command {
  summary: string
  help: string
  /** Answers the exit code; `args` are those after the subcommand's name. */
  run(args: string[], context: CommandContext): Promise<number>
}

export interface CommandContext {
  ports: Ports
  cwd: string
}
