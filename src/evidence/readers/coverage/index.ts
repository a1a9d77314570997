import type { Reader } from '../../reader.js'
import { clover } from './clover.js'
import { cobertura } from './cobertura.js'
import { coverallsJson } from './coveralls-json.js'
import { coveragepyJson } from './coveragepy-json.js'
import { dotcover, dotcoverJson } from './dotcover.js'
import { gcov } from './gcov.js'
import { gcovJson } from './gcov-json.js'
import { gcovrJson } from './gcovr-json.js'
import { goCover } from './go-cover.js'
import { istanbulJson } from './istanbul-json.js'
import { istanbulSummary } from './istanbul-summary.js'
import { jacoco } from './jacoco.js'
import { lcov } from './lcov.js'
import { llvmJson } from './llvm-json.js'
import { opencover } from './opencover.js'
import { simplecov } from './simplecov.js'
import { sonarqube } from './sonarqube.js'

/**
 * Readers of coverage reports, in the order in which they are asked whether a report is theirs: Clover, Cobertura and
 * SonarQube share one root, and SimpleCov's results are known only by what is in them.
 */
export const coverage = [
  clover,
  cobertura,
  sonarqube,
  jacoco,
  opencover,
  dotcover,
  lcov,
  goCover,
  gcov,
  llvmJson,
  gcovrJson,
  gcovJson,
  dotcoverJson,
  coverallsJson,
  coveragepyJson,
  istanbulSummary,
  istanbulJson,
  simplecov,
] as const satisfies readonly Reader[]
