/** A JSON Schema. */
export interface Schema {
  readonly [keyword: string]: unknown
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  /** A parameter of the path that may hold slashes. */
  readonly multi?: true
  readonly schema: Schema
}

/** One operation of GitHub's API, as its OpenAPI description has it. */
export interface Operation {
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly body?: { readonly required: boolean; readonly schema: Schema }
  /** The schema of the JSON answer by status; `null` where none is described. */
  readonly answers: { readonly [status: string]: Schema | null }
}

/** The trimmed description: operations by GitHub's names (`checks/create`), and the schemas that they share. */
export interface Description {
  readonly operations: { readonly [id: string]: Operation }
  readonly schemas: { readonly [name: string]: Schema }
}
