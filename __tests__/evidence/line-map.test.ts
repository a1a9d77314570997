import { expect, test } from '@jest/globals'
import { lineMap } from '../../src/evidence/line-map.js'

const diff = `diff --git a/a.js b/a.js
--- a/a.js
+++ b/a.js
@@ -1,5 +0,0 @@
-1
-2
-3
-4
-5
@@ -8 +3,2 @@ f
-8
+x
+y
@@ -10,0 +7,3 @@
+p
+q
+r
diff --git a/gone.js b/gone.js
--- a/gone.js
+++ /dev/null
@@ -1,2 +0,0 @@
-1
-2
`

test.each([
  [1, undefined],
  [6, 1],
  [7, 2],
  [8, undefined],
  [9, 5],
  [10, 6],
  [11, 10],
])('line %s stands at %s', (line, there) => {
  expect(lineMap(diff)('a.js', line)).toBe(there)
})

test('a file that is not there has no lines, one that is the same has them all', () => {
  expect(lineMap(diff)('gone.js', 1)).toBeUndefined()
  expect(lineMap(diff)('same.js', 7)).toBe(7)
})
