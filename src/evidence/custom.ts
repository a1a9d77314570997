import { FindingsBuilder, placeOf } from './build-findings.js'
import type { Remark } from './build-findings.js'
import type { CustomReport, MapSpec, MatchSpec, Meaning } from '../workflow/custom-spec.js'
import { normalisePath } from './paths.js'
import { refuse } from './reader.js'
import type { JsonReader, ReadContext, Reader, TextHandler, TextReader } from './reader.js'
import { at, items } from './values.js'

type Values = Partial<Record<string, unknown>>

function remarkOf(values: Values, { tool, severity, severities }: Meaning): Remark {
  const said = (key: string): string | undefined => {
    const value = values[key]
    return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined
  }
  const count = (key: string): number | undefined => {
    const value = said(key)
    return value === undefined || value === '' ? undefined : Number(value)
  }
  const word = said('severity')?.toLowerCase()
  const own = Object.entries(severities).find(([name]) => name.toLowerCase() === word)?.[1]
  const file = said('file')
  const rule = said('rule')
  const url = said('url')
  return {
    rule: rule ?? tool ?? 'match',
    severity: own ?? severity,
    message: said('message') ?? rule ?? 'no message is given',
    ...(tool === undefined ? {} : { tool }),
    ...(url === undefined ? {} : { url }),
    ...placeOf({
      file: file ? normalisePath(file) : undefined,
      line: count('line'),
      column: count('column'),
      end_line: count('end_line'),
    }),
  }
}

const named = { recognised: 'never: it is named in the workflow', proven: '' }
const groups = ['file', 'line', 'column', 'end_line', 'severity', 'rule', 'message'] as const
/** A longer line is no remark. */
const longest = 10_000

/** A reader of text by a pattern. RE2 reads it, which no pattern can hang. Throws nothing: a pattern that is none refuses the report. */
async function matchReader(spec: MatchSpec): Promise<TextReader> {
  const { RE2JS } = await import('re2js')
  return {
    ...named,
    format: 'match',
    kind: 'findings',
    family: 'text',
    supports: () => false,
    open(context): TextHandler {
      const compile = (pattern: string): ReturnType<typeof RE2JS.compile> => {
        try {
          return RE2JS.compile(pattern)
        } catch (cause) {
          throw refuse(`the pattern cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`)
        }
      }
      const pattern = compile(spec.pattern)
      const otherwise = spec.otherwise === undefined ? undefined : compile(spec.otherwise)
      const present = groups.filter((name) => Object.hasOwn(pattern.namedGroups(), name))
      const findings = new FindingsBuilder(context, ['lint'])
      let strange: { text: string; line: number } | undefined
      return {
        line(text) {
          if (text.length > longest) return
          const matcher = pattern.matcher(text)
          if (matcher.find()) {
            const values = Object.fromEntries(present.map((name) => [name, matcher.group(name) ?? undefined]))
            findings.add(remarkOf(values, spec))
          } else if (otherwise && text.trim() !== '' && !otherwise.matcher(text).find())
            strange ??= { text, line: context.line() }
        },
        finish() {
          const { problems } = context
          // Without a pattern for the other lines, nobody knows that they are harmless but by the tool's exit.
          const silent = findings.size === 0 && otherwise === undefined && !context.silentMeansNone
          if (strange)
            problems.error(`holds a line that neither pattern knows: ${strange.text.slice(0, 200)}`, strange.line)
          else if (silent) problems.error('no line matches, and that the tool ended well is not known')
          return silent ? null : findings.finish()
        },
      }
    },
  }
}

/** A reader of JSON by a map of paths: `results[].issues[]` names the findings, `^` what holds one. */
const mapReader = (spec: MapSpec): JsonReader => ({
  ...named,
  format: 'map',
  kind: 'findings',
  family: 'json',
  supports: () => true,
  emptyList: '',
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['lint'])
    for (const chain of itemsAt(value, spec.items, context))
      findings.add(
        remarkOf(
          Object.fromEntries(Object.entries(spec.fields).map(([key, path]) => [key, valueAt(chain, path)])),
          spec,
        ),
      )
    return findings.finish()
  },
})

/** Each finding with what holds it, the innermost first. A list that is not there is no empty list. */
function itemsAt(value: unknown, path: string, context: ReadContext): unknown[][] {
  let chains: unknown[][] = [[value]]
  let walked = ''
  for (const part of path.split('.').filter((one) => one !== '')) {
    const list = part.endsWith('[]')
    const key = list ? part.slice(0, -2) : part
    walked += `${walked === '' ? '' : '.'}${part}`
    chains = chains.flatMap((chain) => {
      const next = key === '' ? chain[0] : at(chain[0], key)
      if (!list) return [[next, ...chain]]
      const all = items(next)
      if (!all) {
        context.problems.error(`has no list at \`${walked}\``)
        return []
      }
      return all.map((one) => [one, ...chain])
    })
  }
  return chains
}

function valueAt(chain: readonly unknown[], path: string): unknown {
  let up = 0
  let rest = path
  while (rest.startsWith('^')) {
    up++
    rest = rest.slice(rest.startsWith('^.') ? 2 : 1)
  }
  return rest
    .split('.')
    .filter((one) => one !== '')
    .reduce<unknown>(
      (value, key) => (/^\d+$/.test(key) && Array.isArray(value) ? value[Number(key)] : at(value, key)),
      chain[up],
    )
}

/** The reader of what a workflow describes itself. */
export const customReader = async (spec: CustomReport): Promise<Reader> =>
  'match' in spec ? matchReader(spec.match) : mapReader(spec.map)
