// The pages that scripts/picture.mjs photographs: Markdown as HTML, in a frame that looks as GitHub's does.
import { readFileSync } from 'node:fs'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

const style = readFileSync(new URL('picture.css', import.meta.url), 'utf8')

/** The HTML among it (`<details>`, `<code>`, hidden comments) is ours: what strangers write is escaped. */
const markdown = (text) =>
  micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true })

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const page = (theme, body) => `<!doctype html>
<html data-theme="${theme}"><head><meta charset="utf-8"><style>${style}</style></head>
<body><main>${body}</main>
<script>document.documentElement.dataset.height = Math.ceil(document.querySelector('main').getBoundingClientRect().height)</script>
</body></html>
`

/** The comment below a pull request. */
export const commentPage = ({ comment }, theme) =>
  page(
    theme,
    `<div class="talk"><div class="avatar">wf</div>
<article class="box"><header><b>github-actions</b> <span class="label">bot</span> commented now</header>
<div class="markdown">${markdown(comment)}</div></article></div>`,
  )

const icons = { success: '✓', failure: '✕', neutral: '■', cancelled: '⊘' }
const levels = { failure: 'Check failure', warning: 'Check warning', notice: 'Notice' }

/** The check: its title and summary, and some of its annotations below the lines that they are about. */
export function checkPage({ check, annotations, source }, theme) {
  const shown = annotations.filter(({ path }) => /^(?:src|test)\//.test(path)).slice(0, 3)
  return page(
    theme,
    `<article class="box"><header class="check"><span class="icon ${check.conclusion}">${icons[check.conclusion]}</span>
<div><b>${escaped(check.name)}</b><p>${escaped(check.title)}</p></div></header>
<div class="markdown">${markdown(check.summary)}</div></article>
<h5>Annotations on the files of the change (${shown.length} of ${annotations.length})</h5>
${shown.map((one) => annotated(one, source(one.path), check.name)).join('\n')}`,
  )
}

const around = 3

function annotated({ path, start_line, level, title, message }, text, check) {
  const from = Math.max(0, start_line - around)
  const lines = text.split('\n').slice(from, start_line)
  const rows = lines.map((line, i) => `<tr><td>${from + i + 1}</td><td><pre>${escaped(line)}</pre></td></tr>`)
  return `<article class="box"><header class="path">${escaped(path)}</header>
<table class="code">${rows.join('')}</table>
<div class="annotation ${level}"><small>${levels[level]} on line ${start_line} in ${escaped(path)} · ${escaped(check)}</small>
<b>${escaped(title)}</b><pre>${escaped(message)}</pre></div></article>`
}
