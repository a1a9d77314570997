import { describe, expect, test } from '@jest/globals'
import { walk } from '../support/walk.js'

describe('what makes no sense in the background is told with its place', () => {
  test.each([
    ['ready: { tcp: 1 }', '`ready` belongs to a step that goes on in the background'],
    ['background: true, cache: { inputs: [a] }', 'a background step is started each time'],
    ['background: true, timeout: 5s', 'a background step may take as long as its stage'],
    ['background: true, reports: { stdout: tsc }', 'what a background step prints is no report'],
    ['background: true, fix: x, reports: a.sarif', 'what goes on in the background is not mended and run again'],
    ['background: true, ready: 5s', 'it must be a mapping'],
    ["background: true, ready: { http: 'localhost:80' }", '`localhost:80` is no address of http'],
    ["background: true, ready: { tcp: 'no' }", '`no` is no address'],
    ["background: true, ready: { tcp: '127.0.0.1:99999' }", '`127.0.0.1:99999` is no address'],
    ["background: true, ready: { log: '(?=x)' }", 'looks around'],
    ['background: true, ready: {}', '`ready` needs one of `http`, `tcp` or `log`'],
  ])('%s', async (keys, message) => {
    await expect(walk(`t: { steps: [{ run: x, ${keys} }] }`)).rejects.toThrow(message)
  })

  test('other kinds, and last steps', async () => {
    await expect(walk('t: { steps: [{ assert: true, background: true }] }')).rejects.toThrow(
      'only a `run` step goes on in the background',
    )
    await expect(walk('t: { steps: [{ run: x }], finally: [{ run: y, background: true }] }')).rejects.toThrow(
      'a last step does not go on in the background',
    )
  })
})
