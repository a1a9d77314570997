import { expect, test } from '@jest/globals'
import { Redactor } from '../../src/base/redact.js'
import { openRun, removeOldRuns } from '../../src/journal/open.js'
import { FakeClock } from '../support/clock.js'
import { MemoryFiles } from '../support/files.js'
import { fakePorts } from '../support/ports.js'

test('the last thirty runs are kept, and those that may still run', () => {
  const files = new MemoryFiles()
  const ports = { ...fakePorts({ clock: new FakeClock(1_700_000_100_000) }), files }
  const folders: string[] = []
  for (let i = 0; i < 40; i++) {
    const { folder, journal } = openRun('/repo/.wf', ports, new Redactor())
    journal.close()
    folders.push(folder)
    // Every second one has ended.
    if (i % 2) files.write(`${folder}/outcome.json`, '{}')
    removeOldRuns('/repo/.wf', ports)
  }
  const kept = files.list('/repo/.wf/runs').map(({ name }) => `/repo/.wf/runs/${name}`)
  const running = folders.filter((_, i) => i % 2 === 0)
  expect(running.filter((folder) => !kept.includes(folder))).toEqual([])
  expect(kept.length).toBeLessThan(40)
})
