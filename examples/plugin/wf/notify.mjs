import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve } from 'node:path'

/**
 * A step kind that tells people something: it appends a notice to a file of the repository, one JSON object a line, and
 * sends it to `url` when one is given. The output `number` says which notice of the file it is.
 */
export default {
  inputs: {
    type: 'object',
    required: ['title'],
    additionalProperties: false,
    properties: {
      title: { type: 'string', minLength: 1, description: 'One line: what happened.' },
      text: { type: 'string', description: 'What else there is to say.' },
      level: { enum: ['info', 'warning', 'critical'], description: 'How loud it is; `info` when not given.' },
      file: { type: 'string', description: 'Where notices are kept; `reports/notices.jsonl` when not given.' },
      url: { type: 'string', pattern: '^https?://', description: 'Where to send it, too.' },
    },
  },

  async run({ with: { title, text = '', level = 'info', file = 'reports/notices.jsonl', url }, ...step }) {
    const path = resolve(step.workspace, file)
    const inside = relative(step.workspace, path)
    if (isAbsolute(inside) || inside.startsWith('..'))
      return { ok: false, message: `${file} lies outside of the repository` }

    const notice = JSON.stringify({ level, title, text })
    if (url) {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(url, { method: 'POST', headers, body: notice, signal: step.signal })
      if (!response.ok) return { ok: false, message: `the answer was ${response.status}` }
    }
    await mkdir(dirname(path), { recursive: true })
    await appendFile(path, `${notice}\n`)
    const number = (await readFile(path, 'utf8')).trimEnd().split('\n').length
    step.log(`${level}: ${title}`)
    step.setOutput('number', String(number))
    return { ok: true }
  },
}
