import { BlockList, isIPv4, isIPv6 } from 'node:net'

/**
 * Ranges that are not the public internet, by the IANA registries of special-purpose addresses: this network, private,
 * shared (CGNAT), loopback, link-local (metadata services), protocol assignments, documentation, benchmarks, multicast
 * and reserved. 168.63.129.16 is a public address behind which one cloud keeps its metadata.
 */
const ranges4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
/** Of IPv6 only 2000::/3 is public; inside of it are documentation, Teredo and 6to4, which carry addresses of IPv4. */
const public6 = '2000::/3'
const ranges6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

/** Whether an address belongs to the public internet; anything that is no address does not. */
export function isPublicAddress(address: string): boolean {
  const plain = address.replace(/%.*$/, '')
  if (isIPv4(plain)) return !lists().closed4.check(plain)
  if (!isIPv6(plain)) return false
  const carried = carriedIPv4(plain)
  if (carried !== undefined) return !lists().closed4.check(carried)
  return lists().public6.check(plain, 'ipv6') && !lists().closed6.check(plain, 'ipv6')
}

/** The address inside of one that is mapped (::ffff:0:0/96) or translated by NAT64 (64:ff9b::/96). */
function carriedIPv4(address: string): string | undefined {
  // The URL parser gives every spelling of an address one form.
  const canonical = new URL(`http://[${address}]`).hostname
  const words = /^\[(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(canonical)
  if (!words) return undefined
  return words
    .slice(1)
    .map((word) => Number.parseInt(word, 16))
    .flatMap((word) => [word >> 8, word & 255])
    .join('.')
}

let made: { closed4: BlockList; public6: BlockList; closed6: BlockList } | undefined

const lists = (): NonNullable<typeof made> =>
  (made ??= { closed4: listOf(ranges4, 'ipv4'), public6: listOf([public6], 'ipv6'), closed6: listOf(ranges6, 'ipv6') })

function listOf(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/')
    list.addSubnet(network, Number(bits), family)
  }
  return list
}
