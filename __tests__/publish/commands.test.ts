import { describe, expect, test } from '@jest/globals'
import type { Annotation } from '../../src/publish/annotations.js'
import { annotationCommands } from '../../src/publish/commands.js'
import { hostile } from './hostile.js'

const annotation = (more: Partial<Annotation> = {}): Annotation => ({
  path: 'src/a.js',
  start_line: 4,
  end_line: 4,
  level: 'failure',
  title: 'no-var (eslint)',
  message: 'Use let.',
  ...more,
})

/** A command as a runner reads it. */
function read(line: string): { name: string; properties: Record<string, string>; message: string } {
  const match = /^::(\w+) ([^\r\n]*?)::([^\r\n]*)$/.exec(line)
  if (!match) throw new Error(`no command: ${line}`)
  const [, name = '', list = '', data = ''] = match
  const plain = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
  const value = (text: string): string => plain(text.replaceAll('%3A', ':').replaceAll('%2C', ','))
  const properties = Object.fromEntries(
    list.split(',').map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), value(pair.slice(at + 1))]
    }),
  )
  return { name, properties, message: plain(data) }
}

describe('annotations as commands to a runner', () => {
  test('carry place, title and message', () => {
    const given = [
      annotation({ start_column: 3, end_column: 6 }),
      annotation({ level: 'warning', end_line: 6 }),
      annotation({ level: 'notice' }),
    ]
    expect(annotationCommands(given)).toEqual({
      commands: [
        '::error file=src/a.js,line=4,endLine=4,col=3,endColumn=6,title=no-var (eslint)::Use let.',
        '::warning file=src/a.js,line=4,endLine=6,title=no-var (eslint)::Use let.',
        '::notice file=src/a.js,line=4,endLine=4,title=no-var (eslint)::Use let.',
      ],
    })
  })

  test('are read back as they were given, whatever strangers wrote', () => {
    const texts = [...hostile, '100%0A, a: b', 'one\ntwo\r\n::error::three', 'file=x,line=1::forged']
    for (const text of texts) {
      if (text.length > 1000) continue
      const { commands } = annotationCommands([annotation({ path: 'a,b:c%.js', title: text, message: text })])
      expect(commands).toHaveLength(1)
      const { properties, message } = read(commands[0] ?? '')
      const shown = text.replaceAll('##[', '# #[')
      expect(message).toBe(shown)
      expect(properties).toEqual({ file: 'a,b:c%.js', line: '4', endLine: '4', title: shown })
    }
  })

  test('are one line each, of at most 4,096 characters, never cut within an escape or a character', () => {
    for (const text of ['%'.repeat(10_000), '\n'.repeat(10_000), '🙂'.repeat(5000), `a${'🙂%'.repeat(5000)}`]) {
      const long = annotation({
        path: 'd%,/'.repeat(250),
        title: text.slice(0, 255).replace(/[\uD800-\uDBFF]$/, ''),
        message: text,
      })
      const [command = ''] = annotationCommands([long]).commands
      expect(command.length).toBeLessThanOrEqual(4096)
      expect(command).not.toMatch(/\p{Surrogate}/u)
      const { message } = read(command)
      expect(message.endsWith('…')).toBe(true)
      expect(text.startsWith(message.slice(0, -1))).toBe(true)
      expect(command).not.toContain('##[')
    }
  })

  test('are ten of each level, and how many are not shown is said', () => {
    const level = (name: Annotation['level'], n: number): Annotation[] =>
      Array.from({ length: n }, (_, i) => annotation({ level: name, message: `${name} ${i}` }))
    const { commands, remark } = annotationCommands([
      ...level('failure', 25),
      ...level('warning', 3),
      ...level('notice', 11),
    ])
    expect(commands.filter((line) => line.startsWith('::error '))).toHaveLength(10)
    expect(commands.filter((line) => line.startsWith('::warning '))).toHaveLength(3)
    expect(commands.filter((line) => line.startsWith('::notice '))).toHaveLength(10)
    expect(commands[9]).toContain('failure 9')
    expect(remark).toBe('16 more annotations not shown: GitHub takes 10 of each level from a step')
  })
})
