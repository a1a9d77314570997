import { gemfileLock } from './bundler.js'
import { cargoLock } from './cargo.js'
import { composerLock } from './composer.js'
import { goMod } from './go.js'
import { npmLock } from './npm.js'
import type { LockReader } from './package.js'
import { pnpmLock } from './pnpm.js'
import { pipfileLock, poetryLock, requirements, uvLock } from './python.js'
import { yarnLock } from './yarn.js'

const readers: readonly LockReader[] = [
  npmLock,
  pnpmLock,
  yarnLock,
  cargoLock,
  goMod,
  requirements,
  poetryLock,
  uvLock,
  pipfileLock,
  gemfileLock,
  composerLock,
]

/** The reader of a lock file by its path; nothing for other files, and for what is installed or copied from elsewhere. */
export function lockReader(path: string): LockReader | undefined {
  const names = path.split('/')
  const name = names.pop() ?? ''
  return names.some((one) => one === 'node_modules' || one === 'vendor')
    ? undefined
    : readers.find((one) => one.name.test(name))
}
