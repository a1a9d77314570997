import { OutsideError } from '../base/errors.js'

/** What the system's codes mean to a person. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something else is there already',
  EINVAL: 'the name is not valid',
  EIO: 'the device failed',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open',
  ENOENT: 'there is no such file',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is not a folder',
  ENOTEMPTY: 'the folder is not empty',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ERR_FS_FILE_TOO_LARGE: 'it is too large to be read at once',
  ERR_STRING_TOO_LONG: 'it is too large to be read at once',
}

/** The code of a failed system call, such as `ENOSPC`; `undefined` for any other error, which is a bug. */
export function systemCode(error: unknown): string | undefined {
  // Not `instanceof Error`: what node throws may be of another realm.
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  if (typeof code !== 'string') return undefined
  return /^E[A-Z0-9]+$/.test(code) || code in meanings ? code : undefined
}

/** A failed system call as a person understands it: `no space left on the device while writing /runs/1/journal.jsonl`. */
export function systemError(code: string, doing: string, path: string): OutsideError {
  return new OutsideError(`${meanings[code] ?? `the system answered ${code}`} while ${doing} ${path}`, code, path)
}
