import { describe, expect, test } from '@jest/globals'
import { readReport } from '../../src/evidence/read.js'
import type { Evidence } from '../../src/evidence/evidence.js'
import { formats } from '../../src/language/formats.js'
import { fixture, fixtureNames, inputOf, messages, numbers, read, readFindings, readTests } from './reading.js'

/** What each tool itself said: tests passed failed errors skipped flaky; lines and branches, all and covered; findings. */
const expected: Record<string, [format: string, numbers: number[], errors?: number]> = {
  'ant-1.10-TestSuites.xml': ['junit', [5, 1, 1, 2, 1, 0]],
  'ant-1.10-shop.CartTest.xml': ['junit', [4, 1, 1, 1, 1, 0]],
  'ant-1.10-shop.SetupTest.xml': ['junit', [1, 0, 0, 1, 0, 0]],
  'bandit-1.9-clean.json': ['bandit', [0]],
  'bandit-1.9-clean.txt': ['bandit-text', [0]],
  'bandit-1.9-custom.txt': ['bandit-text', [6]],
  'bandit-1.9.json': ['bandit', [6], 1],
  'bandit-1.9.txt': ['bandit-text', [6], 1],
  'bazel-4.2-bad.xml': ['junit', [1, 0, 0, 1, 0, 0]],
  'bazel-4.2-good.xml': ['junit', [1, 1, 0, 0, 0, 0]],
  'bazel-4.2-slow.xml': ['junit', [1, 0, 0, 1, 0, 0]],
  'benchmark.js-2.1.txt': ['benchmark-js', [2], 1],
  'biome-2.6-checkstyle.xml': ['checkstyle', [4]],
  'biome-2.6-clean.json': ['biome', [0]],
  'biome-2.6-gitlab.json': ['codeclimate', [4]],
  'biome-2.6-rdjson.json': ['rdjson', [4]],
  'biome-2.6.json': ['biome', [8]],
  'black-26.10-clean.txt': ['black', [0]],
  'black-26.10-diff.txt': ['black', [3]],
  'black-26.10.txt': ['black', [3]],
  'c8-10.1-final.json': ['istanbul-json', [12, 10, 4, 3]],
  'c8-12.0-cobertura.xml': ['cobertura', [1, 1, 3, 3]],
  'cargo-1.95-clean.jsonl': ['cargo-json', [0]],
  'cargo-1.95-error.jsonl': ['cargo-json', [2]],
  'cargo-audit-0.22-clean.json': ['cargo-audit', [0]],
  'cargo-audit-0.22.json': ['cargo-audit', [2]],
  'cargo-clippy-1.95.jsonl': ['cargo-json', [5]],
  'catch2-2.13-bench.txt': ['benchmark-catch2', [2]],
  'catch2-2.13-junit.xml': ['junit', [5, 2, 1, 1, 1, 0]],
  'checkov-3.3-nothing.json': ['checkov', [0]],
  'checkov-3.3-quiet.json': ['checkov', [2], 1],
  'checkov-3.3.json': ['checkov', [2]],
  'checkov-3.3.sarif': ['sarif', [2]],
  'checkstyle-10.21-clean.xml': ['checkstyle', [0]],
  'checkstyle-10.21.sarif': ['sarif', [6]],
  'checkstyle-10.21.xml': ['checkstyle', [6]],
  'clang-tidy-23.1-error.txt': ['clang-tidy', [2], 1],
  'clang-tidy-23.1.txt': ['clang-tidy', [5]],
  'coverage.py-7.17-cobertura.xml': ['cobertura', [36, 31, 4, 2]],
  'coverage.py-7.17.json': ['coveragepy-json', [19, 15, 8, 5]],
  'coverage.py-7.17.lcov': ['lcov', [36, 31, 4, 2]],
  'dependency-check-12.1-junit.xml': ['junit', [2, 0, 2, 0, 0, 0]],
  'dependency-check-12.1.json': ['dependency-check', [2]],
  'dependency-check-12.1.sarif': ['sarif', [2]],
  'detect-secrets-1.5-clean.json': ['detect-secrets', [0]],
  'detect-secrets-1.5.json': ['detect-secrets', [1]],
  'eslint-10.15-formatter-3.1.sarif': ['sarif', [8], 1],
  'eslint-10.15-stylish.txt': ['eslint-text', [8]],
  'eslint-10.15.json': ['eslint-json', [9]],
  'eslint-8.57-checkstyle.xml': ['checkstyle', [5]],
  'eslint-8.57-colours.txt': ['eslint-text', [5]],
  'eslint-8.57-compact.txt': ['eslint-text', [5]],
  'eslint-8.57-unix.txt': ['eslint-text', [5]],
  'flake8-7.5-pylint.txt': ['flake8', [24]],
  'flake8-7.5-source.txt': ['flake8', [24]],
  'flake8-7.5.txt': ['flake8', [24]],
  'gcc-12.2-cpp.txt': ['gcc', [2]],
  'gcc-12.2-errors.txt': ['gcc', [4]],
  'gcc-12.2.txt': ['gcc', [5]],
  'gcov-12.2-branches.gcov': ['gcov', [13, 11, 12, 5]],
  'gcov-12.2.gcov': ['gcov', [13, 11, 0, 0]],
  'gcov-12.2.json': ['gcov-json', [13, 11, 12, 5]],
  'gcovr-5.2.json': ['gcovr-json', [13, 11, 12, 5]],
  'gcovr-8.8-clover.xml': ['clover', [13, 11, 0, 0]],
  'gcovr-8.8-cobertura.xml': ['cobertura', [8, 6, 2, 1]],
  'gcovr-8.8-coveralls.json': ['coveralls-json', [13, 11, 10, 5]],
  'gcovr-8.8-jacoco.xml': ['jacoco', [15, 13, 10, 5]],
  'gcovr-8.8-sonarqube.xml': ['sonarqube', [13, 11, 10, 5]],
  'gcovr-8.8-summary.json': ['gcovr-json', [15, 13, 10, 5]],
  'gcovr-8.8.json': ['gcovr-json', [13, 11, 10, 5]],
  'gcovr-8.8.lcov': ['lcov', [8, 6, 2, 1]],
  'gitleaks-8.30-junit.xml': ['junit', [1, 0, 1, 0, 0, 0]],
  'gitleaks-8.30.json': ['gitleaks-json', [1]],
  'gitleaks-8.30.sarif': ['sarif', [1]],
  'criterion-0.5-bencher.txt': ['benchmark-cargo', [2]],
  'ctest-3.25.xml': ['junit', [6, 1, 2, 1, 2, 0]],
  'gradle-4.4-CartTest.xml': ['junit', [5, 1, 2, 0, 2, 0]],
  'gradle-4.4-SetupTest.xml': ['junit', [1, 0, 1, 0, 0, 0]],
  'grype-0.110-clean.json': ['grype', [0]],
  'grype-0.110-cyclonedx-clean.json': ['cyclonedx', [0]],
  'grype-0.110-cyclonedx.json': ['cyclonedx', [2]],
  'grype-0.110.json': ['grype', [2]],
  'grype-0.110.sarif': ['sarif', [2]],
  'jest-trx-results-processor-3.0.trx': ['trx', [6, 1, 3, 0, 2, 0]],
  'npm-6.14-audit-clean.json': ['npm-audit', [0]],
  'npm-6.14-audit-error.json': ['npm-audit', [], 1],
  'npm-6.14-audit.json': ['npm-audit', [2]],
  'pytest-nunit-1.0.7.xml': ['nunit', [7, 2, 4, 0, 1, 0]],
  'go-1.26-bench.txt': ['benchmark-go', [9]],
  'go-1.26-count.out': ['go-cover', [9, 5, 0, 0]],
  'go-1.26-test-count.jsonl': ['go-test-json', [2, 1, 0, 1, 0, 1]],
  'go-1.26-test.jsonl': ['go-test-json', [11, 5, 4, 1, 1, 0]],
  'go-junit-report-2.xml': ['junit', [5, 2, 2, 0, 1, 0]],
  'go-vet-1.26-compile.txt': ['go-vet', [1]],
  'go-vet-1.26.jsonl': ['go-vet-json', [4]],
  'go-vet-1.26.txt': ['go-vet', [4]],
  'golangci-lint-2.15-clean.txt': ['golangci-lint-text', [0]],
  'golangci-lint-2.15-stats-clean.txt': ['golangci-lint-json', [0]],
  'golangci-lint-2.15-stats.txt': ['golangci-lint-json', [8]],
  'golangci-lint-2.15-tab.txt': ['golangci-lint-text', [8]],
  'golangci-lint-2.15-typecheck.txt': ['golangci-lint-text', [1]],
  'golangci-lint-2.15.txt': ['golangci-lint-text', [8]],
  'google-benchmark-1.7.json': ['benchmark-google', [4], 2],
  'googletest-1.12.xml': ['junit', [7, 2, 3, 0, 2, 0]],
  'gosec-2.22-broken.json': ['gosec', [0], 2],
  'gosec-2.22-suppressions.json': ['gosec', [5]],
  'gosec-2.22.json': ['gosec', [5]],
  'gotestsum-1.13-rerun.xml': ['junit', [6, 3, 2, 0, 1, 1]],
  'govulncheck-1.1-clean.ndjson': ['govulncheck', [0]],
  'govulncheck-1.1.ndjson': ['govulncheck', [1]],
  'hadolint-2.15-checkstyle.xml': ['checkstyle', [11]],
  'hadolint-2.15-gitlab.json': ['codeclimate', [11]],
  'hadolint-2.15.json': ['hadolint-json', [11]],
  'hyperfine-1.15.json': ['hyperfine', [2]],
  'isort-9.0-diff.txt': ['isort', [2]],
  'isort-9.0.txt': ['isort', [2]],
  'istanbul-jest-30.5-clover.xml': ['clover', [10, 8, 9, 1]],
  'istanbul-jest-30.5-cobertura.xml': ['cobertura', [6, 6, 5, 3]],
  'istanbul-jest-30.5-final.json': ['istanbul-json', [10, 8, 9, 1]],
  'istanbul-jest-30.5-summary.json': ['istanbul-summary', [10, 8, 9, 1]],
  'istanbul-jest-30.5.lcov': ['lcov', [6, 6, 5, 3]],
  'jacoco-0.8.12.xml': ['jacoco', [8, 6, 8, 4]],
  'jest-30.5-jest-junit-17.xml': ['junit', [6, 2, 2, 1, 1, 0]],
  'jest-30.5.json': ['jest-json', [6, 2, 1, 1, 2, 1]],
  'jest-ctrf-0.0.11.json': ['ctrf', [5, 2, 1, 0, 2, 1]],
  'jmh-1.37.json': ['benchmark-jmh', [4]],
  'lizard-1.24.csv': ['lizard-csv', [1]],
  'lizard-1.24.xml': ['lizard', [1]],
  'llvm-cov-14-summary.json': ['llvm-json', [18, 15, 8, 4]],
  'llvm-cov-14.json': ['llvm-json', [18, 15, 8, 4]],
  'mcs-6.8.txt': ['msvc', [2]],
  'mocha-10.8-junit-reporter-2.2.xml': ['junit', [3, 1, 2, 0, 0, 0]],
  'mocha-10.8-xunit.xml': ['junit', [4, 1, 2, 0, 1, 0]],
  'mocha-12.0.json': ['mocha-json', [5, 2, 1, 1, 1, 1]],
  'mypy-2.4-clean.txt': ['mypy', [0]],
  'mypy-2.4-end.txt': ['mypy', [4]],
  'mypy-2.4-pretty.txt': ['mypy', [4]],
  'mypy-2.4-syntax.txt': ['mypy', [2]],
  'mypy-2.4.jsonl': ['mypy', [4]],
  'mypy-2.4.txt': ['mypy', [4]],
  'node-20.20-junit.xml': ['junit', [9, 4, 2, 0, 3, 0]],
  'node-20.20.lcov': ['lcov', [24, 22, 18, 17]],
  'node-20.20.tap': ['tap', [9, 4, 2, 0, 3, 0]],
  'node-24.21-junit.xml': ['junit', [9, 4, 2, 0, 3, 0]],
  'node-24.21.lcov': ['lcov', [11, 9, 6, 5]],
  'node-24.21.tap': ['tap', [9, 4, 2, 0, 3, 0]],
  'npm-11.19-audit-clean.json': ['npm-audit', [0]],
  'npm-11.19-audit-error.json': ['npm-audit', [], 1],
  'npm-11.19-audit.json': ['npm-audit', [3]],
  'nunit-2.6.xml': ['nunit', [11, 3, 3, 2, 3, 0], 1],
  'openclover-4.5-clover.xml': ['clover', [7, 5, 4, 1]],
  'osv-scanner-1.9-clean.json': ['osv-scanner', [0]],
  'osv-scanner-1.9.json': ['osv-scanner', [3]],
  'osv-scanner-2.2-clean.json': ['osv-scanner', [0]],
  'osv-scanner-2.2.json': ['osv-scanner', [2]],
  'osv-scanner-2.2.sarif': ['sarif', [2]],
  'perl-test-more-1.30.tap': ['tap', [5, 2, 2, 0, 1, 0]],
  'phpunit-9.6-clover.xml': ['clover', [7, 5, 0, 0]],
  'phpunit-9.6-cobertura.xml': ['cobertura', [7, 5, 0, 0]],
  'phpunit-9.6-junit.xml': ['junit', [8, 2, 2, 2, 2, 0]],
  'pip-audit-2.10-clean.json': ['pip-audit', [0]],
  'pip-audit-2.10-cyclonedx.json': ['cyclonedx', [1]],
  'pip-audit-2.10.json': ['pip-audit', [1]],
  'playwright-1.65.json': ['playwright-json', [8, 5, 1, 1, 1, 2]],
  'playwright-ctrf-0.0.29.json': ['ctrf', [8, 5, 2, 0, 1, 2], 1],
  'pnpm-10.34-audit.json': ['npm-audit', [3]],
  'pylint-4.1-clean.json': ['pylint-json', [0]],
  'pylint-4.1-json2.json': ['pylint-json', [22]],
  'pylint-4.1-msvs.txt': ['pylint-text', [21]],
  'pylint-4.1-parseable.txt': ['pylint-text', [21]],
  'pylint-4.1.json': ['pylint-json', [22]],
  'pylint-4.1.txt': ['pylint-text', [22]],
  'pyright-1.1.414.json': ['pyright-json', [1]],
  'pytest-9.2-rerunfailures-16.7.xml': ['junit', [8, 4, 1, 1, 2, 1]],
  'pytest-9.2-xunit1.xml': ['junit', [8, 3, 2, 1, 2, 0]],
  'pytest-9.2-xunit2.xml': ['junit', [8, 3, 2, 1, 2, 0]],
  'pytest-benchmark-5.3.json': ['benchmark-pytest', [2]],
  'radon-6.0.json': ['radon', [2]],
  'reviewdog-0.20-efm.jsonl': ['rdjsonl', [2]],
  'reviewdog-0.20-rdjson.json': ['rdjson', [2]],
  'reviewdog-0.20.jsonl': ['rdjsonl', [2]],
  'reviewdog-0.20.sarif': ['sarif', [2]],
  'rspec-3.12-outside.json': ['rspec-json', [1, 0, 0, 1, 0, 0]],
  'rspec-3.12.json': ['rspec-json', [6, 1, 2, 0, 3, 0]],
  'rubocop-1.39-clean.json': ['rubocop-json', [0]],
  'rubocop-1.39-corrected.json': ['rubocop-json', [4]],
  'rubocop-1.39.json': ['rubocop-json', [6]],
  'ruff-0.17-clean.txt': ['ruff-text', [0]],
  'ruff-0.17-concise.txt': ['ruff-text', [14]],
  'ruff-0.17-format.txt': ['ruff-text', [3]],
  'ruff-0.17-full.txt': ['ruff-text', [14]],
  'ruff-0.17-gitlab.json': ['codeclimate', [14]],
  'ruff-0.17-grouped.txt': ['ruff-text', [14]],
  'ruff-0.17-rdjson.json': ['rdjson', [14]],
  'ruff-0.17-syntax.json': ['ruff-json', [1]],
  'ruff-0.17.json': ['ruff-json', [6]],
  'ruff-0.17.sarif': ['sarif', [3]],
  'rust-1.97-bench.txt': ['benchmark-cargo', [2], 2],
  'safety-1.10.json': ['safety', [1]],
  'safety-2.3.json': ['safety', [1]],
  'safety-3.2-clean.json': ['safety', [0]],
  'safety-3.2.json': ['safety', [1]],
  'secretlint-12.0.json': ['secretlint', [2]],
  'semgrep-1.182-clean.json': ['semgrep', [0]],
  'semgrep-1.182.json': ['semgrep', [5]],
  'semgrep-1.182.sarif': ['sarif', [3]],
  'shellcheck-0.11-checkstyle.xml': ['checkstyle', [11]],
  'shellcheck-0.11-clean.json': ['shellcheck-json', [0]],
  'shellcheck-0.11-json1.json': ['shellcheck-json', [11]],
  'shellcheck-0.11.json': ['shellcheck-json', [11]],
  'shellcheck-0.11.txt': ['shellcheck-gcc', [11]],
  'simplecov-0.22.resultset.json': ['simplecov', [12, 9, 4, 1]],
  'snyk-1.668-all.json': ['snyk', [2]],
  'snyk-1.668-clean.json': ['snyk', [0]],
  'snyk-1.668-error.json': ['snyk', [0], 1],
  'snyk-1.668.json': ['snyk', [2]],
  'snyk-1.668.sarif': ['sarif', [2]],
  'staticcheck-2026.2-compile.txt': ['staticcheck', [1]],
  'staticcheck-2026.2.jsonl': ['staticcheck', [8]],
  'staticcheck-2026.2.txt': ['staticcheck', [7]],
  'stylelint-17.16-compact.txt': ['stylelint-text', [9]],
  'stylelint-17.16-unix.txt': ['stylelint-text', [9]],
  'stylelint-17.16-verbose.txt': ['stylelint-text', [9]],
  'stylelint-17.16.json': ['stylelint-json', [9]],
  'stylelint-17.16.txt': ['stylelint-text', [9]],
  'surefire-3.2-CartTest.xml': ['junit', [7, 3, 2, 1, 1, 1]],
  'surefire-3.2-SetupTest.xml': ['junit', [1, 0, 0, 1, 0, 0]],
  'tape-5.10.tap': ['tap', [3, 1, 1, 0, 1, 0]],
  'tfsec-1.28.json': ['tfsec', [3]],
  'trivy-0.69-clean.json': ['trivy', [0]],
  'trivy-0.69-config.json': ['trivy', [2]],
  'trivy-0.69-cyclonedx-clean.json': ['cyclonedx', [0]],
  'trivy-0.69-cyclonedx.json': ['cyclonedx', [2]],
  'trivy-0.69-suppressed.json': ['trivy', [2]],
  'trivy-0.69.json': ['trivy', [14]],
  'trivy-0.69.sarif': ['sarif', [14]],
  'trufflehog-2.2.ndjson': ['trufflehog', [2]],
  'trufflehog-3.90-clean.ndjson': ['trufflehog', [0]],
  'trufflehog-3.90-git.ndjson': ['trufflehog', [3]],
  'trufflehog-3.90-gone.ndjson': ['trufflehog', [0], 1],
  'trufflehog-3.90.ndjson': ['trufflehog', [3]],
  'tsc-5.9-global.txt': ['tsc', [1]],
  'tsc-5.9-pretty.txt': ['tsc', [4]],
  'tsc-5.9.txt': ['tsc', [4]],
  'tsc-7.0-pretty.txt': ['tsc', [4]],
  'tsc-7.0.txt': ['tsc', [4]],
  'typos-1.52-brief.txt': ['typos', [3]],
  'typos-1.52.jsonl': ['typos', [3]],
  'typos-1.52.txt': ['typos', [3]],
  'unittest-xml-reporting-4.0.xml': ['junit', [5, 1, 2, 1, 1, 0]],
  'vitest-3.2-final.json': ['istanbul-json', [13, 10, 4, 2]],
  'vitest-4.1-flat.tap': ['tap', [6, 2, 2, 0, 2, 0]],
  'vitest-4.1-junit.xml': ['junit', [6, 2, 2, 0, 2, 0]],
  'vitest-4.1.json': ['jest-json', [6, 2, 1, 1, 2, 1]],
  'vitest-4.1.tap': ['tap', [6, 2, 2, 0, 2, 0]],
  'yarn-1.22-audit-clean.ndjson': ['yarn-audit', [0]],
  'yarn-1.22-audit.ndjson': ['yarn-audit', [3]],
  'yarn-3.8-audit.ndjson': ['npm-audit', [3]],
  'yarn-4.18-audit.ndjson': ['yarn-audit', [3]],
}

function figures(evidence: Evidence | null): number[] {
  if (evidence?.kind === 'tests') return numbers(evidence)
  if (evidence?.kind === 'benchmarks') return [evidence.benchmarks.length]
  if (evidence?.kind === 'findings') return [evidence.findings.length]
  if (evidence?.kind !== 'coverage') return []
  return [evidence.lines_valid, evidence.lines_covered, evidence.branches_valid, evidence.branches_covered]
}

describe('reports of real tools', () => {
  test('every fixture is expected', () => {
    expect(Object.keys(expected).toSorted()).toEqual(fixtureNames.toSorted())
  })

  test.each(Object.entries(expected))('%s', async (name, [format, wanted, errors = 0]) => {
    const report = await read(fixture(name), { path: name })
    expect([report.format, figures(report.evidence), messages(report).length]).toEqual([format, wanted, errors])
  })

  test.each([1, 7, 4096])('are read alike in chunks of %d bytes', async (size) => {
    for (const name of fixtureNames) {
      const whole = await read(fixture(name), { path: name })
      expect(await readReport(inputOf(fixture(name), name, size))).toEqual(whole)
    }
  })

  test('are read alike when their format is named', async () => {
    for (const name of fixtureNames) {
      const recognised = await read(fixture(name), { path: name })
      const format = formats.find((f) => f === recognised.format)
      expect(await read(fixture(name), { path: name, ...(format ? { format } : {}) })).toEqual(recognised)
    }
  })

  test('hold no secret, match or e-mail', async () => {
    for (const name of fixtureNames.filter((n) => fixture(n).includes('canary')))
      expect(JSON.stringify(await read(fixture(name), { path: name }))).not.toContain('canary')
  })
})

describe('where a test failed', () => {
  test.each([
    ['node-20.20-junit.xml', 'is never negative', 'js/node/cart.test.mjs:7', '0 == 1'],
    ['node-24.21-junit.xml', 'is never negative', 'js/node/cart.test.mjs:7', '0 == 1'],
    ['node-20.20.tap', 'inner two', 'js/node/cart.test.mjs:10', 'boom <&> "quoted"'],
    ['pytest-9.2-xunit2.xml', 'test_takes_off', 'test_cart.py:11', 'AssertionError: off <by> one & "quoted"'],
    ['pytest-9.2-xunit1.xml', 'test_takes_off', 'test_cart.py:11', 'AssertionError: off <by> one & "quoted"'],
    ['jest-30.5-jest-junit-17.xml', 'cart discount takes off', 'js/jst/cart.test.js:4', 'Error: expect(received)'],
    ['mocha-10.8-junit-reporter-2.2.xml', 'cart takes off', 'js/jst/spec.js:2', '3 == 4'],
    ['vitest-4.1-junit.xml', 'cart > takes off', 'cart.test.ts:3', 'expected 3 to be 4'],
    ['vitest-4.1.tap', 'takes off', 'js/vt/cart.test.ts:3', 'expected 3 to be 4'],
    ['tape-5.10.tap', 'one is # two', 'js/tp.js:1', ''],
    ['surefire-3.2-CartTest.xml', 'takesOff', 'shop/CartTest.java:8', 'off <by> one'],
    ['gotestsum-1.13-rerun.xml', 'TestBad/inner', 'example.com/shop/cart_test.go:4', 'cart_test.go:4: got 3'],
    ['unittest-xml-reporting-4.0.xml', 'test_sub (i=1)', 'ut.py:11', '1 == 1'],
    ['ant-1.10-shop.CartTest.xml', 'takesOff', 'shop/CartTest.java:6', 'off <by> one'],
    ['ctest-3.25.xml', 'takes_off', 'cart.cpp:4', 'off <by> one'],
    ['jest-trx-results-processor-3.0.trx', 'cart / discount / takes off', 't/cart.test.js:5', 'expect(received)'],
    ['catch2-2.13-junit.xml', 'throws', 'c2.cpp:7', 'boom <at> once'],
    ['go-1.26-test.jsonl', 'TestTakesOff', 'example.com/shop/cart_test.go:16', 'got 3, want 4'],
    ['go-1.26-test.jsonl', 'TestBoom', 'panics/x_test.go:4', 'panic: assignment to entry in nil map'],
    ['go-1.26-test.jsonl', 'example.com/shop/broken', 'broken/x_test.go:3', 'example.com/shop/broken'],
    ['googletest-1.12.xml', 'TakesOff', 'gt.cpp:3', 'off <by> one'],
    ['gradle-4.4-CartTest.xml', 'takesOff', 'shop/CartTest.java:8', 'off <by> one & "quoted" expected:<4>'],
    ['gradle-4.4-SetupTest.xml', 'classMethod', 'shop/SetupTest.java:6', 'no database'],
    ['jest-30.5.json', 'takes off', 't/cart.test.js:5', 'expect(received).toBe(expected)'],
    ['jest-ctrf-0.0.11.json', 'cart discount takes off', 't/cart.test.js:5', 'expect(received).toBe(expected)'],
    ['mocha-12.0.json', 'takes off', 'mo/spec.js:4', '3 !== 4'],
    ['nunit-2.6.xml', 'Shop.CartTest.TakesOff', 'Cart.cs:6', 'off <by> one'],
    ['phpunit-9.6-junit.xml', 'testTakesOff', 'CartTest.php:5', 'off <by> one'],
    ['playwright-1.65.json', 'takes off', 'pw/cart.spec.js:4', 'expect(received).toBe(expected)'],
    ['rspec-3.12.json', 'takes off', 'cart_spec.rb:4', 'expected: 4'],
    ['vitest-4.1.json', 'takes off', 't/cart.test.js:5', 'expected 3 to be 4'],
  ])('%s %s', async (file, name, place, message) => {
    const { cases } = await readTests(fixture(file))
    const found = cases.find((test) => test.name === name)
    expect(`${found?.file}:${found?.line}`.replace('/home/runner/work/shop/shop/', '')).toBe(place)
    expect(found?.message ?? '').toContain(message)
  })

  test('pytest counts the lines of its older family from 0', async () => {
    const { cases } = await readTests(fixture('pytest-9.2-xunit1.xml'))
    expect(cases.find(({ name }) => name === 'test_adds')?.line).toBe(6)
  })

  test('a flaky test says why it failed first', async () => {
    const flaky = await Promise.all(
      ['surefire-3.2-CartTest.xml', 'gotestsum-1.13-rerun.xml'].map(
        async (file) => (await readTests(fixture(file))).cases.find((test) => test.flaky)?.message,
      ),
    )
    expect(flaky).toEqual(['expected: <true> but was: <false>', 'flaky_test.go:3: first time'])
  })
})

test('findings carry rule, severity, place, address and tool', async () => {
  const [finding] = (await readFindings(fixture('ruff-0.17.json'), { path: 'ruff.json' })).findings
  expect(finding).toEqual({
    category: 'lint',
    rule: 'D100',
    severity: 'error',
    message: 'Missing docstring in public module',
    tool: 'Ruff',
    file: '/home/runner/work/shop/shop/py/cart.py',
    line: 1,
    column: 1,
    end_line: 1,
    end_column: 1,
    url: 'https://docs.astral.sh/ruff/rules/undocumented-public-module',
    fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
  })
})
