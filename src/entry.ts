/** What the bundle is made from: the interface from code, and the command and the action, which their launchers in `dist/` load. */
export * from './index.js'

/** The command `wf`. */
export const loadCommand = async () => import('./cli/index.js')

/** The action. */
export const loadAction = async () => import('./action/index.js')
