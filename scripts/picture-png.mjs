// Makes a screenshot small: a PNG with a palette of at most 256 colours, which a page of text hardly needs more of.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** The same picture with its most frequent colours; every other one becomes the nearest of them. */
export function withPalette(png) {
  const { width, height, channels, pixels } = decode(png)
  const counts = new Map()
  const colours = new Uint32Array(width * height)
  for (let i = 0; i < colours.length; i++) {
    const at = i * channels
    const colour = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2]
    colours[i] = colour
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const palette = frequent(counts)
  const nearest = new Map(palette.map((colour, index) => [colour, index]))
  const indexOf = (colour) => {
    const known = nearest.get(colour)
    if (known !== undefined) return known
    let best = 0
    for (let i = 1; i < palette.length; i++) if (far(colour, palette[i]) < far(colour, palette[best])) best = i
    nearest.set(colour, best)
    return best
  }
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexOf(colours[y * width + x])
  const head = Buffer.from(png.subarray(16, 29))
  // Eight bits a pixel, each the number of a colour.
  head[8] = 8
  head[9] = 3
  const table = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))
  const parts = [
    ['IHDR', head],
    ['PLTE', table],
    ['IDAT', deflateSync(rows, { level: 9 })],
    ['IEND', Buffer.alloc(0)],
  ]
  return Buffer.concat([signature, ...parts.map(([type, data]) => chunk(type, data))])
}

/** The colours that are used most, none of them hardly different from one that is used more. */
function frequent(counts) {
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || a - b).map(([colour]) => colour)
  const chosen = []
  for (const colour of sorted) {
    if (chosen.length === 256) break
    if (counts.size <= 256 || chosen.every((one) => far(one, colour) > 120)) chosen.push(colour)
  }
  return chosen
}

const far = (a, b) =>
  ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2

function decode(png) {
  const data = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const channels = png[25] === 6 ? 4 : 3
  if (png[24] !== 8 || ![2, 6].includes(png[25]) || png[28] !== 0)
    throw new Error('a PNG of a kind that is not read here')
  return { width, height, channels, pixels: unfiltered(inflateSync(Buffer.concat(data)), width * channels, channels) }
}

/** Takes back what the filter of each row did. */
function unfiltered(raw, length, channels) {
  const rows = raw.length / (length + 1)
  const out = Buffer.alloc(rows * length)
  for (let y = 0; y < rows; y++) {
    const filter = raw[y * (length + 1)]
    for (let x = 0; x < length; x++) {
      const at = y * length + x
      const left = x >= channels ? out[at - channels] : 0
      const up = y > 0 ? out[at - length] : 0
      const corner = x >= channels && y > 0 ? out[at - length - channels] : 0
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]
      out[at] = raw[y * (length + 1) + 1 + x] + guess
    }
  }
  return out
}

function paeth(left, up, corner) {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}
