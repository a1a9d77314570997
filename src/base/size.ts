const units: Record<string, number> = { KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 }

/** The grammar of a size in the workflow file: a number and `KB`, `MB` or `GB`. */
export const sizePattern = '^[0-9]+(\\.[0-9]+)?(KB|MB|GB)$'

/** `500MB`, `2GB` as bytes, by 1,024; `undefined` when it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(KB|MB|GB)$/.exec(text)
  return match ? Math.floor(Number(match[1]) * (units[match[2] ?? ''] ?? Number.NaN)) : undefined
}

/** Bytes as a person reads them: `812 bytes`, `3.4 KB`, `12 MB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`
  const [unit = 'KB', size = 1024] = Object.entries(units).findLast(([, size]) => bytes >= size) ?? []
  const value = bytes / size
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}
