import { lineReader, pathPart, remarkOf } from './lines.js'

const plain = new RegExp(String.raw`^${pathPart}:(\d+):(\d+): ([A-Z]{1,10}\d{1,5}) (.*)$`)
const bracketed = new RegExp(String.raw`^${pathPart}:(\d+): \[([A-Z]{1,10}\d{1,5}|invalid-syntax)\] (.*)$`)
const tool = 'Flake8'

/** `flake8`, pycodestyle's lines too, and its `--format=pylint`. It knows no severities: what it prints, it fails for. */
export const flake8 = lineReader({
  format: 'flake8',
  recognised: 'lines `file:1:2: E501 message`, or `file:1: [E501] message`',
  proven: 'Flake8 7.5 (default, pylint, --count, --statistics, --show-source)',
  tool,
  remark(line) {
    const placed = plain.exec(line)
    if (placed) {
      const [, file, row, column, rule, message] = placed
      return remarkOf({ tool, rule, severity: 'error', message, file, line: row, column })
    }
    const found = bracketed.exec(line)
    return found
      ? remarkOf({ tool, rule: found[3], severity: 'error', message: found[4], file: found[1], line: found[2] })
      : undefined
  },
  own: /^\d+ +[A-Z]{1,10}\d{1,5} |^\s*\^/,
  claim(line) {
    return /^\d+$/.test(line) ? [{ count: Number(line) }] : undefined
  },
  failed: /^usage: flake8|^flake8: error: |^There was a critical error/,
})
