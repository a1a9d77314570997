/** Everything that is shown of a run, each a pure function of its outcome. */
export { annotationsOf } from './annotations.js'
export { renderCheck } from './check.js'
export { annotationCommands } from './commands.js'
export { renderComment } from './comment.js'
export { renderOutcome } from './json.js'
export { renderSarif } from './sarif.js'
export { renderSummary } from './summary.js'
export { renderTerminal } from './terminal.js'
