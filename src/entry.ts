/** What the bundle is made from: the interface from code, and the command, which its launcher in `dist/cli/` loads. */
export * from './index.js'

/** The command `wf`. */
export const loadCommand = async () => import('./cli/index.js')
