import { expect, test } from '@jest/globals'
import { compareDependencies } from '../../src/workflow/compare-dependencies.js'
import { readDependencies } from '../../src/workflow/dependencies.js'

type Written = Parameters<typeof readDependencies>[0]

test.each<[string, Written, Written, string[]]>([
  ['nothing new', { deny: ['a'] }, { deny: ['a'], new: 'allow' }, []],
  [
    'one more licence',
    { licences: { allow: ['MIT'] } },
    { licences: { allow: ['MIT', 'ISC'] } },
    ['licences.allow weaker'],
  ],
  ['no list any more', { licences: { allow: ['MIT'] } }, {}, ['licences.allow weaker']],
  ['one more denied', { licences: { deny: ['X'] } }, { licences: { deny: ['X', 'Y'] } }, ['licences.deny stricter']],
  ['another one denied', { deny: ['a'] }, { deny: ['b'] }, ['deny different']],
  ['less is asked', { new: 'review' }, { 'lock-files': false }, ['new weaker', 'lock-files weaker']],
])('a change of the rules for dependencies with %s is told with its effect', (_, base, change, effects) => {
  const all = compareDependencies('g', readDependencies(base), readDependencies(change))
  expect(all.filter(({ effect }) => effect).map(({ what, effect }) => `${what.slice(2)} ${effect}`)).toEqual(effects)
})
