import { describe, expect, test } from '@jest/globals'
import { walk } from '../../support/walk.js'
import type { Walk } from '../../support/walk.js'

describe('template', () => {
  const render = (template: string, more: Walk & { rest?: string } = {}) =>
    walk(`t: { steps: [{ id: a, template: { file: in.jinja, path: out/x.txt, ${more.rest ?? ''} } }] }`, {
      files: { 'in.jinja': template },
      ...more,
    })

  test('writes a file from typed values, and says whether it changed', async () => {
    const text = `t:
  steps:
    - { id: n, run: n, outputs: { n: number } }
    - id: a
      template: { file: in.jinja, path: out/x.txt, values: { name: "\${{ github.ref_name }}", n: "\${{ steps.n.outputs.n }}", list: [1, 2] } }
    - { assert: "steps.a.outputs.changed == 'true'" }`
    const done = await walk(text, {
      tracked: [],
      files: { 'in.jinja': 'Hello {{ name }}: {{ n + 1 }}{% for i in list %} {{ i }}{% endfor %}\n' },
      scripts: (files) => ({
        n: ({ env }) => ({ does: () => files.memory.write(env['GITHUB_OUTPUT'] ?? '', 'n=4\n') }),
      }),
    })
    expect(done.read('out/x.txt')).toBe('Hello main: 5 1 2\n')
    expect(done.exit).toBe(0)
    const same = await render('same\n', { files: { 'in.jinja': 'same\n', 'out/x.txt': 'same\n' } })
    expect(same.live.get('t/a')).toBe('out/x.txt is up to date\n')
  })

  test('with `check` writes nothing: that the file differs is the failure', async () => {
    const rest = 'check: true'
    const differs = await render('a\nb\n', { rest, files: { 'in.jinja': 'a\nb\n', 'out/x.txt': 'a\nc\n' } })
    expect(differs.step('t/a').reason).toBe('out/x.txt is not what its template makes: line 2 is "c", not "b"')
    expect(differs.read('out/x.txt')).toBe('a\nc\n')
    const missing = await render('a\n', { rest })
    expect(missing.step('t/a').reason).toBe('out/x.txt is not what its template makes: it does not exist')
    expect(missing.read('out/x.txt')).toBeUndefined()
    const equal = await render('a\n', { rest, files: { 'in.jinja': 'a\n', 'out/x.txt': 'a\n' } })
    expect(equal.exit).toBe(0)
  })

  test.each([
    ['one\n{{ nothing }}\n', 'in.jinja:2: `nothing` is undefined'],
    ['one\n\n{{ given.part }}\n', 'in.jinja:3: `given.part` is undefined'],
    ['one\n{% if nothing %}x{% endif %}\n', 'in.jinja:2: `nothing` is undefined'],
    ['{{ given.constructor }}', 'in.jinja:1: `given.constructor` is undefined'],
    ['one\n{{ given | }}\n', 'in.jinja:2: the template does not parse: `{{ given | }}` is no expression'],
    [
      'one\n{% for x in [] %}\n',
      'in.jinja:2: the template does not parse: `{% for %}` is not closed: add `{% endfor %}`',
    ],
    [
      '{% if 1 %}\n{% endfor %}',
      'in.jinja:2: the template does not parse: `{% endfor %}` closes nothing: `{% if %}` of line 1 is open',
    ],
    ['a\nb\n{% endif %}', 'in.jinja:3: the template does not parse: `{% endif %}` closes nothing'],
    ['{% if %}{% endif %}', 'in.jinja:1: the template does not parse: `{% if %}` does not parse'],
    ['\n{% include "x" %}', 'in.jinja:2: the template does not parse: there is no statement `include`'],
    ['\n{% else %}', 'in.jinja:2: the template does not parse: `{% else %}` stands outside of a block'],
    ['a\n{{ open', 'in.jinja:2: the template does not parse: `{{` is not closed'],
  ])('says what is wrong and where: %j', async (template, reason) => {
    const done = await render(template, { rest: 'values: { given: {} }' })
    expect(done.step('t/a').reason).toBe(reason)
    expect(done.read('out/x.txt')).toBeUndefined()
  })

  test('may ask for what is not there with `default` and `is defined`', async () => {
    const done = await render('{{ x | default("d") }} {% if x is defined %}yes{% else %}no{% endif %}')
    expect(done.read('out/x.txt')).toBe('d no')
  })

  test.each([
    '{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}',
    '{% set n = namespace(x="0123456789") %}{% for i in range(40) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}',
    '{{ range(100000000) }}',
    '{{ "x" | indent(1000000000) }}',
  ])('that asks for too much is ended: %s', async (template) => {
    const done = await render(template)
    expect(done.step('t/a').reason).toMatch(/takes too long|over 16 MB|asks for too much|at most 100000/)
  })

  test('neither reads nor writes outside of the workspace', async () => {
    const attempt = async (rest: string, more: Walk = {}) => {
      const done = await walk(`t: { steps: [{ id: a, template: { ${rest} } }] }`, more)
      expect(done.exit).toBe(1)
      return done.step('t/a').reason
    }
    expect(await attempt('text: x, path: ../x')).toBe('`../x` leads out of the repository')
    expect(await attempt('text: x, path: /etc/x')).toBe('`/etc/x` leads out of the repository')
    expect(await attempt('text: x, path: .')).toBe('`.` leads out of the repository')
    expect(await attempt('file: ../x, path: y')).toBe('`../x` leads out of the repository')
    expect(await attempt('file: none, path: y')).toBe('there is no template `none`')
    const linked: Walk = {
      with: ({ files }) => {
        files.makeFolder('/other')
        files.write('/other/in', 'x')
        files.link('/repo/way', '/other')
        files.link('/repo/file', '/other/in')
      },
    }
    expect(await attempt('text: x, path: way/x', linked)).toBe('`way/x` leads out of the repository')
    expect(await attempt('file: way/in, path: y', linked)).toBe('`way/in` leads out of the repository')
    expect(await attempt('file: file, path: y', linked)).toBe('`file` leads out of the repository')
  })
})
