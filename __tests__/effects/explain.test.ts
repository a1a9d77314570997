import { describe, expect, test } from '@jest/globals'
import { explain } from '../../src/effects/explain.js'

const refused = (status: number, permissions?: string) =>
  ({
    ok: false,
    kind: 'refused',
    status,
    message: 'no',
    ...(permissions === undefined ? {} : { permissions }),
  }) as const
const own = { foreign: false }

describe('why something could not be posted', () => {
  test.each([
    [undefined, 'checks: write'],
    ['checks=read', 'checks: write'],
    ['issues=read; checks=write', 'checks: write'],
    ['security_events=write,contents=read', 'security-events: write`, `contents: read'],
  ])('names the permission that is missing, of the header %j', (header, said) => {
    expect(explain(refused(403, header), 'checks: write', own)).toMatchObject({
      mend: `add \`${said}\` to the job's \`permissions:\``,
    })
  })

  test('tells a fork to let another workflow post', () => {
    expect(explain(refused(403), 'checks: write', { foreign: true }).mend).toContain('`workflow_run`')
  })

  test('tells a wrong token, a limit, and a GitHub that is down apart', () => {
    const said = [
      refused(401),
      { ok: false, kind: 'limited', message: 'wait' } as const,
      { ok: false, kind: 'network', message: 'GitHub answered 502' } as const,
      { ok: false, kind: 'cancelled', message: '' } as const,
      refused(409),
    ].map((failure) => explain(failure, 'checks: write', own).reason)
    expect(said).toEqual([
      'GitHub does not know the token: no',
      "GitHub's rate limit was reached: wait",
      'GitHub answered 502',
      'there was no time left to wait for GitHub',
      'GitHub refused it with 409: no',
    ])
  })
})
