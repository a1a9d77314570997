import { byKey, byType, duration, flag, listOf, named, object, optional, template, text, whole } from './define.js'

const within = optional(duration('How long it may take to be ready; then the step has failed.', { default: '30s' }))
const interval = optional(duration('The wait between two looks.', { default: '250ms' }))

const ready = named(
  'ready',
  byKey(
    'When the steps that need it begin; as soon as it has started when not given.',
    {
      http: object('It answers requests.', {
        http: template('step', 'Where it answers; this machine and private networks are allowed.', {
          'x-example': 'http://127.0.0.1:3000/health',
        }),
        status: optional(
          byType('The expected status or statuses; any of 200 to 299 when not given.', {
            integer: whole('A status.', 100),
            array: listOf('Any of these.', whole('A status.', 100), 1),
          }),
        ),
        within,
        interval,
      }),
      tcp: object('It accepts connections.', {
        tcp: byType('Where: a host and a port, or a port of this machine.', {
          string: template('step', 'A host and a port: `127.0.0.1:5432`.'),
          integer: whole('A port of this machine.', 1),
        }),
        within,
        interval,
      }),
      log: object('It has printed a line.', {
        log: text('A line that it prints holds this pattern, which RE2 reads: no look-around, no back-references.', {
          'x-example': 'listening on',
        }),
        within,
      }),
    },
    '`ready` needs one of `http`, `tcp` or `log`',
    { 'x-say': 'write `ready: { http: http://127.0.0.1:3000/health }`, `{ tcp: 5432 }` or `{ log: listening }`' },
  ),
)

/** The keys of a step that goes on while others run. */
export const background = {
  background: optional(
    flag(
      'It goes on while the steps that need it run, such as a server for tests, and is stopped when its stage ends, after `finally`. Only for `run`.',
      { default: false },
    ),
  ),
  ready: optional(ready),
}
