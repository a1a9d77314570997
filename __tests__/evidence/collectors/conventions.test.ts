import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { checkBranch } from '../../../src/evidence/collectors/conventions/branches.js'
import { checkMessage, readHeader } from '../../../src/evidence/collectors/conventions/commit-message.js'
import { gitflow, trunk, usualRules } from '../../../src/workflow/conventions.js'
import { checkEnvFile } from '../../../src/evidence/collectors/conventions/env-files.js'
import { checkInstructions } from '../../../src/evidence/collectors/conventions/instructions.js'

describe('the message of a commit', () => {
  test.each([
    'feat: allow provided config object to extend other configs',
    'feat(lang): add Polish language',
    'feat!: send an email to the customer when a product is shipped',
    'chore!: drop support for Node 6\n\nBREAKING CHANGE: use JavaScript features not available in Node 6.',
    'fix: prevent racing of requests\n\nIntroduce a request id.\n\nReviewed-by: Z\nRefs: #123',
    'FIX(api): handle 429',
    "Merge branch 'main' into topic",
    'Merge pull request #7 from org/topic',
    'revert: let us never again speak of the noodle incident\n\nRefs: 676104e, a215868',
  ])('%j is as it has to be', (message) => {
    expect(checkMessage(message, usualRules)).toEqual({ wrong: [] })
  })

  test.each([
    ['Added login', 'it does not begin with a type and a colon', 'feat: added login'],
    ['Fix crash on start', 'it does not begin with a type and a colon', 'fix: fix crash on start'],
    ['fix : crash', 'no blank stands before the colon', 'fix: crash'],
    ['feat (api): add x', 'no blank stands between type and scope', 'feat: add x'],
    ['feat:add x', 'one blank stands after the colon', 'feat: add x'],
    ['feat(): add x', 'its scope is empty', 'feat: add x'],
    ['feat: Add x.', 'a full stop stands at its end', 'feat: add x'],
    ['feature: add x', '`feature` is none of the types', 'feat: add x'],
    ['fix:', 'it has no description after the colon', 'fix: what it does'],
    ['fixup! feat: x', 'squash it before the merge', 'feat: x'],
    ['feat: x\nbody', 'a blank line has to stand before the body', 'feat: x'],
    ['feat: x\n\nBreaking change: y', 'capital letters', 'feat: x'],
    [`feat: ${'x'.repeat(120)}`, 'its first line has 126 characters', /^feat: x+…$/],
  ])('%j is told what is wrong, and shown how it could read', (message, said, instead) => {
    const { wrong, instead: shown } = checkMessage(message, usualRules)
    expect(wrong.join('; ')).toContain(said)
    if (typeof instead === 'string') expect(shown).toBe(instead)
    else expect(shown).toMatch(instead)
  })

  test('that is empty is told', () => {
    expect(checkMessage('', usualRules)).toEqual({ wrong: ['it is empty'] })
  })

  test('keeps to the types and scopes of the file', () => {
    const rules = { ...usualRules, types: ['add', 'fix'], scopes: ['api', 'ui'], scoped: true }
    expect(checkMessage('add(api): x', rules).wrong).toEqual([])
    expect(checkMessage('add: x', rules)).toEqual({ wrong: ['it has no scope'], instead: 'add(api): x' })
    expect(checkMessage('add(db): x', rules).wrong).toEqual(['`db` is none of the scopes `api`, `ui`'])
  })

  test('as it is corrected is never wrong, whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 150 }), (message) => {
        const { wrong, instead } = checkMessage(message, usualRules)
        if (wrong.length && instead !== undefined) expect(readHeader(instead)).toBeDefined()
      }),
    )
  })
})

describe('a branch', () => {
  test.each([
    ['feature/login', 'develop', undefined],
    ['feature/login', 'main', 'is merged into `develop`, not into `main`'],
    ['hotfix/1.2.1', 'main', undefined],
    ['release/1.3', 'main', undefined],
    ['develop', 'main', undefined],
    ['main', 'develop', undefined],
    ['login', 'develop', 'has none of the names'],
    ['login', null, 'has none of the names'],
    ['feature/x', null, undefined],
  ])('%s into %s by GitFlow', (from, to, said) => {
    const wrong = checkBranch(from, to, gitflow)
    if (said === undefined) expect(wrong).toBeUndefined()
    else expect(wrong).toContain(said)
  })

  test('of the trunk has a word for what it is', () => {
    expect(checkBranch('feat/login', 'main', trunk)).toBeUndefined()
    expect(checkBranch('wip', 'main', trunk)).toContain('none of the names')
  })
})

describe('a file of variables', () => {
  const example = (text: string): string[] =>
    checkEnvFile('.env.example', text).map(({ message, line }) => `${line}: ${message}`)

  test('that git tracks and that is no example is an error', () => {
    for (const path of ['.env', 'app/.env.production', '.env.local'])
      expect(checkEnvFile(path, 'A=1')).toMatchObject([{ rule: 'env-tracked', severity: 'error' }])
  })

  test.each([
    'API_KEY=',
    'API_KEY=<your key>',
    'API_KEY="changeme" # set it',
    'export TOKEN=${TOKEN}',
    'PORT=3000',
    'NODE_ENV=development',
    'DATABASE_URL=postgres://postgres:postgres@localhost:5432/app',
    'SECRET_KEY=xxxxxxxx',
    'JWT_SECRET_FILE=/run/secrets/jwt',
    '# API_KEY=sk-realsecretrealsecretreal',
  ])('holds a placeholder: %s', (line) => {
    expect(example(line)).toEqual([])
  })

  test.each([
    'API_KEY=9f8a7b6c5d4e3f2a',
    'password="Tr0ub4dor&3"',
    'NAME=ghp_abcdefghijklmnopqrstuvwxyz0123456789',
    // In two parts, so that no scanner takes this file for a leak.
    `DATABASE_URL=postgres://app:${['h8Jk', '2lQz'].join('')}@db.internal/app`,
  ])('holds a value that is none: %s', (line) => {
    const [said = ''] = example(`A=\n${line}`)
    expect(said).toMatch(/^2: the value of `\w+` is no placeholder: write `\w+=<[\w-]+>`$/)
  })
})

describe('a file of instructions', () => {
  const parse = (text: string): unknown => {
    if (text.includes('[')) throw new Error('flow is not closed\nat line 1')
    return Object.fromEntries(
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(/: ?/) as [string, string]),
    )
  }
  const check = (path: string, content: string): string[] =>
    checkInstructions(path, content, { matches: (glob) => glob === 'src/**', parse }).map(
      ({ severity, rule, line }) => `${severity} ${rule} ${line}`,
    )
  const body = `\n## What\n\n${'Write small functions with names that say what they do. '.repeat(3)}\n`
  const file = 'a.instructions.md'

  test('with all that it has to have is good', () => {
    expect(check(file, `---\napplyTo: src/**\ndescription: How we write\n---\n${body}`)).toEqual([])
    expect(check('AGENTS.md', body)).toEqual([])
  })

  test.each([
    [body, ['error front-matter 1']],
    [`---\napplyTo: [\n---\n${body}`, ['error front-matter 2']],
    [`---\ndescription: x\n---\n${body}`, ['error apply-to 2']],
    [`---\napplyTo: src/**\n---\n${body}`, ['error description 2']],
    [`---\napplyTo: lib/**\ndescription: x\n---\n${body}`, ['warning apply-to 2']],
    [`---\napplyTo: src/**\ndescription: x\n---\nshort`, ['warning headings 5', 'warning short 5']],
  ])('is told what it lacks', (content, expected) => {
    expect(check(file, content)).toEqual(expected)
  })

  test('without front matter by its nature is only warned of its content', () => {
    expect(check('docs/CLAUDE.md', 'short')).toEqual(['warning headings 1', 'warning short 1'])
  })
})
