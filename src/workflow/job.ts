import type { Json } from '../base/json.js'
import type { StageFile } from '../language/workflow.js'
import { leadsOut } from './caching.js'
import { shardName } from './matrix.js'
import type { JobKeys, Shard, Stage } from './model.js'
import type { Path } from './places.js'
import type { Reader, ReferenceCheck } from './reader.js'
import type { Known } from './references.js'
import { referenceCheck } from './references.js'

/** What looks like a file of tests, in the languages whose runners take a list of files. */
const testFiles = [
  '**/*.{test,spec}.{js,jsx,ts,tsx,mjs,cjs,mts,cts}',
  '**/__tests__/**/*.{js,jsx,ts,tsx}',
  '**/test_*.py',
  '**/*_test.{py,go,rb,exs}',
  '**/*_spec.rb',
  '**/*Test.{java,kt,php}',
  '**/*Tests.cs',
]

/** Reads the keys of a stage's own job, and what the stage takes and leaves. */
export function readJob(
  reader: Reader,
  file: StageFile,
  path: Path,
  { known, check }: { known: Known; check: ReferenceCheck },
): Pick<Stage, 'job' | 'artifacts' | 'paths' | 'shard'> {
  const shard = readShard(reader, file, path)
  return {
    job: readKeys(reader, file, path, known),
    artifacts: [file.artifacts ?? []].flat().map((pattern, i, all) => {
      const at = Array.isArray(file.artifacts) ? [...path, 'artifacts', i] : [...path, 'artifacts']
      checkGlob(reader, pattern, at, i === 0 && all.length > 0)
      return reader.template(pattern, at, 'stage', check)
    }),
    paths: globs(reader, file.paths, [...path, 'paths']),
    ...(shard ? { shard } : {}),
  }
}

/** GitHub reads them; here their expressions are looked through, and the texts are kept as they are written. */
function readKeys(reader: Reader, file: StageFile, path: Path, known: Known): JobKeys {
  const check = referenceCheck({ ...known, secrets: 'any' })
  const keep = (key: keyof StageFile): Json | undefined => {
    const value = file[key] as Json | undefined
    if (value !== undefined) reader.json(value, [...path, key], 'job', check)
    return value
  }
  const { environment } = file
  for (const key of ['runs-on', 'container', 'concurrency'] as const)
    if (file[key] === '')
      reader.problem('bad-value', `\`${key}\` is empty`, [...path, key], { hint: 'write its name, or leave it out' })
  const setup = keep('setup') as JobKeys['setup'] | undefined
  for (const [i, { uses }] of (setup ?? []).entries()) checkPinned(reader, uses, [...path, 'setup', i, 'uses'])
  const [runsOn, container, services] = [keep('runs-on'), keep('container'), keep('services')]
  const concurrency = keep('concurrency')
  return {
    ...(runsOn === undefined ? {} : { runsOn }),
    permissions: file.permissions ?? {},
    ...(container === undefined ? {} : { container }),
    ...(services === undefined ? {} : { services: services as { [name: string]: Json } }),
    ...(concurrency === undefined ? {} : { concurrency }),
    setup: setup ?? [],
    ...(environment === undefined ? {} : { environment: reader.plain(environment, [...path, 'environment']) }),
  }
}

/** What a tag names can be moved to other code, and this code works where the change is judged. */
function checkPinned(reader: Reader, uses: string, path: Path): void {
  if (uses.startsWith('./') || uses.startsWith('docker://') || /@(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(uses)) return
  reader.warn(
    'unpinned',
    `\`${uses}\` may be other code tomorrow`,
    path,
    'write the commit of the version instead of its tag',
  )
}

/** Into how many instances `shard` splits. */
export const totalOf = (shard: StageFile['shard']): number | undefined =>
  typeof shard === 'object' ? shard.total : shard

function readShard(reader: Reader, file: StageFile, path: Path): Shard | undefined {
  const { shard, matrix } = file
  if (shard === undefined) return undefined
  if (typeof matrix === 'object' && Object.hasOwn(matrix, shardName))
    reader.problem('shard', 'the matrix has a dimension `shard` of its own', [...path, 'matrix', shardName], {
      key: true,
      hint: 'call it something else: `matrix.shard` is the number of the shard',
    })
  const [total, files] = typeof shard === 'number' ? [shard, testFiles] : [shard.total, [shard.files].flat()]
  for (const [i, pattern] of files.entries())
    if (typeof shard === 'object') checkGlob(reader, pattern, [...path, 'shard', 'files', i], i === 0)
  return { total, files }
}

const globs = (reader: Reader, written: string | string[] | undefined, path: Path): string[] =>
  [written ?? []].flat().map((pattern, i) => {
    const at = Array.isArray(written) ? [...path, i] : path
    checkGlob(reader, pattern, at, i === 0)
    return reader.plain(pattern, at)
  })

function checkGlob(reader: Reader, pattern: string, path: Path, first: boolean): void {
  if (leadsOut(pattern.replace(/^!/, '')))
    reader.problem('outside', 'these files must lie inside the repository', path, {
      hint: 'write the path from the folder of the repository',
    })
  if (pattern.startsWith('!') && first)
    reader.problem('bad-value', '`!` takes out of what stands before it, and nothing does', path, {
      hint: 'write first what it takes from: `[dist/, "!dist/**/*.map"]`',
    })
  if (pattern === '' || /^(?:\.\/)?\.(?:git|wf)(?:\/|$)/.test(pattern))
    reader.problem('bad-value', `\`${pattern}\` names no files of the repository`, path, {
      hint: 'write a path or a glob: `dist/`',
    })
}
