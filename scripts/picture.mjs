// Makes the pictures of docs/images: runs examples/shop-broken, and a change of examples/shop after runs of its base, turns comments and
// checks into HTML that looks as on GitHub, and photographs it with a headless Chromium. Run after `tsc`: `node scripts/picture.mjs [folder of the build]`.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { checkPage, commentPage } from './picture-pages.mjs'
import { withPalette } from './picture-png.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const images = join(root, 'docs/images')
const build = resolve(process.argv[2] ?? join(root, 'build'))
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const width = 960
const maxBytes = 150_000

const load = (file) => import(pathToFileURL(join(build, file)).href)

const copyOf = (example, folder) =>
  cpSync(join(root, 'examples', example), folder, {
    recursive: true,
    filter: (path) => !/[\\/](?:\.wf|reports)(?:$|[\\/])/.test(path),
  })

/** All files as they are, committed by nobody at a fixed time, so that the commit is always the same. */
function commit(folder, message) {
  const when = '2026-01-01T00:00:00Z'
  const who = { GIT_AUTHOR_DATE: when, GIT_COMMITTER_DATE: when }
  const settings = ['-c', 'user.name=wf', '-c', 'user.email=wf@example.invalid', '-c', 'commit.gpgsign=false']
  const git = (...args) => execFileSync('git', args, { cwd: folder, env: { ...process.env, ...who } })
  if (!existsSync(join(folder, '.git'))) git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git(...settings, 'commit', '--quiet', '--allow-empty', `--message=${message}`)
}

const links = { run: 'https://example.invalid/run', files: 'https://example.invalid/blob' }

async function walked(folder, options = {}) {
  const { hostPorts, run } = await load('index.js')
  const done = await run({ folder, ...options }, await hostPorts())
  if (!done.ok) throw new Error(done.problems.map(({ message }) => message).join('\n'))
  return done.value.outcome
}

async function rendered(folder, outcome) {
  const { annotationsOf, renderCheck, renderComment, renderSummary } = await load('publish/render.js')
  return {
    comment: renderComment(outcome, { stamp: { id: 1, attempt: 1 }, links }),
    check: renderCheck(outcome, links),
    summary: renderSummary(outcome),
    annotations: annotationsOf(outcome).annotations,
    source: (path) => readFileSync(join(folder, path), 'utf8'),
  }
}

async function brokenExample(folder) {
  copyOf('shop-broken', folder)
  commit(folder, 'shop')
  return rendered(folder, await walked(folder))
}

/** The shop as three runs know it, then a commit without a run, then a change: new code of which a test reaches a part. */
async function changedExample(folder) {
  const edit = (path, change) => writeFileSync(join(folder, path), change(readFileSync(join(folder, path), 'utf8')))
  copyOf('shop', folder)
  for (const n of [1, 2, 3]) {
    edit('src/main.js', (text) => `${text}console.debug(${n})\n`)
    commit(folder, `shop ${n}`)
    await walked(folder)
  }
  commit(folder, 'words')
  execFileSync('git', ['switch', '--quiet', '--create', 'presents'], { cwd: folder })
  edit('src/cart.js', (text) => text.replace('  get empty() {', `${addition}\n  get empty() {`))
  edit('test/cart.test.js', (text) => text.replace(/$/, test))
  commit(folder, 'presents')
  return rendered(folder, await walked(folder, { base: 'main' }))
}

const addition = `  /** @param {string} sku */
  has(sku) {
    return this.#lines.get(sku) != undefined
  }

  /** @param {string} sku */
  wrap(sku) {
    const line = this.#lines.get(sku)
    if (!line) return 'nothing'
    if (line.quantity > 10) return 'boxes'
    return 'paper'
  }
`

const test = `
test('knows what is in it', () => {
  assert.equal(new Cart().add('mug').has('mug'), true)
})
`

/** Chromium with a profile of its own and without any talk to the outside. */
function browse(scratch, ...args) {
  const profile = mkdtempSync(join(scratch, 'profile-'))
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  const shown = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--force-device-scale-factor=1.5']
  return execFileSync(chromium, [...shown, ...quiet, `--user-data-dir=${profile}`, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
}

/** The page tells how high it is; then it is photographed at that height. */
function photograph(scratch, name, html) {
  const page = join(scratch, `${name}.html`)
  const image = join(images, `${name}.png`)
  writeFileSync(page, html)
  const dom = browse(scratch, `--window-size=${width},1000`, '--dump-dom', pathToFileURL(page).href)
  const height = /data-height="(\d+)"/.exec(dom)?.[1]
  if (height === undefined) throw new Error(`${name}: the page does not tell its height`)
  browse(scratch, `--window-size=${width},${height}`, `--screenshot=${image}`, pathToFileURL(page).href)
  const small = withPalette(readFileSync(image))
  writeFileSync(image, small)
  const size = small.length
  if (size > maxBytes) throw new Error(`${name}.png has ${size} bytes, ${maxBytes} allowed`)
  console.log(`docs/images/${name}.png: ${width} × ${height}, ${size} bytes`)
}

if (chromium === undefined) console.log('skipped: there is no Chromium on this machine')
else {
  const scratch = mkdtempSync(join(tmpdir(), 'wf-picture-'))
  try {
    mkdirSync(images, { recursive: true })
    const example = await brokenExample(join(scratch, 'shop-broken'))
    const change = await changedExample(join(scratch, 'shop'))
    for (const theme of ['light', 'dark']) {
      photograph(scratch, `comment-${theme}`, commentPage(example, theme))
      photograph(scratch, `check-${theme}`, checkPage(example, theme))
      photograph(scratch, `change-${theme}`, commentPage(change, theme))
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
  }
}
