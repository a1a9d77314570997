import { expect, test } from '@jest/globals'
import { compareContracts } from '../../src/workflow/compare-contracts.js'
import { readContracts } from '../../src/workflow/contracts.js'

type Written = Parameters<typeof readContracts>[0]

test.each<[string, Written, object]>([
  ['a glob', { openapi: 'a.yaml' }, { openapi: { files: ['a.yaml'], security: 'optional', breaking: 'fail' } }],
  ['globs', { events: ['a.json', 'b.json'] }, { events: { files: ['a.json', 'b.json'], compatibility: 'backward' } }],
  [
    'rules',
    {
      openapi: { files: 'a.yaml', security: 'required', breaking: 'warn' },
      events: { files: ['e'], compatibility: 'full' },
    },
    {
      openapi: { files: ['a.yaml'], security: 'required', breaking: 'warn' },
      events: { files: ['e'], compatibility: 'full' },
    },
  ],
  [
    'nothing',
    {},
    {
      openapi: {
        files: ['**/openapi.{yaml,yml,json}', '**/swagger.{yaml,yml,json}'],
        security: 'optional',
        breaking: 'fail',
      },
    },
  ],
])('a gate of contracts with %s asks for its defaults besides', (_, written, rules) => {
  expect(readContracts(written)).toEqual(rules)
})

const of = (openapi: Omit<Extract<Written['openapi'], { files: unknown }>, 'files'>): Written => ({
  openapi: { files: 'a', ...openapi },
})
const events = (compatibility: 'backward' | 'forward' | 'full' | 'none'): Written => ({
  events: { files: 'a', compatibility },
})

test.each<[string, Written, Written, string[]]>([
  ['nothing new', { openapi: 'a' }, { openapi: { files: ['a'], breaking: 'fail' } }, []],
  ['more files', { openapi: 'a' }, { openapi: ['a', 'b'] }, ['openapi stricter']],
  ['fewer files', { events: ['a', 'b'] }, { events: 'a' }, ['events weaker']],
  ['other files', { openapi: 'a' }, { openapi: 'b' }, ['openapi different']],
  ['events no more', { openapi: 'a', events: 'b' }, { openapi: 'a' }, ['events weaker']],
  ['no security', of({ security: 'required' }), of({}), ['openapi.security weaker']],
  ['breaking allowed', of({}), of({ breaking: 'warn' }), ['openapi.breaking weaker']],
  ['breaking forbidden', of({ breaking: 'allow' }), of({}), ['openapi.breaking stricter']],
  ['both directions', events('backward'), events('full'), ['events.compatibility stricter']],
  ['the other direction', events('backward'), events('forward'), ['events.compatibility different']],
  ['no direction', events('full'), events('none'), ['events.compatibility weaker']],
])('a change of the rules for contracts with %s is told with its effect', (_, base, change, effects) => {
  const all = compareContracts('g', readContracts(base), readContracts(change))
  expect(all.filter(({ effect }) => effect).map(({ what, effect }) => `${what.slice(2)} ${effect}`)).toEqual(effects)
})
