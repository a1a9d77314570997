import type { Reader } from '../../reader.js'
import { biome } from './biome.js'
import { clangTidy, gcc, shellcheckGcc } from './c-text.js'
import { cargoJson } from './cargo-json.js'
import { checkstyle } from './checkstyle.js'
import { codeclimate } from './codeclimate.js'
import { lizard, lizardCsv, radon } from './complexity.js'
import { eslintJson } from './eslint-json.js'
import { eslintText } from './eslint-text.js'
import { flake8 } from './flake8.js'
import { black, isort } from './formatters.js'
import { goVet, staticcheck } from './go-text.js'
import { goVetJson } from './go-vet-json.js'
import { golangciLintJson } from './golangci-lint-json.js'
import { golangciLintText } from './golangci-lint-text.js'
import { msvc } from './msvc.js'
import { mypy } from './mypy.js'
import { phpstanJson } from './phpstan-json.js'
import { pylintJson } from './pylint-json.js'
import { pylintText } from './pylint-text.js'
import { pyrightJson } from './pyright-json.js'
import { rdjson, rdjsonl } from './rdjson.js'
import { rubocopJson } from './rubocop-json.js'
import { ruffJson } from './ruff-json.js'
import { ruffText } from './ruff-text.js'
import { sarif } from './sarif.js'
import { secretlint } from './secretlint.js'
import { hadolintJson, shellcheckJson } from './shell-json.js'
import { stylelintJson } from './stylelint-json.js'
import { stylelintText } from './stylelint-text.js'
import { tsc } from './tsc.js'
import { typos } from './typos.js'

/** XML and JSON: each is known by its own names; Secretlint's list looks like ESLint's with more in it. */
const documents = [
  sarif,
  secretlint,
  eslintJson,
  ruffJson,
  pyrightJson,
  checkstyle,
  stylelintJson,
  biome,
  pylintJson,
  golangciLintJson,
  rubocopJson,
  shellcheckJson,
  hadolintJson,
  phpstanJson,
  codeclimate,
  rdjson,
  radon,
  lizard,
] as const

/** Text, the most particular first: what GCC, Visual C++ and `go vet` write looks much like what others write. */
const texts = [
  tsc,
  cargoJson,
  goVetJson,
  mypy,
  typos,
  staticcheck,
  rdjsonl,
  ruffText,
  pylintText,
  flake8,
  eslintText,
  stylelintText,
  black,
  isort,
  golangciLintText,
  shellcheckGcc,
  clangTidy,
  lizardCsv,
  msvc,
  gcc,
  goVet,
] as const

/** Readers of what linters, formatters and type checkers write, in the order in which they are asked whether a report is theirs. */
export const findings = [...documents, ...texts] as const satisfies readonly Reader[]
