import { afterAll } from '@jest/globals'
import { Scratch } from '../support/scratch.js'
import { backends } from '../support/stores/all.js'
import { storeSuite } from '../support/stores/suite.js'

const scratch = new Scratch('wf-stores-')
afterAll(() => scratch.remove())

for (const [kind, open] of Object.entries(backends))
  storeSuite(kind, {
    open: () => open(scratch.root),
    root: () => scratch.root,
    troubles: kind === 'folder' ? ['full', 'gone'] : ['full', 'gone', 'silent', 'garbage'],
  })
