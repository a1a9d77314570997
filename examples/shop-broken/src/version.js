/** Written from package.json by the workflow; do not edit. */
export const version = '1.4.0'
