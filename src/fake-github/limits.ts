import type { Json } from '../base/json.js'

type Body = { readonly [key: string]: Json | undefined }

/** What GitHub refuses beyond its schemas, by operation; from its documentation and from reports of what was refused. */
const limits: { readonly [operation: string]: (body: Body) => string[] } = {
  'checks/create': checkRun,
  'checks/update': checkRun,
  'issues/create-comment': comment,
  'issues/update-comment': comment,
  'pulls/create-review': review,
  'repos/create-commit-status': (body) => [
    ...httpAddress('target_url', body['target_url']),
    ...longest('description', body['description'], 140),
  ],
}

/** Why GitHub refuses a body that is as described; empty when it takes it. */
export function limitsOf(operation: string, body: Json): string[] {
  const limit = limits[operation]
  return limit && isObject(body) ? limit(body) : []
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Characters as GitHub counts them: code points. */
const length = (text: string): number => Array.from(text).length

const longest = (name: string, value: Json | undefined, most: number): string[] =>
  typeof value === 'string' && length(value) > most ? [`${name} is too long (maximum is ${most} characters)`] : []

const largest = (name: string, value: Json | undefined, bytes: number): string[] =>
  typeof value === 'string' && Buffer.byteLength(value) > bytes ? [`${name} is larger than ${bytes} bytes`] : []

const blank = (name: string, value: Json | undefined): string[] =>
  typeof value === 'string' && value.trim() === '' ? [`${name} can't be blank`] : []

const httpAddress = (name: string, value: Json | undefined): string[] =>
  typeof value === 'string' && !/^https?:\/\/[^/]/i.test(value) ? [`${name} must use http or https`] : []

function review({ event, body, comments }: Body): string[] {
  const needs = event === 'COMMENT' || event === 'REQUEST_CHANGES'
  const bodies = (Array.isArray(comments) ? comments : []).map((one) => (isObject(one) ? one['body'] : undefined))
  return [
    ...(needs && (typeof body !== 'string' || body.trim() === '') ? [`body is needed for ${event}`] : []),
    ...[body, ...bodies].flatMap((text) => longest('body', text, 65_536)),
    ...bodies.flatMap((text) => blank('body', text)),
  ]
}

function comment(body: Body): string[] {
  return [...blank('body', body['body']), ...longest('body', body['body'], 65_536)]
}

function checkRun(body: Body): string[] {
  const output = isObject(body['output']) ? body['output'] : {}
  const annotations = Array.isArray(output['annotations']) ? output['annotations'] : []
  return [
    ...blank('name', body['name']),
    ...httpAddress('details_url', body['details_url']),
    ...(body['status'] === 'completed' && body['conclusion'] === undefined
      ? ['conclusion is required when the status is completed']
      : []),
    ...annotations.flatMap((each, index) => (isObject(each) ? annotation(each, `output.annotations[${index}]`) : [])),
  ]
}

/** https://docs.github.com/rest/checks/runs: lines and columns count from 1, columns need one line, 64 KB of text and details. */
function annotation(each: Body, at: string): string[] {
  const { start_line: line, end_line: lastLine, start_column: column, end_column: lastColumn } = each
  const number = (value: Json | undefined): number => (typeof value === 'number' ? value : 1)
  const hasColumns = column !== undefined || lastColumn !== undefined
  return [
    ...(number(line) < 1 ? [`${at}.start_line counts from 1`] : []),
    ...(number(lastLine) < number(line) ? [`${at}.end_line comes before start_line`] : []),
    ...(hasColumns && line !== lastLine ? [`${at} has columns, and its start_line and end_line differ`] : []),
    ...(number(column) < 1 || number(lastColumn) < 1 ? [`${at} has columns that count from 1`] : []),
    ...(typeof column === 'number' && typeof lastColumn === 'number' && lastColumn < column
      ? [`${at}.end_column comes before start_column`]
      : []),
    ...longest(`${at}.title`, each['title'], 255),
    ...largest(`${at}.message`, each['message'], 65_536),
    ...largest(`${at}.raw_details`, each['raw_details'], 65_536),
  ]
}
