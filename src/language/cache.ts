import { byType, choice, duration, object, optional, pattern, size, text } from './define.js'

/** A name that no value is mistaken for. */
const named = (description: string) =>
  pattern(
    '^[A-Z][A-Z0-9_]{1,99}$',
    'the name of a secret or a variable in capitals, such as `CACHE_KEY`; its value never stands in the file',
    description,
  )

const prefix = (form: string, description: string) =>
  optional(pattern(form, 'a prefix holds letters, digits, `.`, `_`, `-` and what separates its parts', description))

const s3 = object('The bucket of `store: s3`, on any server that speaks S3.', {
  bucket: pattern(
    '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
    'the name of a bucket: small letters, digits, `.` and `-`',
    'The bucket. Keys are read from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN: secrets, else variables.',
  ),
  region: optional(text('Its region (default: AWS_REGION, AWS_DEFAULT_REGION, else `us-east-1`).')),
  endpoint: optional(text('The address of the server (default: that of AWS in the region).')),
  prefix: prefix(
    '^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$',
    'Before the names of all objects (default `wf-cache/OWNER/NAME/`).',
  ),
})

const redis = object('The server of `store: redis`.', {
  url: text('Its address: `redis://[USER@]HOST[:PORT][/DATABASE]`, or `rediss://` for TLS.'),
  password: optional(
    named('The secret or the variable with its password (default `REDIS_PASSWORD`, where there is one).'),
  ),
  prefix: prefix(
    '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$',
    'Before the names of all keys (default `wf-cache:OWNER/NAME:`).',
  ),
})

const asked = {
  store: optional(
    choice(
      'Where results of steps are kept that declare `cache`: in a folder, in the cache of GitHub Actions, in a bucket, in Redis, or nowhere. Left out: GitHub’s on its runners, else the folder.',
      ['folder', 'github', 's3', 'redis', 'off'],
    ),
  ),
  folder: optional(
    text(
      'The folder, from the folder of the repository (default `.wf/cache`; on a runner one that ends with the job).',
    ),
  ),
  s3: optional(s3),
  redis: optional(redis),
  'max-size': optional(size('How much is kept; what was used longest ago goes first.', { default: '2GB' })),
  'max-age': optional(duration('How long something is kept that nobody uses.', { default: '30d' })),
  timeout: optional(
    duration('How long one look-up or upload may take; what takes longer is given up.', { default: '60s' }),
  ),
  sign: optional(named('The secret or the variable with which entries are signed; others are not believed.')),
  encrypt: optional(named('The secret or the variable with which entries are encrypted.')),
}

export const cache = optional(
  byType('Where results of steps are kept that declare `cache`, and how much of them.', {
    string: choice('Where they are kept.', ['folder', 'github', 'off']),
    object: object('Where they are kept, how much of them, and how.', asked),
  }),
)
