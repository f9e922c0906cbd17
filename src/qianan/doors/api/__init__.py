"""api: the programs' door, /api/v1: everything that the pages do, as JSON (docs/reference/openapi.json).

A token of a person opens it (`Authorization: Bearer …`), or the session of somebody who is signed in, with the CSRF
token. Times are ISO 8601 with their offset, names come in both languages, words in that of `Accept-Language`.
Refusals are `application/problem+json` with a stable `code`. An act carries an `Idempotency-Key`: the same again gets
the same answer. Lists are pages: `next` is the `cursor` of the following one.

`frame` is the door itself, `entry` who comes in, `paging` and `shapes` what all nouns share; `v1` has a file a noun.
"""
