import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { s3Url, signedHeaders } from '../../../src/engine/cache/stores/sigv4.js'

/** The examples of AWS's own documentation of Signature Version 4 for S3. */
const keys = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
const at = { region: 'us-east-1', now: Date.UTC(2013, 4, 24) }
const nothing = createHash('sha256').digest('hex')
const signature = (headers: Record<string, string>): string | undefined =>
  headers['authorization']?.split('Signature=')[1]
const endpoint = 'https://examplebucket.s3.amazonaws.com'

test.each([
  [
    'GET of an object with a range',
    { method: 'GET', url: s3Url(endpoint, 'test.txt'), headers: { Range: 'bytes=0-9' }, content: nothing },
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  ],
  [
    'PUT of an object whose name needs encoding',
    {
      method: 'PUT',
      url: s3Url(endpoint, 'test$file.text'),
      headers: { Date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      content: createHash('sha256').update('Welcome to Amazon S3.').digest('hex'),
    },
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  [
    'GET of a setting of the bucket',
    { method: 'GET', url: s3Url(endpoint, '', { lifecycle: '' }), content: nothing },
    'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  ],
  [
    'GET of a list',
    { method: 'GET', url: s3Url(endpoint, '', { 'max-keys': '2', prefix: 'J' }), content: nothing },
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  ],
])('%s is signed as AWS signs it', (_, request, expected) => {
  expect(signature(signedHeaders(request, keys, at))).toBe(expected)
})

test('the address has the path of the endpoint, and each part of the name encoded once', () => {
  expect(s3Url('http://127.0.0.1:9000/s3/', "bucket/a b/ü'+.txt", { 'continuation-token': 'a+/=' }).href).toBe(
    'http://127.0.0.1:9000/s3/bucket/a%20b/%C3%BC%27%2B.txt?continuation-token=a%2B%2F%3D',
  )
})

test('temporary keys bring their session along, signed', () => {
  const headers = signedHeaders(
    { method: 'GET', url: s3Url(endpoint, 'x'), content: nothing },
    { ...keys, session: 'token' },
    at,
  )
  expect(headers['x-amz-security-token']).toBe('token')
  expect(headers['authorization']).toContain('SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token')
})
