import { join } from 'node:path'
import type { Files } from '../../../ports.js'
import type { CacheStore, StoredEntry } from '../store.js'

/**
 * Entries in a folder: `<first two characters>/<name>`. `allowed` is awaited before the first of them is read or written; it throws where
 * they are not to be used.
 */
export function folderStore(folder: string, files: Files, allowed = async (): Promise<void> => undefined): CacheStore {
  let asked: Promise<void> | undefined
  const check = async (): Promise<void> => (asked ??= allowed())
  const pathOf = (name: string): string => join(folder, name.slice(0, 2), name)
  return {
    name: 'folder',
    immediate: true,
    async get(name) {
      await check()
      const path = pathOf(name)
      if (files.stat(path)?.kind !== 'file') return undefined
      files.touch(path)
      return path
    },
    async put(name, file) {
      await check()
      files.move(file, pathOf(name))
      return undefined
    },
    async remove(name) {
      files.remove(pathOf(name))
    },
    async list() {
      return files.list(folder).flatMap(({ name: part, kind }) =>
        kind === 'directory'
          ? files.list(join(folder, part)).flatMap(({ name }): StoredEntry[] => {
              const stat = files.stat(join(folder, part, name))
              return stat?.kind === 'file' ? [{ name, bytes: stat.size, used: stat.changed }] : []
            })
          : [],
      )
    },
  }
}
