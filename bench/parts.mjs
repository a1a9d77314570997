// Parts by themselves, in this process: a journal append, and substitutions with expressions parsed once. Needs build/ (`npm run build`).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostPorts } from '../build/host/index.js'
import { Journal } from '../build/journal/journal.js'
import { Environment } from '../build/workflow/expression/evaluate.js'
import { parseTemplate } from '../build/workflow/expression/template.js'
import { median, row, table } from './figures.mjs'

const ports = hostPorts()
const folder = mkdtempSync(join(tmpdir(), 'wf-bench-'))
const journal = new Journal(ports.files.append(join(folder, 'journal.jsonl')), ports.clock)
const event = {
  type: 'step.finished',
  step: 'all/s1',
  status: 'success',
  conclusion: 'success',
  attempts: 1,
  outputs: { version: '1.2.3' },
  warnings: [],
  tail: [],
}
const appends = Array.from({ length: 20_000 }, () => {
  const began = performance.now()
  journal.append(event)
  return performance.now() - began
})
journal.close()
rmSync(folder, { recursive: true })

const answers = {
  success: () => true,
  failure: () => false,
  always: () => true,
  cancelled: () => false,
  hashFiles: () => '',
}
const { template } = parseTemplate(
  "deploy ${{ steps.build.outputs.version }} to ${{ github.ref == 'refs/heads/main' && inputs.target || 'nowhere' }}",
)
const contexts = {
  steps: { build: { outputs: { version: '1.2.3' } } },
  github: { ref: 'refs/heads/main' },
  inputs: { target: 'staging' },
}
const environment = new Environment(() => ({ contexts, answers }))
const texts = 200_000
for (let i = 0; i < 10_000; i++) environment.text(template)
const began = performance.now()
for (let i = 0; i < texts; i++) environment.text(template)
const seconds = (performance.now() - began) / 1000

table('parts', [
  row('journal append, median', `${(median(appends) * 1000).toFixed(1)} µs`, 'under 100 µs'),
  row(
    'substitutions a second (two a text)',
    Math.round((2 * texts) / seconds).toLocaleString('en'),
    'at least 1,000,000',
  ),
])
