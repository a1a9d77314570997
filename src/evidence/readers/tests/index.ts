import type { Reader } from '../../reader.js'
import { ctrf } from './ctrf.js'
import { dartJson } from './dart-json.js'
import { goTestJson } from './go-test-json.js'
import { jestJson } from './jest-json.js'
import { junit } from './junit.js'
import { mochaJson } from './mocha-json.js'
import { nunit } from './nunit.js'
import { playwrightJson } from './playwright-json.js'
import { rspecJson } from './rspec-json.js'
import { tap } from './tap.js'
import { trx } from './trx.js'
import { xunit } from './xunit.js'

/** Readers of test reports, in the order in which they are asked whether a report is theirs. */
export const tests = [
  junit,
  nunit,
  xunit,
  trx,
  goTestJson,
  dartJson,
  ctrf,
  jestJson,
  mochaJson,
  playwrightJson,
  rspecJson,
  tap,
] as const satisfies readonly Reader[]
