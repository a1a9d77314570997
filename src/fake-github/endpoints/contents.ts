import type { Json } from '../../base/json.js'
import { json, notFound, refusal } from '../answer.js'
import type { Answer } from '../answer.js'
import type { Call, Endpoint } from '../call.js'
import { filesOf, resolveRef } from '../graph.js'
import { apiOf, siteOf } from '../shapes/addresses.js'
import { blobSha } from '../shapes/commit.js'

/** Up to this size GitHub sends a file within JSON; a larger one must be asked for as raw. */
const inJson = 1_048_576

function get(call: Call): Answer {
  const { repository, params, query, accept } = call
  const ref = query.get('ref') ?? repository.default_branch
  const sha = resolveRef(repository, ref)
  if (sha === undefined) return refusal(404, `No commit found for the ref ${ref}`)
  const files = filesOf(repository.commits, sha)
  const path = (params['path'] ?? '').replaceAll(/^\/+|\/+$/g, '')
  const content = Object.hasOwn(files, path) ? files[path] : undefined
  if (content === undefined) return folder(call, ref, path, files)
  if (/application\/vnd\.github\.(v3\.)?raw/.test(accept))
    return {
      status: 200,
      raw: { type: 'application/vnd.github.raw+json; charset=utf-8', bytes: Buffer.from(content) },
    }
  const small = Buffer.byteLength(content) <= inJson
  return json(200, {
    ...entry(call, ref, path, content),
    encoding: small ? 'base64' : 'none',
    content: small ? wrapped(Buffer.from(content).toString('base64')) : '',
  })
}

/** GitHub breaks base64 into lines of 60 characters. */
const wrapped = (text: string): string => text.replaceAll(/.{1,60}/g, '$&\n')

function folder(call: Call, ref: string, path: string, files: { readonly [path: string]: string }): Answer {
  const prefix = path === '' ? '' : `${path}/`
  const names = Object.keys(files)
    .filter((file) => file.startsWith(prefix))
    .map((file) => file.slice(prefix.length).split('/')[0] ?? '')
  if (names.length === 0) return notFound()
  const entries = [...new Set(names)].sort().map((name) => entry(call, ref, prefix + name, files[prefix + name]))
  return json(200, entries)
}

/** A file, or a folder where there is no content. */
function entry(
  { world, repository }: Call,
  ref: string,
  path: string,
  content: string | undefined,
): { [key: string]: Json } {
  const isFile = content !== undefined
  const sha = blobSha(content ?? path)
  const address = path.split('/').map(encodeURIComponent).join('/')
  const self = `${apiOf(world, repository)}/contents/${address}?ref=${encodeURIComponent(ref)}`
  const git = `${apiOf(world, repository)}/git/${isFile ? 'blobs' : 'trees'}/${sha}`
  const html = `${siteOf(world, repository)}/${isFile ? 'blob' : 'tree'}/${ref}/${address}`
  return {
    type: isFile ? 'file' : 'dir',
    name: path.split('/').at(-1) ?? '',
    path,
    sha,
    size: Buffer.byteLength(content ?? ''),
    url: self,
    git_url: git,
    html_url: html,
    download_url: isFile ? `${siteOf(world, repository)}/raw/${ref}/${address}` : null,
    _links: { self, git, html },
  }
}

/** Files and folders at a branch, a tag or a commit. */
export const contents: readonly Endpoint[] = [
  { operation: 'repos/get-content', permission: 'contents=read', handle: get },
]
