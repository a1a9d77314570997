import { expect, test } from '@jest/globals'
import { isPublicAddress } from '../../src/host/addresses.js'

test.each([
  ['this network', '0.0.0.0', '0.1.2.3', '::'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1'],
  ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  ['unique local', 'fc00::1', 'fd00:ec2::254'],
  ['link-local and metadata', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fec0::1', '168.63.129.16', '192.0.0.192'],
  ['shared', '100.64.0.1', '100.127.255.255', '100.100.100.200'],
  ['multicast and reserved', '224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255', 'ff02::1'],
  ['documentation and benchmarks', '192.0.2.1', '198.51.100.7', '203.0.113.9', '198.18.0.1', '2001:db8::1', '3fff::1'],
  ['IPv4 in IPv6', '::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:a00:1', '::127.0.0.1', '64:ff9b::10.0.0.1'],
  ['tunnels', '2002:7f00:1::', '2001:0:1::1', '64:ff9b:1::1'],
  ['no address', '', 'localhost', '1.2.3', '01.2.3.4', ':::1'],
])('%s is not public', (_, ...addresses) => {
  for (const address of addresses) expect([address, isPublicAddress(address)]).toEqual([address, false])
})

test('what lies beside those ranges is public', () => {
  const open4 = [
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
  ]
  const more4 = ['169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '223.255.255.255']
  const open6 = ['2606:4700::1111', '2001:4860:4860::8888', '::ffff:1.1.1.1', '64:ff9b::1.1.1.1']
  for (const address of [...open4, ...more4, ...open6])
    expect([address, isPublicAddress(address)]).toEqual([address, true])
})
