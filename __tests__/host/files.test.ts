import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OutsideError } from '../../src/base/errors.js'
import { hostFiles } from '../../src/host/files.js'
import { systemCode, systemError } from '../../src/host/system-error.js'

const files = hostFiles()
let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wf-host-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// The device that is always full exists on Linux only.
const onFullDisk = existsSync('/dev/full') ? test : test.skip

onFullDisk('a full disk is said as a person would', () => {
  const log = files.append('/dev/full')
  expect(() => log.write('line\n')).toThrow(
    new OutsideError('no space left on the device while writing /dev/full', 'ENOSPC'),
  )
  log.close()
})

test('a write that fails leaves neither half a file nor a temporary one', () => {
  files.makeFolder(join(folder, 'taken'))
  expect(() => files.write(join(folder, 'taken'), 'text')).toThrow(OutsideError)
  files.write(join(folder, 'good'), 'text')
  expect(readdirSync(folder).sort()).toEqual(['good', 'taken'])
})

test('a name that is too long is refused, one as long as allowed is written', () => {
  files.write(join(folder, 'n'.repeat(255)), 'text')
  expect(files.readText(join(folder, 'n'.repeat(255)))).toBe('text')
  expect(() => files.write(join(folder, 'n'.repeat(256)), '')).toThrow('the name is too long while writing')
})

describe('system errors', () => {
  test('are told from bugs by their codes', () => {
    expect(systemCode(Object.assign(new Error('no'), { code: 'ENOSPC' }))).toBe('ENOSPC')
    expect(systemCode(Object.assign(new Error('no'), { code: 'ERR_STRING_TOO_LONG' }))).toBe('ERR_STRING_TOO_LONG')
    expect(systemCode(Object.assign(new TypeError('no'), { code: 'ERR_INVALID_ARG_TYPE' }))).toBeUndefined()
    expect(systemCode(new TypeError('no'))).toBeUndefined()
    expect(systemCode(undefined)).toBeUndefined()
    expect(() => files.readText(undefined as never)).toThrow(TypeError)
  })

  test('of a kind that we have no words for name their code', () => {
    expect(systemError('ESTALE', 'reading', '/nfs/a').message).toBe('the system answered ESTALE while reading /nfs/a')
  })
})
