import { describe } from '@jest/globals'

/** The real tools that `npm run test:tools` installs (scripts/install-tools.mjs), as the environment names them. */
const variables = {
  act: 'WF_TOOL_ACT',
  'actions-cache': 'WF_TOOL_ACTIONS_CACHE',
  actionlint: 'WF_TOOL_ACTIONLINT',
  codecov: 'WF_TOOL_CODECOV',
  node24: 'WF_TOOL_NODE24',
  'local-action': 'WF_TOOL_LOCAL_ACTION',
  redis: 'WF_TOOL_REDIS',
  versitygw: 'WF_TOOL_VERSITYGW',
  'workflow-parser': 'WF_TOOL_WORKFLOW_PARSER',
  zizmor: 'WF_TOOL_ZIZMOR',
} as const

export type Tool = keyof typeof variables

/** The path of a tool's program; an Error where it is not here. */
export function tool(name: Tool): string {
  const path = process.env[variables[name]]
  if (path === undefined) throw new Error(`${name} is not here: run \`npm run test:tools\``)
  return path
}

/** `describe` where all the tools are here; else the tests are skipped, and the command says which tool is missing and why. */
export const describeWith = (...tools: readonly Tool[]): typeof describe | typeof describe.skip =>
  tools.every((name) => process.env[variables[name]] !== undefined) ? describe : describe.skip
