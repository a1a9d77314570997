import { describe, expect, test } from '@jest/globals'
import { LiveView } from '../../src/cli/live.js'
import { renderTerminal } from '../../src/publish/render.js'
import { CaptureTerminal } from '../support/ports.js'
import { junit } from '../support/samples.js'
import { walk } from '../support/walk.js'

const token = 'corr3ct-"horse"-battery\\staple'
const key = '{\n  "private_key": "MIIEv-line-one-of-key",\n  "x": 1\n}'
const secrets = { TOKEN: token, KEY: key }
const canaries = [
  token,
  JSON.stringify(token).slice(1, -1),
  encodeURIComponent(token),
  Buffer.from(token).toString('base64'),
  'MIIEv-line-one-of-key',
]

describe('a secret', () => {
  test('reaches only the steps that name it, by variable and by expression', async () => {
    const done = await walk(
      `t:
  steps:
    - { run: named, secrets: [TOKEN, ABSENT], env: { H: "Bearer \${{ secrets.TOKEN }}", N: "<\${{ secrets.ABSENT }}>" } }
    - { run: other }`,
      { secrets, environment: { PATH: '/bin', TOKEN: token, OTHER: 'x' } },
    )
    const [named, other] = done.started
    expect(named?.env).toMatchObject({ TOKEN: token, H: `Bearer ${token}`, N: '<>' })
    expect(named?.env).not.toHaveProperty('ABSENT')
    expect(Object.values(other?.env ?? {}).join(' ')).not.toContain(token)
    expect(other?.env).toMatchObject({ OTHER: 'x' })
  })

  test('stands in no sink, wherever a step puts it', async () => {
    const cut = Array.from(`${token}\n${key}\n`)
    const done = await walk(
      `t:
  on-failure: continue
  steps:
    out: { run: leak, secrets: [TOKEN], reports: [{ path: r.xml }, { stdout: tsc }], outputs: { big: json, plain: string } }
    shown: { run: show, secrets: [TOKEN] }
    says: { needs: out, assert: "1 == 2", message: "it is \${{ steps.out.outputs.plain }}" }
    warns: { needs: out, assert: "1 == 2", level: warning, message: "\${{ steps.out.outputs.plain }}" }
    fails: { webhook: { url: "https://hook.example/?t=\${{ secrets.TOKEN }}" }, secrets: [TOKEN] }
  outputs: { o: "\${{ steps.out.outputs.plain }}" }
  gates: { types: {} }
after: { needs: t, if: always(), steps: [{ run: after, env: { P: "\${{ needs.t.outputs.o }}" } }] }`,
      {
        secrets,
        scripts: (files) => ({
          leak: ({ env }) => ({
            stdout: `src/a.ts(1,2): error TS2322: ${token} is no number\n`,
            stderr: cut,
            does: () => {
              files.write('r.xml', junit({ [`x ${token.replaceAll('"', '&quot;')}`]: 'failed' }))
              files.memory.write(
                env['GITHUB_OUTPUT'] ?? '',
                `plain=${token}\nbig=${JSON.stringify({ [token]: [token, { deep: key }] })}\n`,
              )
              files.memory.write(env['GITHUB_STEP_SUMMARY'] ?? '', `## ${token}\n`)
            },
          }),
          show: { code: 1, stdout: cut },
        }),
        with: ({ http }) => http.on(/hook/, { kind: 'network', reason: `cannot reach ${encodeURIComponent(token)}` }),
      },
    )
    const terminal = new CaptureTerminal()
    const view = new LiveView(terminal, done.ports.clock, 'lines')
    for (const line of done.lines) view.journal(line)
    for (const [step, text] of done.live) view.output(step, 'stdout', text)
    const sinks: Record<string, string> = {
      ...Object.fromEntries(Object.entries(done.ports.files.all()).filter(([path]) => path.includes('/.wf/'))),
      outcome: JSON.stringify(done.outcome),
      live: [...done.live.values()].join('\n'),
      terminal: terminal.text + renderTerminal(done.outcome, { colours: false, columns: 80 }),
    }
    expect(Object.keys(sinks).map((name) => name.replace(/^.*\/runs\/[^/]+\//, ''))).toEqual(
      expect.arrayContaining(['journal.jsonl', 'comment.md', 'summary.md', 'report.sarif', 'logs/t/t/shown.1.log']),
    )
    for (const [sink, text] of Object.entries(sinks))
      for (const canary of canaries) expect([sink, text.includes(canary)]).toEqual([sink, false])
    expect(done.live.get('t/shown')).toContain('***')
    expect(done.started.at(-1)?.env['P']).toBe(token)
  })

  test('that is one of our own words, or digits, leaves the journal whole', async () => {
    const done = await walk('t: { steps: [{ id: a, run: a, outputs: { n: number } }, { run: b }] }', {
      secrets: { A: 'success', B: 'step.finished', C: '173568', D: '000000', E: '"status"', F: '424242' },
      scripts: (files) => ({
        a: ({ env }) => ({
          stdout: 'success 424242\n',
          does: () => files.memory.write(env['GITHUB_OUTPUT'] ?? '', 'n=424242\nw=success\n'),
        }),
        b: { code: 1, stderr: 'no success with 424242\n' },
      }),
    })
    expect(done.status).toEqual({ t: 'failure', 't/a': 'success', 't/2': 'failure' })
    expect(done.step('t/2').tail).toEqual(['no *** with ***'])
    expect(done.events.find((event) => event.type === 'step.finished')).toMatchObject({
      outputs: { n: '***', w: '***' },
    })
  })
})

describe('a value that a step masks as on GitHub', () => {
  test('is nowhere from there on, whichever chunks the command came in', async () => {
    const done = await walk(`s: { steps: [{ id: a, run: mint }, { id: b, run: use }] }`, {
      scripts: {
        mint: { stdout: ['::add-ma', 'sk::minted', '%25secret\n', 'got minted%secret\n'] },
        use: { stdout: 'again minted%secret\n' },
      },
    })
    const all = JSON.stringify(done.lines) + [...done.live.values()].join('')
    expect(all).not.toContain('minted%secret')
    expect(done.live.get('s/b')).toBe('again ***\n')
  })
})
