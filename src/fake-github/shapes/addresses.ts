import type { Repository } from '../state.js'
import type { World } from '../world.js'

/** The address of a repository in the API. */
export const apiOf = ({ url }: World, { full_name }: Pick<Repository, 'full_name'>): string =>
  `${url}/repos/${full_name}`

/** The address of a repository for people. */
export const siteOf = ({ site }: World, { full_name }: Pick<Repository, 'full_name'>): string => `${site}/${full_name}`

/** GitHub's opaque id of anything. */
export const nodeId = (kind: string, id: number | string): string => Buffer.from(`${kind}:${id}`).toString('base64')
