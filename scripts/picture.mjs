// Makes the pictures of docs/images: runs examples/shop-broken, turns its comment and its check into HTML that looks as
// on GitHub, and photographs it with a headless Chromium. Run after `tsc`: `node scripts/picture.mjs [folder of the build]`.
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

/** A copy of the example, committed by nobody at a fixed time, so that its commit is always the same. */
function copyOfExample(folder) {
  cpSync(join(root, 'examples/shop-broken'), folder, {
    recursive: true,
    filter: (path) => !/[\\/](?:\.wf|reports)(?:$|[\\/])/.test(path),
  })
  const when = '2026-01-01T00:00:00Z'
  const who = { GIT_AUTHOR_DATE: when, GIT_COMMITTER_DATE: when }
  const settings = ['-c', 'user.name=wf', '-c', 'user.email=wf@example.invalid', '-c', 'commit.gpgsign=false']
  for (const args of [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '--all'],
    [...settings, 'commit', '--quiet', '--message=shop'],
  ])
    execFileSync('git', args, { cwd: folder, env: { ...process.env, ...who } })
}

async function renderedExample(folder) {
  const { hostPorts, run } = await load('index.js')
  const { annotationsOf, renderCheck, renderComment } = await load('publish/render.js')
  copyOfExample(folder)
  const walked = await run({ folder }, await hostPorts())
  if (!walked.ok) throw new Error(walked.problems.map(({ message }) => message).join('\n'))
  const { outcome } = walked.value
  const links = { run: 'https://example.invalid/run', files: 'https://example.invalid/blob' }
  return {
    comment: renderComment(outcome, { stamp: { id: 1, attempt: 1 }, links }),
    check: renderCheck(outcome, links),
    annotations: annotationsOf(outcome).annotations,
    source: (path) => readFileSync(join(folder, path), 'utf8'),
  }
}

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
    const example = await renderedExample(join(scratch, 'shop-broken'))
    for (const theme of ['light', 'dark']) {
      photograph(scratch, `comment-${theme}`, commentPage(example, theme))
      photograph(scratch, `check-${theme}`, checkPage(example, theme))
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
  }
}
