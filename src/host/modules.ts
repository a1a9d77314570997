import { pathToFileURL } from 'node:url'
import type { Modules } from '../ports.js'

/** Node's own loader; the bundler leaves this import alone. */
export function hostModules(): Modules {
  return { load: (path) => import(/* webpackIgnore: true */ pathToFileURL(path).href) as Promise<unknown> }
}
