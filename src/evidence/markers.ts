import { stripControls } from '../base/text.js'

/** How many markers one test may have, and how long each is; what is over that is none. */
const maxMarkers = 50
const maxLength = 200

/** A test without markers, which most are. */
export const noMarkers: readonly string[] = []

/** Whether a property of this name tells markers, in formats that have no field for them. */
export const tellsMarkers = (name: string | undefined): boolean =>
  name !== undefined && /^(?:(?:tag|mark|marker|label)s?|category|categories|cmake_labels)$/i.test(name)

/** A list with the markers of a property behind it: `integration`, `slow, @e2e`. */
export const withMarkers = (markers: readonly string[], value: string | undefined): readonly string[] =>
  value === undefined || markers.length >= maxMarkers ? markers : [...markers, ...value.split(/[,;]/, maxMarkers)]

/**
 * Markers in a title, as people of Mocha, Playwright and Cypress write them: a word behind `@` that begins the title or follows a space.
 * Names of packages (`@scope/name`) are none.
 */
export const markersInTitle = (title: string | undefined): readonly string[] =>
  title?.includes('@')
    ? [...title.matchAll(/(?:^|[\s([])@(\w[\w:.-]{0,199})(?![\w:.\-/(])/g)].map(([, name = '']) =>
        name.replace(/[.:]{1,199}$/, ''),
      )
    : noMarkers

/** Each marker once, in the order of the alphabet. */
export function markerSet(markers: readonly string[]): readonly string[] {
  if (markers.length === 0) return noMarkers
  const names = markers
    .map((name) => stripControls(name).trim().replace(/^@/, ''))
    .filter((name) => name !== '' && name.length <= maxLength)
  return [...new Set(names)].sort().slice(0, maxMarkers)
}

/** The field of a test that has any. */
export const markedWith = (markers: readonly string[]): { markers?: string[] } =>
  markers.length > 0 ? { markers: [...markers] } : {}
