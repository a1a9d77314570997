import { parseDuration } from '../base/duration.js'
import type { StepFile } from '../language/step.js'
import type { Background, Ready } from './model.js'
import { checkPattern } from './pattern.js'
import type { Reader, ReferenceCheck } from './reader.js'
import type { Path } from './places.js'

/** How long a step may take to be ready, and how often that is looked after, in milliseconds, where nothing else is said. */
const usual = { within: 30_000, interval: 250 }

/** Keys that mean nothing where a step goes on until its stage ends, with what to do instead. */
const useless = {
  cache: ['a background step is started each time', 'leave `cache` out, or cache the steps that need it'],
  fix: ['what goes on in the background is not mended and run again', 'give the step that checks a `fix`'],
  timeout: [
    'a background step may take as long as its stage',
    'for how long it may take to be ready write `ready: { …, within: 30s }`',
  ],
} as const

/** Reads whether a step goes on in the background, and when it is ready; what makes no sense there is told at its place. */
export function readBackground(
  reader: Reader,
  file: StepFile,
  path: Path,
  check: ReferenceCheck,
): Background | undefined {
  if (!file.background) {
    if (file.ready)
      reader.problem('not-here', '`ready` belongs to a step that goes on in the background', [...path, 'ready'], {
        key: true,
        hint: 'add `background: true`',
      })
    return undefined
  }
  if (!('run' in file))
    reader.problem('not-here', 'only a `run` step goes on in the background', [...path, 'background'], {
      key: true,
      hint: 'start what has to go on by `run`',
    })
  for (const [key, [message, hint]] of Object.entries(useless))
    if (file[key as keyof typeof useless] !== undefined)
      reader.problem('not-here', message, [...path, key], { key: true, hint })
  if ([file.reports ?? []].flat().some((report) => typeof report === 'object' && 'stdout' in report))
    reader.problem('not-here', 'what a background step prints is no report', [...path, 'reports'], {
      key: true,
      hint: 'let it write a file: that is read when it has been stopped',
    })
  return file.ready ? { ready: readReady(reader, file.ready, [...path, 'ready'], check) } : {}
}

function readReady(reader: Reader, file: NonNullable<StepFile['ready']>, path: Path, check: ReferenceCheck): Ready {
  const within = milliseconds(file.within) ?? usual.within
  if ('log' in file) {
    checkPattern(reader, file.log, [...path, 'log'])
    return { kind: 'log', pattern: file.log, within }
  }
  const interval = milliseconds(file.interval) ?? usual.interval
  if ('http' in file) {
    if (!file.http.includes('${{') && !/^https?:\/\/./.test(file.http))
      reader.problem('bad-value', `\`${file.http}\` is no address of http`, [...path, 'http'], {
        hint: 'write the whole of it, such as `http://127.0.0.1:3000/health`',
      })
    const status = file.status === undefined ? [] : [file.status].flat()
    return { kind: 'http', url: reader.template(file.http, [...path, 'http'], 'step', check), status, within, interval }
  }
  const at = [...path, 'tcp']
  if (!String(file.tcp).includes('${{') && !addressOf(String(file.tcp)))
    reader.problem('bad-value', `\`${String(file.tcp)}\` is no address`, at, {
      hint: 'write a host and a port, such as `127.0.0.1:5432`, or the port alone',
    })
  return { kind: 'tcp', address: reader.template(file.tcp, at, 'step', check), within, interval }
}

const milliseconds = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseDuration(text)

/** `127.0.0.1:5432`, `[::1]:5432`, or a port of this machine; nothing for any other text. */
export function addressOf(text: string): { host: string; port: number } | undefined {
  const [, six, name, digits] = /^(?:(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/[\]]+)):)?(\d{1,5})$/.exec(text.trim()) ?? []
  const port = Number(digits)
  return port >= 1 && port <= 65_535 ? { host: six ?? name ?? '127.0.0.1', port } : undefined
}
