import { parseDuration } from '../base/duration.js'
import type { Json } from '../base/json.js'
import type { EnvFile } from '../language/env.js'
import type { Shell } from '../language/names.js'
import type { ReportFile, ReportsFile } from '../language/report.js'
import type { BodyFile, KindFiles, RetryFile, StepFile } from '../language/step.js'
import type { Scope } from '../language/scopes.js'
import type { Body, EnvLayer, Report, Retry, SimpleBody, Step } from './model.js'
import { readBackground } from './background.js'
import { readCaching } from './caching.js'
import { readCustom } from './custom-report.js'
import { nameOf } from './limits.js'
import { checkPattern } from './pattern.js'
import type { Reader, ReferenceCheck } from './reader.js'
import { refuseUntrusted, safeVariables } from './untrusted.js'
import type { Path } from './places.js'

/** What a step inherits from its stage. */
export interface StepDefaults {
  shell: Shell
  retry: Retry | undefined
  pool: string | undefined
  /** The declared variables whose values no stranger can write. */
  safeEnv: ReadonlySet<string>
  secrets: readonly string[]
}

/** The secrets that a step sees: those of its stage, and its own. */
export const secretsOf = (file: StepFile, { secrets }: Pick<StepDefaults, 'secrets'>): string[] => [
  ...new Set([...secrets, ...(file.secrets ?? [])]),
]

/** Reads one step; `check` knows what its expressions may name, with the secrets that the step lists. */
export function readStep(
  reader: Reader,
  file: StepFile,
  at: { id: string; needs: string[]; path: Path; defaults: StepDefaults; check: ReferenceCheck },
): Step {
  const { path, check } = at
  const sub = (key: string): Path => [...path, key]
  const text = (key: string, value: string) => reader.template(value, sub(key), 'step', check)
  const safe = safeVariables(file.env, at.defaults.safeEnv)
  const background = readBackground(reader, file, path, check)
  const retry = file.retry ? readRetry(reader, file.retry, sub('retry'), check) : at.defaults.retry
  return {
    id: at.id,
    ...(file.name === undefined ? {} : { name: reader.plain(file.name, sub('name')) }),
    needs: at.needs,
    ...(file.if === undefined ? {} : { if: reader.condition(file.if, sub('if'), 'step-if', check) }),
    env: readEnv(reader, file.env, sub('env'), { scope: 'step', check }),
    ...(file['working-directory'] === undefined
      ? {}
      : { workingDirectory: text('working-directory', file['working-directory']) }),
    timeout: readTimeout(file.timeout),
    ...(retry ? { retry } : {}),
    ...namesOf(file, at.defaults),
    continueOnError:
      typeof file['continue-on-error'] === 'string'
        ? reader.condition(file['continue-on-error'], sub('continue-on-error'), 'step', check)
        : (file['continue-on-error'] ?? false),
    reports: readReports(reader, file.reports, sub('reports'), check),
    ...(file.outputs ? { outputs: file.outputs } : {}),
    secrets: secretsOf(file, at.defaults),
    ...(file.fix === undefined
      ? {}
      : { fix: reader.template(file.fix, sub('fix'), 'step', refuseUntrusted(check, safe)) }),
    ...(file.cache ? { cache: readCaching(reader, file, sub('cache'), check) } : {}),
    ...(background ? { background } : {}),
    body: readBody(reader, file, { path, check, shell: at.defaults.shell, safe }),
  }
}

/** The breaker and the pool that a step names, or its stage for it. */
function namesOf(file: StepFile, defaults: StepDefaults): Pick<Step, 'breaker' | 'pool'> {
  const breaker = nameOf(file.breaker)
  const pool = nameOf(file.pool) ?? defaults.pool
  return { ...(breaker === undefined ? {} : { breaker }), ...(pool === undefined ? {} : { pool }) }
}

const milliseconds = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseDuration(text)

function readTimeout(file: StepFile['timeout']): Step['timeout'] {
  const { attempt, total } = typeof file === 'string' ? { attempt: file, total: undefined } : (file ?? {})
  const [one, all] = [milliseconds(attempt), milliseconds(total)]
  return { ...(one === undefined ? {} : { attempt: one }), ...(all === undefined ? {} : { total: all }) }
}

/** Reads `retry` of a stage or a step. */
export function readRetry(reader: Reader, file: RetryFile, path: Path, check: ReferenceCheck): Retry {
  const maxDelay = milliseconds(file['max-delay']) ?? 60_000
  const { on } = file
  if (on?.output !== undefined) checkPattern(reader, on.output, [...path, 'on', 'output'])
  if (on && !Object.keys(on).length)
    reader.problem('empty', '`on` names nothing to retry after', [...path, 'on'], {
      key: true,
      hint: 'name `exit-codes`, `output` or `errors`, or leave `on` out to retry after every failure',
    })
  return {
    retries: file.retries,
    delay: milliseconds(file.delay) ?? 1000,
    backoff: file.backoff ?? 2,
    maxDelay,
    jitter: file.jitter ?? false,
    ...(on
      ? {
          on: {
            exitCodes: on['exit-codes'] ?? [],
            ...(on.output === undefined ? {} : { output: on.output }),
            errors: on.errors ?? [],
          },
        }
      : {}),
    retryAfter: milliseconds(file['retry-after']) ?? maxDelay,
    ...(file.if === undefined ? {} : { if: reader.condition(file.if, [...path, 'if'], 'retry-if', check) }),
  }
}

/** Reads `env` of any level into its layers. */
export function readEnv(
  reader: Reader,
  file: EnvFile | undefined,
  path: Path,
  rules: { scope: Scope; check: ReferenceCheck },
): EnvLayer[] {
  if (file === undefined) return []
  const layer = (value: 'clean' | Record<string, string | number | boolean>, at: Path): EnvLayer =>
    value === 'clean'
      ? 'clean'
      : Object.fromEntries(
          Object.entries(value).map(([name, text]) => {
            if (/^(GITHUB_|WF_|RUNNER_)/.test(name))
              reader.problem('reserved', `\`${name}\` is set by wf and GitHub`, [...at, name], {
                key: true,
                hint: 'choose a name without GITHUB_, RUNNER_ or WF_',
              })
            return [name, reader.template(text, [...at, name], rules.scope, rules.check)]
          }),
        )
  return Array.isArray(file) ? file.map((value, i) => layer(value, [...path, i])) : [layer(file, path)]
}

function readReports(reader: Reader, file: ReportsFile | undefined, path: Path, check: ReferenceCheck): Report[] {
  if (file === undefined) return []
  const one = (value: string | ReportFile, at: Path): Report => {
    if (typeof value === 'string')
      return { source: { path: reader.template(value, at, 'step', check) }, required: true, stored: false }
    const custom = readCustom(reader, value, at)
    const rest = {
      ...(custom ? { custom } : {}),
      ...(value.suite === undefined ? {} : { suite: value.suite }),
      ...(value.category === undefined ? {} : { category: value.category }),
      required: value.required ?? true,
    }
    if ('stdout' in value) {
      const { stdout } = value
      const format = stdout === 'match' || stdout === 'map' ? {} : { format: stdout }
      return { source: 'stdout', ...format, ...rest, stored: false }
    }
    const source = { path: reader.template(value.path, [...at, 'path'], 'step', check) }
    return {
      source,
      ...(value.format === undefined ? {} : { format: value.format }),
      ...rest,
      stored: value.stored ?? false,
    }
  }
  return Array.isArray(file) ? file.map((value, i) => one(value, [...path, i])) : [one(file, path)]
}

interface BodyContext {
  path: Path
  check: ReferenceCheck
  shell: Shell
  safe: ReadonlySet<string>
}

function readBody(reader: Reader, file: StepFile, context: BodyContext): Body {
  if (!('choose' in file)) return readSimple(reader, file, context)
  const branches = file.choose.map((branch, i) => {
    const path = [...context.path, 'choose', i]
    return {
      if: reader.condition(branch.if, [...path, 'if'], 'step-if', context.check),
      body: readSimple(reader, branch, { ...context, path }),
    }
  })
  const otherwise = file.default && readSimple(reader, file.default, { ...context, path: [...context.path, 'default'] })
  return { kind: 'choose', branches, ...(otherwise ? { otherwise } : {}) }
}

function readSimple(reader: Reader, file: BodyFile, context: BodyContext): SimpleBody {
  const { path, check } = context
  const text = (value: string, ...keys: string[]) => reader.template(value, [...path, ...keys], 'step', check)
  if ('run' in file)
    return {
      kind: 'run',
      script: reader.template(file.run, [...path, 'run'], 'step', refuseUntrusted(check, context.safe)),
      shell: file.shell ?? context.shell,
    }
  if ('assert' in file)
    return {
      kind: 'assert',
      condition: reader.condition(file.assert, [...path, 'assert'], 'step', check),
      ...(file.message === undefined ? {} : { message: text(file.message, 'message') }),
      level: file.level ?? 'error',
    }
  if ('template' in file) {
    const { template } = file
    return {
      kind: 'template',
      source: 'file' in template ? { file: text(template.file, 'template', 'file') } : { text: template.text },
      path: text(template.path, 'template', 'path'),
      values: reader.jsonMap(template.values ?? {}, [...path, 'template', 'values'], 'step', check),
      check: template.check ?? false,
    }
  }
  if ('webhook' in file) return readWebhook(reader, file.webhook, [...path, 'webhook'], check)
  return {
    kind: 'plugin',
    module: reader.plain(file.plugin, [...path, 'plugin']),
    with: reader.jsonMap(file.with ?? {}, [...path, 'with'], 'step', check),
  }
}

function readWebhook(
  reader: Reader,
  file: KindFiles['webhook']['webhook'],
  path: Path,
  check: ReferenceCheck,
): SimpleBody {
  const text = (value: string, ...keys: string[]) => reader.template(value, [...path, ...keys], 'step', check)
  if (file.json !== undefined && file.text !== undefined)
    reader.problem('two-bodies', 'a request has one body, `json` or `text`', [...path, 'text'], {
      key: true,
      hint: 'leave one of the two out',
    })
  const json: Json | undefined = file.json
  return {
    kind: 'webhook',
    url: text(file.url, 'url'),
    method: file.method ?? 'POST',
    headers: Object.fromEntries(
      Object.entries(file.headers ?? {}).map(([name, value]) => [name, text(value, 'headers', name)]),
    ),
    ...(json === undefined ? {} : { body: { json: reader.json(json, [...path, 'json'], 'step', check) } }),
    ...(file.text === undefined ? {} : { body: { text: text(file.text, 'text') } }),
    ...(file.secret === undefined ? {} : { secret: text(file.secret, 'secret') }),
    status: file.status === undefined ? [] : [file.status].flat(),
    allowPrivate: file['allow-private'] ?? false,
  }
}
