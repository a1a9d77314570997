/** An API from which each pair differs. */
export const shop = `openapi: 3.0.3
info: { title: shop, version: 1.2.0 }
security: [{ key: [] }]
paths:
  /orders:
    get:
      operationId: listOrders
      summary: lists
      parameters:
        - { in: query, name: limit, schema: { type: integer, format: int64, maximum: 100 } }
        - { in: query, name: state, schema: { type: string, enum: [open, sent] } }
      responses:
        '200':
          description: orders
          headers: { x-total: { required: true, schema: { type: integer } } }
          content:
            application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Order' } } }
            text/csv: { schema: { type: string } }
        '404': { description: none }
    post:
      operationId: addOrder
      summary: adds
      requestBody:
        content:
          application/json: { schema: { $ref: '#/components/schemas/NewOrder' } }
          application/xml: { schema: { type: string } }
      responses:
        '201': { description: added }
        '202': { description: later }
  /orders/{id}:
    delete:
      operationId: dropOrder
      summary: drops
      deprecated: true
      x-sunset: '2026-01-01'
      security: [{ login: [write] }]
      parameters: [{ in: path, name: id, required: true, schema: { type: string } }]
      responses: { '204': { description: gone } }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: x-key }
    login:
      type: oauth2
      flows: { clientCredentials: { tokenUrl: 'https://shop.example/t', scopes: { read: reads, write: writes } } }
  schemas:
    NewOrder:
      type: object
      required: [item]
      properties:
        item: { type: string, minLength: 1, maxLength: 40 }
        count: { type: integer, nullable: true }
        note: { type: string }
        kind: { oneOf: [{ $ref: '#/components/schemas/Gift' }, { $ref: '#/components/schemas/Sale' }] }
    Gift: { type: object, required: [to], properties: { to: { type: string } } }
    Sale: { type: object, required: [price], properties: { price: { type: number } } }
    Order:
      type: object
      required: [id, item]
      properties:
        id: { type: string }
        item: { type: string }
        price: { type: integer }
        state: { type: string, enum: [open, sent] }
        parent: { $ref: '#/components/schemas/Order' }
        contact: { allOf: [{ $ref: '#/components/schemas/Gift' }, { type: object, properties: { phone: { type: string } } }] }
`

/** What changes, as replaced text, and what is told: severity, rule, and a part of the message. */
export type Row = readonly [what: string, edits: readonly (readonly [string, string])[], told: readonly string[]]

export const rows: readonly Row[] = [
  ['nothing', [], []],
  ['words for people only', [['summary: lists', 'summary: tells all']], []],
  // Requests.
  ['an operation is removed', [['    post:', '    x-post:']], ['error operation-removed `POST /orders`']],
  [
    'a path is called anew',
    [['  /orders:', '  /bestellungen:']],
    ['error operation-removed `GET /orders`', 'error operation-removed `POST /orders`'],
  ],
  ['an operation whose sunset is over is removed', [['    delete:', '    x-delete:']], ['warning same-version']],
  [
    'a deprecated operation goes before its sunset',
    [
      ["x-sunset: '2026-01-01'", "x-sunset: '2027-01-01'"],
      ['    delete:', '    x-delete:'],
    ],
    ['error operation-removed `DELETE /orders/{id}`'],
  ],
  [
    'a path parameter has another name',
    [
      ['/orders/{id}', '/orders/{order}'],
      ['in: path, name: id', 'in: path, name: order'],
    ],
    ['warning same-version'],
  ],
  [
    'a required parameter is new',
    [
      [
        '        - { in: query, name: state',
        '        - { in: query, name: shop, required: true, schema: { type: string } }\n        - { in: query, name: state',
      ],
    ],
    ['error parameter-added the query parameter `shop` is new and required'],
  ],
  [
    'a required parameter with a default is new',
    [
      [
        '        - { in: query, name: state',
        '        - { in: query, name: shop, required: true, schema: { type: string, default: a } }\n        - { in: query, name: state',
      ],
    ],
    ['error parameter-added `shop` is new and required'],
  ],
  [
    'a parameter becomes required',
    [['name: limit,', 'name: limit, required: true,']],
    ['error parameter-required the query parameter `limit`'],
  ],
  [
    'a parameter is removed',
    [['        - { in: query, name: state, schema: { type: string, enum: [open, sent] } }\n', '']],
    ['warning parameter-removed `state`', 'warning same-version'],
  ],
  [
    'a parameter takes any text instead of numbers',
    [['{ type: integer, format: int64, maximum: 100 }', '{ type: string }']],
    ['warning same-version'],
  ],
  [
    'a parameter takes more types',
    [['{ type: integer, format: int64, maximum: 100 }', '{ type: number }']],
    ['warning same-version'],
  ],
  [
    'a format becomes narrower',
    [['format: int64', 'format: int32']],
    ['error format-changed had `format: int64` and has `int32` now'],
  ],
  ['a most is lowered', [['maximum: 100', 'maximum: 50']], ['error bound-tightened had `maximum` 100 and has 50 now']],
  ['a most is raised', [['maximum: 100', 'maximum: 500']], ['warning same-version']],
  [
    'a value of a parameter goes',
    [['name: state, schema: { type: string, enum: [open, sent]', 'name: state, schema: { type: string, enum: [open]']],
    ['error enum-value-removed no longer takes `"sent"`'],
  ],
  [
    'a value of a parameter comes',
    [
      [
        'name: state, schema: { type: string, enum: [open, sent]',
        'name: state, schema: { type: string, enum: [open, sent, paid]',
      ],
    ],
    ['warning same-version'],
  ],
  [
    'a body becomes required',
    [['      requestBody:\n', '      requestBody:\n        required: true\n']],
    ['error body-required optional and is required now'],
  ],
  [
    'a media type of a request goes',
    [['          application/xml: { schema: { type: string } }\n', '']],
    ['error media-type-removed it no longer takes `application/xml`'],
  ],
  [
    'a property of a request becomes required',
    [['required: [item]', 'required: [item, note]']],
    ['error property-required `note` was optional and is required now'],
  ],
  [
    'a required property of a request is new',
    [
      ['required: [item]', 'required: [item, by]'],
      ['        note:', '        by: { type: string }\n        note:'],
    ],
    ['error property-required `by` is new and required'],
  ],
  [
    'an optional property of a request is new',
    [['        note:', '        by: { type: string }\n        note:']],
    ['warning same-version'],
  ],
  [
    'a required property of a request becomes optional',
    [['required: [item]', 'required: []']],
    ['warning same-version'],
  ],
  [
    'a property of a request is removed',
    [['        note: { type: string }\n', '']],
    ['warning property-dropped `note` is no longer named', 'warning same-version'],
  ],
  [
    'a request takes no other properties any more',
    [['      required: [item]', '      additionalProperties: false\n      required: [item]']],
    ['error closed no longer takes properties that it does not name'],
  ],
  ['null is refused', [['nullable: true', 'nullable: false']], ['error null-refused `count` no longer takes null']],
  ['a length is tightened', [['maxLength: 40', 'maxLength: 20']], ['error bound-tightened `maxLength` 40 and has 20']],
  [
    'a pattern is new',
    [['note: { type: string }', "note: { type: string, pattern: '^a' }"]],
    ['error pattern-added `note` has to fit `^a` now'],
  ],
  [
    'an alternative of a request goes',
    [["oneOf: [{ $ref: '#/components/schemas/Gift' }, { $ref", 'oneOf: [{ $ref']],
    ['error alternative-removed `kind` no longer takes `Gift`'],
  ],
  [
    'an alternative of a request comes',
    [
      [
        "oneOf: [{ $ref: '#/components/schemas/Gift' }",
        "oneOf: [{ type: integer }, { $ref: '#/components/schemas/Gift' }",
      ],
    ],
    ['warning same-version'],
  ],
  [
    'an alternative asks for more',
    [['required: [price]', 'required: [price, tax]']],
    ['error property-required `kind.tax` is new and required'],
  ],
  // Responses.
  [
    'a success goes',
    [["        '202': { description: later }\n", '']],
    ['error status-removed the response 202 is removed'],
  ],
  ['a failure goes', [["        '404': { description: none }\n", '']], ['warning same-version']],
  [
    'a media type of a response goes',
    [['            text/csv: { schema: { type: string } }\n', '']],
    ['error media-type-removed the response 200 is no longer `text/csv`'],
  ],
  [
    'a header of a response goes',
    [['          headers: { x-total: { required: true, schema: { type: integer } } }\n', '']],
    ['error header-removed the header `x-total` is removed'],
  ],
  [
    'a required property of a response goes',
    [
      ['required: [id, item]', 'required: [item]'],
      ['        id: { type: string }\n', ''],
    ],
    ['error property-removed `[].id` was always there and is removed'],
  ],
  [
    'a property of a response becomes optional',
    [['required: [id, item]', 'required: [id]']],
    ['error property-optional `[].item` was always there and is optional now'],
  ],
  [
    'an optional property of a response goes',
    [['        price: { type: integer }\n        state', '        state']],
    ['warning property-removed `[].price` was there at times and is removed', 'warning same-version'],
  ],
  [
    'a property of a response is new',
    [['        price: { type: integer }\n', '        price: { type: integer }\n        tax: { type: integer }\n']],
    ['warning same-version'],
  ],
  [
    'a type of a response widens',
    [['price: { type: integer }\n        state', 'price: { type: number }\n        state']],
    ['error type-widened `[].price` was integer and is number now'],
  ],
  [
    'a type of a response narrows',
    [
      ['price: { type: number } }', 'price: { type: number, nullable: true } }'],
      ['        id: { type: string }', '        id: { type: string, maxLength: 9 }'],
    ],
    ['warning same-version'],
  ],
  [
    'a value of a response comes',
    [
      [
        '        state: { type: string, enum: [open, sent] }',
        '        state: { type: string, enum: [open, sent, paid] }',
      ],
    ],
    ['warning enum-value-added `[].state` may be `"paid"` now', 'warning same-version'],
  ],
  [
    'a value of a response goes',
    [['        state: { type: string, enum: [open, sent] }', '        state: { type: string, enum: [open] }']],
    ['warning same-version'],
  ],
  [
    'a response may be null',
    [['item: { type: string }\n        price', 'item: { type: string, nullable: true }\n        price']],
    ['error null-added `[].item` may be null now'],
  ],
  [
    'what is laid together asks for less',
    [['Gift: { type: object, required: [to],', 'Gift: { type: object,']],
    ['error property-optional `[].contact.to` was always there and is optional now'],
  ],
  // Security.
  [
    'a scheme is asked for besides',
    [['security: [{ key: [] }]', 'security: [{ key: [], login: [] }]']],
    ['error security-added `GET /orders`', 'error security-added `POST /orders`'],
  ],
  [
    'a scope is asked for besides',
    [['security: [{ login: [write] }]', 'security: [{ login: [write, read] }]']],
    ['error security-added `login` (write, read) now'],
  ],
  [
    'another scheme is enough as well',
    [['security: [{ key: [] }]', 'security: [{ key: [] }, { login: [] }]']],
    ['warning same-version'],
  ],
  [
    'everybody may call it',
    [['security: [{ login: [write] }]', 'security: []']],
    ['warning security-removed', 'warning same-version'],
  ],
  // Versions.
  [
    'something breaks in a new major version',
    [
      ['version: 1.2.0', 'version: 2.0.0'],
      ['    post:', '    x-post:'],
    ],
    [],
  ],
  [
    'something breaks in a new minor version',
    [
      ['version: 1.2.0', 'version: 1.3.0'],
      ['    post:', '    x-post:'],
    ],
    ['error operation-removed'],
  ],
  [
    'something comes in a new minor version',
    [
      ['version: 1.2.0', 'version: 1.3.0'],
      ['maximum: 100', 'maximum: 500'],
    ],
    [],
  ],
  ['a version goes back', [['version: 1.2.0', 'version: 1.1.0']], ['warning version-lowered']],
]

/** The document after edits, each of which has to fit. */
export const edited = (edits: Row[1], text = shop): string =>
  edits.reduce((all, [from, to]) => {
    if (!all.includes(from)) throw new Error(`the document has no \`${from}\``)
    return all.replace(from, to)
  }, text)
