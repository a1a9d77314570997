import { expect, test } from '@jest/globals'
import { gradeOfVector } from '../../../../src/evidence/readers/security/cvss.js'
import { gradeOfScore } from '../../../../src/evidence/readers/security/graded.js'

test.each([
  // 9.8, 10.0, 6.1, 7.5, 3.7, 5.5, 0.0 by the calculator of FIRST.
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'critical'],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 'critical'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 'medium'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/E:P', 'high'],
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:L', 'low'],
  ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H', 'medium'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 'note'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H', 'unknown'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 'unknown'],
  ['AV:N/AC:L/Au:N/C:P/I:P/A:P', 'unknown'],
  ['constructor', 'unknown'],
])('%s is %s', (vector, severity) => {
  expect(gradeOfVector(vector)).toBe(severity)
})

test.each([
  [9, 'critical'],
  ['8.9', 'high'],
  [6.9, 'medium'],
  [0.1, 'low'],
  [0, 'note'],
  [10.1, 'unknown'],
  [-1, 'unknown'],
  ['', 'unknown'],
  [null, 'unknown'],
])('the score %j is %s', (score, severity) => {
  expect(gradeOfScore(score)).toBe(severity)
})
