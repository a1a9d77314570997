import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import type { Json } from '../base/json.js'
import { nearest } from '../base/text.js'
import { stepKinds } from '../language/names.js'
import { foreignWords } from '../language/words.js'
import type { Path } from './places.js'
import type { Source } from './source.js'

/** One error of the compiled validator. */
export interface Fault {
  instancePath: string
  keyword: string
  params: Record<string, unknown>
  propertyName?: string
  /** The schema node that holds the keyword which failed. */
  parentSchema: Record<string, unknown>
}

/** A message, and what makes the file whole enough to look for more: the mend that the hint names, or taking the part out. */
export interface Explained {
  diagnostic: Diagnostic
  path: Path
  repair: 'remove' | { rename: string } | { replace: Json }
}

interface Context {
  source: Source
  path: Path
  fault: Fault
  at(path: Path): unknown
}

/** Says in a user's words what a fault means, at its place, with what to write instead. */
export function explain(fault: Fault, source: Source, value: unknown): Explained {
  const path = fault.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const at = (where: Path): unknown =>
    where.reduce<unknown>((v, key) => (v as Record<string, unknown> | undefined)?.[key], value)
  return (explainers[fault.keyword] ?? other)({ source, path, fault, at })
}

const explainers: Record<string, (context: Context) => Explained> = {
  additionalProperties: unknownKey,
  required: missingKey,
  not: noKind,
  pattern: (c) => (c.fault.propertyName === undefined ? badValue(c) : badName(c, c.fault.propertyName)),
  type: wrongType,
  enum: notInList,
  const: (c) => ({ ...other(c), repair: { replace: c.fault.parentSchema['const'] as Json } }),
  minItems: (c) => ({ ...other(c, 'is empty', 'leave it out, or give it at least one entry'), repair: stand(c, null) }),
  minProperties: (c) => other(c, 'is empty', 'leave it out, or give it at least one entry'),
  minimum: outOfRange,
  maximum: outOfRange,
}

const shown = (path: Path): string =>
  path.length ? `\`${String(path.findLast((part) => !/^\d+$/.test(String(part))))}\`` : 'the file'
const sayOf = ({ fault }: Context): string | undefined => {
  const say = fault.parentSchema['x-say'] ?? fault.parentSchema['description']
  return typeof say === 'string' ? say : undefined
}

function other(c: Context, what = `is ${describe(c.at(c.path))}`, hint = sayOf(c)): Explained {
  const diagnostic = error('bad-value', `${shown(c.path)} ${what}`, {
    place: c.source.place(c.path),
    ...(hint ? { hint } : {}),
  })
  return { diagnostic, path: c.path, repair: 'remove' }
}

const badValue = (c: Context): Explained => ({
  ...other(c, `cannot be ${describe(c.at(c.path))}`, unitHint(c, c.at(c.path)) ?? sayOf(c)),
  repair: patternRepair(c),
})

/** A value that fits keeps the rest of the file readable: a day, a duration or a share for a mistyped one. */
function patternRepair({ fault }: Context): Explained['repair'] {
  const pattern = String(fault.parentSchema['pattern'])
  if (pattern.includes('[0-9]{4}-')) return { replace: '9999-12-31' }
  return pattern.includes('ms|s|m|h|d') ? { replace: '1s' } : pattern.includes('%') ? { replace: '100%' } : 'remove'
}

function badName(c: Context, name: string): Explained {
  const path = [...c.path, name]
  const diagnostic = error('bad-name', `\`${name}\` cannot be a name here`, {
    place: c.source.key(path),
    hint: sayOf(c) ?? '',
  })
  return { diagnostic, path, repair: { rename: name.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_') || '_' } }
}

function outOfRange(c: Context): Explained {
  const { comparison, limit } = c.fault.params
  return {
    ...other(c, `is ${describe(c.at(c.path))}; it must be ${String(comparison)} ${String(limit)}`),
    repair: { replace: Number(limit) },
  }
}

function unknownKey(c: Context): Explained {
  const key = String(c.fault.params['additionalProperty'])
  const path = [...c.path, key]
  const place = c.source.key(path)
  const allowed = Object.keys(c.fault.parentSchema['properties'] ?? {})
  const parent = c.at(c.path) as Record<string, unknown>
  const kinds = stepKinds.filter((kind) => Object.hasOwn(parent, kind))
  if (kinds.length > 1 && kinds.some((kind) => kind === key)) {
    const message = `a step is of one kind, and this one has \`${kinds.join('` and `')}\``
    return { diagnostic: error('two-kinds', message, { place, hint: 'make two steps of it' }), path, repair: 'remove' }
  }
  const foreign = foreignWord(c, path)
  if (foreign) return foreign
  const [near] = nearest(
    key,
    allowed.filter((name) => !Object.hasOwn(parent, name)),
  )
  const home = homeOf(key, mappingOf(path))
  const hint =
    home ??
    (near ? `did you mean \`${near}\`?` : `the keys here are ${allowed.map((name) => `\`${name}\``).join(', ')}`)
  const diagnostic = error('unknown-key', `unknown key \`${key}\``, { place, hint })
  return { diagnostic, path, repair: near && !home ? { rename: near } : 'remove' }
}

/** A word of GitHub Actions that means nothing here, or one of ours that does not work yet. */
function foreignWord(c: Context, path: Path): Explained | undefined {
  const key = String(path.at(-1))
  const words = foreignWords[mappingOf(path)]
  const minutes = key === 'timeout-minutes' ? c.at(path) : undefined
  const own = typeof minutes === 'number' ? `timeout: ${minutes}m` : 'timeout: 20m'
  const hint = Object.hasOwn(words, key) ? (words[key] ?? '').replace('timeout: 20m', own) : undefined
  if (hint === undefined) return undefined
  const yet = hint.includes('not work yet')
  const message = yet ? `\`${key}\` does not work yet` : `\`${key}\` means nothing here`
  // What stands under `jobs` is read as stages, so that the rest of what GitHub means is told too.
  const repair = key === 'jobs' && !Object.hasOwn(c.at(c.path) as object, 'stages') ? { rename: 'stages' } : 'remove'
  return { diagnostic: error(yet ? 'not-yet' : 'not-here', message, { place: c.source.key(path), hint }), path, repair }
}

/** Which mapping a key was written in, by its path. */
function mappingOf(path: Path): keyof typeof foreignWords {
  if (path[0] !== 'stages') return 'workflow'
  if (path.length === 3) return 'stage'
  if (path[2] === 'gates') return 'gates'
  return path.includes('reports') ? 'report' : 'step'
}

const homes: Record<string, string[]> = {
  workflow: ['version', 'on', 'inputs', 'stages', 'waivers'],
  stage: ['matrix', 'requires', 'on-failure', 'steps', 'finally', 'gates'],
  step: ['id', 'breaker', 'continue-on-error', 'reports', 'fix', 'webhook', 'choose'],
}

/** A key that is right in another mapping. */
function homeOf(key: string, mapping: string): string | undefined {
  const home = Object.keys(homes).find((name) => name !== mapping && homes[name]?.includes(key))
  return home ? `\`${key}\` stands in a ${home}` : undefined
}

function missingKey(c: Context): Explained {
  const key = String(c.fault.params['missingProperty'])
  const place = c.path.length ? c.source.key(c.path) : c.source.start()
  const whole = c.path.length ? shown(c.path) : 'the file'
  const hints: Record<string, string> = {
    version: 'write `version: 1`',
    name: 'the check and the comment carry it',
    stages: 'write `stages:` with at least one stage',
    target: 'name the stage to walk to: `target: …`',
  }
  const hint = hints[key]
  const diagnostic = error('missing-key', `${whole} needs \`${key}\``, {
    place,
    ...(hint && (!c.path.length || key === 'target') ? { hint } : {}),
  })
  return { diagnostic, path: [...c.path, key], repair: { replace: fillers[key] ?? '' } }
}

/** What stands in for a key that is missing, so that the rest can be read. */
const fillers: Record<string, Json> = {
  version: 1,
  stages: {},
  retries: 0,
  name: 'x',
  if: 'true',
  assert: 'true',
  path: 'x',
  until: '9999-12-31',
  url: 'https://localhost',
}

/** No key tells the kind: the nearest mistyped one is named, else what it could be. */
function noKind(c: Context): Explained {
  const named = namedStep(c)
  if (named) return named
  const say = sayOf(c) ?? ''
  const allowed = [...say.matchAll(/`([a-z]+)(?::[^`]*)?`/g)].map((match) => match[1] ?? '')
  for (const key of Object.keys(c.at(c.path) as object)) {
    const path = [...c.path, key]
    const foreign = foreignWord(c, path)
    if (foreign) return { ...foreign, repair: { rename: allowed[0] ?? 'run' } }
    const [near] = commonKeys.has(key) ? [] : nearest(key, allowed)
    if (near)
      return {
        diagnostic: error('unknown-key', `unknown key \`${key}\``, {
          place: c.source.key(path),
          hint: `did you mean \`${near}\`?`,
        }),
        path,
        repair: { rename: near },
      }
  }
  return {
    diagnostic: error('no-kind', say, { place: c.source.place(c.path) }),
    path: [...c.path, allowed[0] ?? 'run'],
    repair: { replace: '' },
  }
}
/** `- lint: { run: … }`: a step of a list that is written as one of a map. */
function namedStep(c: Context): Explained | undefined {
  const list = c.at(c.path.slice(0, -1))
  if (!Array.isArray(list) || !['steps', 'finally'].includes(String(c.path.at(-2)))) return undefined
  const [entry] = Object.entries(c.at(c.path) as object) as [string, unknown][]
  const [name, body] = entry ?? ['', undefined]
  if (typeof body !== 'object' || body === null || !stepKinds.some((kind) => Object.hasOwn(body, kind)))
    return undefined
  const path = [...c.path, name]
  const message = 'a step of a list has no name before it'
  const hint = `in a list write \`- id: ${name}\`, and the other keys below it`
  return {
    diagnostic: error('no-kind', message, { place: c.source.key(path), hint }),
    path: c.path,
    repair: { replace: { ...(body as { [key: string]: Json }), id: name } },
  }
}

/** Keys of a step that are no mistyped kind. */
const commonKeys = new Set(
  'id name needs if env shell with timeout retry breaker pool cache reports outputs secrets fix format suite category required message level path values check'.split(
    ' ',
  ),
)

function wrongType(c: Context): Explained {
  const value = c.at(c.path)
  const empty = value === null || value === undefined
  const wanted = [c.fault.parentSchema['type']].flat().map((type) => typeNames[String(type)] ?? String(type))
  const message = `${shown(c.path)} ${empty ? 'is empty' : `is ${describe(value)}`}; it must be ${wanted.join(' or ')}`
  // A step that is a text is a command that forgot its key.
  const isStep = ['steps', 'finally'].includes(String(c.path.at(-2))) && c.path.length === 4
  const hint = isStep && typeof value === 'string' ? `write \`run: ${value}\`` : (unitHint(c, value) ?? sayOf(c))
  const diagnostic = error('wrong-type', message, {
    place: empty ? c.source.key(c.path) : c.source.place(c.path),
    ...(hint ? { hint } : {}),
  })
  return { diagnostic, path: c.path, repair: isStep ? { replace: { run: '' } } : stand(c, value) }
}

/** The number itself with what it lacks: the unit of a duration, or the sign of a share. */
function unitHint(c: Context, value: unknown): string | undefined {
  const written = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  if (!/^\d{1,9}(?:\.\d{1,6})?$/.test(written)) return undefined
  const say = sayOf(c) ?? ''
  if (c.path.at(-1) === 'timeout' || say.startsWith('a duration')) return `write \`${written}m\` or \`${written}s\``
  return say.startsWith('a share') && Number(written) <= 100 ? `write \`${written}%\`` : undefined
}

/** What stands in for a part of a wrong type, so that the parts around it can be read: the same value in the right type where there is one. */
function stand(c: Context, value: unknown): Explained['repair'] {
  const key = String(c.path.at(-1))
  const kinds: Record<string, Json> = {
    steps: [{ run: '' }],
    choose: [{ if: 'true', run: '' }],
    webhook: { url: 'https://localhost' },
    template: { text: '', path: 'x' },
  }
  if (c.path[0] === 'stages' && c.path.length > 2 && Object.hasOwn(kinds, key)) return { replace: kinds[key] ?? null }
  const types = [c.fault.parentSchema['type']].flat()
  if (types.includes('string'))
    return { replace: typeof value === 'number' || typeof value === 'boolean' ? String(value) : '' }
  if (types.includes('integer') || types.includes('number')) {
    const number = Number(value)
    return {
      replace: value !== null && Number.isInteger(number) ? number : Number(c.fault.parentSchema['minimum'] ?? 0),
    }
  }
  return 'remove'
}

const typeNames: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a mapping',
}

function notInList(c: Context): Explained {
  const value = c.at(c.path)
  const allowed = c.fault.params['allowedValues'] as string[]
  const [near] = typeof value === 'string' ? nearest(value, allowed) : []
  const hint = near ? `did you mean \`${near}\`?` : `it is one of ${allowed.map((v) => `\`${v}\``).join(', ')}`
  const diagnostic = error('bad-value', `${shown(c.path)} cannot be ${describe(value)}`, {
    place: c.source.place(c.path),
    hint,
  })
  return { diagnostic, path: c.path, repair: { replace: near ?? allowed[0] ?? '' } }
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a mapping'
  if (typeof value === 'string') return `the text \`${value.length > 40 ? `${value.slice(0, 39)}…` : value}\``
  return `\`${String(value)}\``
}
