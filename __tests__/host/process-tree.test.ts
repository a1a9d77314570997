import { describe, expect, test } from '@jest/globals'
import { signalTree } from '../../src/host/process-tree.js'

/** A system that notes what it is asked for. */
function systemOf(platform: string, gone = false) {
  const asked: string[] = []
  return {
    asked,
    platform,
    start: (program: string, args: readonly string[]) => void asked.push([program, ...args].join(' ')),
    signal(pid: number, name: string) {
      if (gone) throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' })
      asked.push(`${name} to ${pid}`)
    },
  }
}

describe('a tree of processes', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('is ended whole by %s on Windows', (name) => {
    const system = systemOf('win32')
    signalTree(42, name, system)
    expect(system.asked).toEqual(['taskkill /PID 42 /T /F'])
  })

  test('gets the signal as a group elsewhere', () => {
    const system = systemOf('linux')
    signalTree(42, 'SIGTERM', system)
    expect(system.asked).toEqual(['SIGTERM to -42'])
  })

  test('that is gone is no error, and leaves errors as they were', () => {
    const { stackTraceLimit } = Error
    expect(() => signalTree(42, 'SIGINT', systemOf('darwin', true))).not.toThrow()
    expect(Error.stackTraceLimit).toBe(stackTraceLimit)
  })
})
