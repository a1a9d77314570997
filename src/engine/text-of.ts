import type { Engine } from './engine.js'

/** Reads files of the workspace up to a size. */
export const textOf =
  ({ files, ports }: Pick<Engine, 'files' | 'ports'>) =>
  (name: string, maxBytes: number): string | undefined => {
    const path = files.inside(name)
    const stat = path === undefined ? undefined : ports.files.stat(path)
    return path === undefined || stat?.kind !== 'file' || stat.size > maxBytes ? undefined : ports.files.readText(path)
  }
