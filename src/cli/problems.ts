import { renderDiagnostic } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { exitCodes } from '../base/errors.js'
import { count } from '../base/text.js'
import type { Terminal } from '../ports.js'

/** Prints what is wrong with the user's files or arguments, and answers the exit code for it. */
export function tellProblems(terminal: Terminal, problems: readonly Diagnostic[], json = false): number {
  if (json) terminal.out(`${JSON.stringify({ version: 1, problems }, null, 2)}\n`)
  else {
    const errors = problems.filter((d) => d.level === 'error').length
    terminal.err(`${problems.map(renderDiagnostic).join('\n')}\n${errors > 1 ? `${count(errors, 'mistake')}\n` : ''}`)
  }
  return exitCodes.usage
}
