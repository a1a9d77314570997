import { createHash } from 'node:crypto'
import type { Json } from '../../base/json.js'
import type { Author, Token } from '../state.js'
import { isoTime } from '../world.js'
import type { World } from '../world.js'
import { nodeId } from './addresses.js'

/** The ids that GitHub really uses, by login; others follow from the login. */
const knownUsers: { readonly [login: string]: number } = { 'github-actions[bot]': 41898282 }
const knownApps: { readonly [login: string]: number } = { 'github-actions[bot]': 15368 }

const numberOf = (text: string): number => createHash('sha1').update(text).digest().readUInt32BE(0) >>> 1

/** The id of the app behind a bot. */
export const appId = (login: string): number => knownApps[login] ?? numberOf(`app ${login}`)

/** Whom a token acts for. */
export const authorOf = ({ login, kind }: Token): Author => ({ login, type: kind === 'user' ? 'User' : 'Bot' })

/** A `simple-user`. */
export function userShape({ url, site }: World, { login, type }: Author): { [key: string]: Json } {
  const id = knownUsers[login] ?? numberOf(login)
  const name = encodeURIComponent(login)
  const api = `${url}/users/${name}`
  const page = type === 'Bot' ? `${site}/apps/${slugOf(login)}` : `${site}/${name}`
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `${site}/avatars/${id}`,
    gravatar_id: '',
    url: api,
    html_url: page,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type,
    site_admin: false,
  }
}

const slugOf = (login: string): string => login.replace(/\[bot\]$/, '')

/** An `integration`: the app behind a bot. */
export function appShape(world: World, login: string): { [key: string]: Json } {
  const id = appId(login)
  const slug = slugOf(login)
  return {
    id,
    slug,
    node_id: nodeId('App', id),
    owner: userShape(world, { login: 'github', type: 'User' }),
    name: slug,
    description: null,
    external_url: `${world.site}/apps/${slug}`,
    html_url: `${world.site}/apps/${slug}`,
    created_at: isoTime(0),
    updated_at: isoTime(0),
    permissions: { checks: 'write', contents: 'read', metadata: 'read' },
    events: [],
  }
}
