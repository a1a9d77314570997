// Made by scripts/generate.mjs from the definitions in src/language; do not edit.
/** Another one for each language: what was checked against one is not known to fit another. */
export const languageVersion = 'ecb54d61e872ba78'
