import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { ParseArgsConfig } from 'node:util'
import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import type { Json } from '../base/json.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { nearest } from '../base/text.js'
import { eventNames } from '../language/names.js'
import type { EventName } from '../language/names.js'
import type { Files } from '../ports.js'
import type { RunOptions } from '../options.js'
import { detectEvent } from '../trigger/event.js'

export type Options = NonNullable<ParseArgsConfig['options']>

/** Options and positionals by their declaration; what is wrong with them becomes a message with a suggestion; `command` takes a target. */
export function readArguments<const O extends Options>(args: string[], options: O, positionals: number, command = '') {
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true, strict: true })
    if (parsed.positionals.length > positionals)
      return fail(error('arguments', `unexpected argument \`${parsed.positionals[positionals] ?? ''}\``))
    return ok(parsed)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const unknown = /Unknown option '(-[^']*)'/.exec(message)?.[1]
    if (unknown === undefined) return fail(error('arguments', message.split('. ')[0] ?? message))
    if (unknown === '--target' && command !== '') {
      const at = args.findIndex((arg) => arg === '--target' || arg.startsWith('--target='))
      const target = args[at]?.split('=')[1] ?? args[at + 1] ?? 'TARGET'
      const hint = `write \`wf ${command} ${target}\``
      return fail(error('arguments', 'the target is no option', { hint }))
    }
    const [near] = nearest(
      unknown,
      Object.keys(options).map((name) => `--${name}`),
    )
    return fail(error('arguments', `unknown option \`${unknown}\``, near ? { hint: `did you mean \`${near}\`?` } : {}))
  }
}

/** The options that `run` and `plan` share. */
export const pathOptions = {
  file: { type: 'string' },
  dir: { type: 'string' },
  event: { type: 'string' },
  'event-name': { type: 'string' },
  base: { type: 'string' },
  'own-rules': { type: 'boolean' },
  input: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const satisfies Options

export const pathHelp = `  --file FILE         the workflow file, from the folder (default .github/wf.yml)
  --dir FOLDER        the repository's folder (default: here)
  --event FILE        a GitHub event payload (JSON): decides target and commit
  --event-name NAME   which event the payload is of, where it does not tell
  --base REV          the revision whose rules judge (default: merge base with the remote's default branch)
  --own-rules         the gates of the file as it stands judge, not those of the base
  --input NAME=VALUE  an input of the workflow; may be repeated`

interface PathValues {
  file?: string | undefined
  dir?: string | undefined
  event?: string | undefined
  'event-name'?: string | undefined
  base?: string | undefined
  'own-rules'?: boolean | undefined
  input?: string[] | undefined
}

/** Turns the shared options into what a run is asked to do. */
export function readPathOptions(
  values: PathValues,
  target: string | undefined,
  cwd: string,
  files: Files,
): Result<RunOptions, Diagnostic> {
  const folder = resolve(cwd, values.dir ?? '.')
  if (files.stat(files.real(folder) ?? folder)?.kind !== 'directory')
    return fail(error('no-folder', `there is no folder ${values.dir ?? folder}`))
  const event = readEvent(values, cwd, files)
  if (!event.ok) return event
  const inputs: Record<string, string> = {}
  for (const pair of values.input ?? []) {
    const at = pair.indexOf('=')
    if (at < 1) return fail(error('arguments', `\`--input ${pair}\` is not NAME=VALUE`))
    inputs[pair.slice(0, at)] = pair.slice(at + 1)
  }
  return ok({
    folder: files.real(folder) ?? folder,
    inputs,
    ...(values.file === undefined ? {} : { file: values.file }),
    ...(target === undefined ? {} : { target }),
    ...(values.base === undefined ? {} : { base: values.base }),
    ...(values['own-rules'] ? { ownRules: true } : {}),
    ...(event.value ? { event: event.value } : {}),
  })
}

function readEvent(values: PathValues, cwd: string, files: Files): Result<RunOptions['event'], Diagnostic> {
  const name = values['event-name']
  if (name !== undefined && !eventNames.some((known) => known === name)) {
    const [near] = nearest(name, eventNames)
    return fail(
      error('unknown-event', `wf does not know the event \`${name}\``, {
        hint: near ? `did you mean \`${near}\`?` : `it knows ${eventNames.join(', ')}`,
      }),
    )
  }
  if (values.event === undefined)
    return name === undefined ? ok(undefined) : fail(error('arguments', '`--event-name` goes with `--event FILE`'))
  const path = resolve(cwd, values.event)
  const text = files.stat(path)?.kind === 'directory' ? undefined : files.readText(path)
  if (text === undefined) return fail(error('no-event', `there is no event payload ${values.event}`))
  const payload = parseObject(text)
  if (!payload)
    return fail(
      error('bad-event', `the event payload ${values.event} is not a JSON object`, {
        hint: 'it is the file that GITHUB_EVENT_PATH names on a runner',
      }),
    )
  const event = (name as EventName | undefined) ?? detectEvent(payload)
  return event
    ? ok({ name: event, payload })
    : fail(
        error('unknown-event', `the payload ${values.event} does not tell its event`, {
          hint: 'say which: --event-name push',
        }),
      )
}

function parseObject(text: string): { [key: string]: Json } | undefined {
  try {
    const value = JSON.parse(text) as Json
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
