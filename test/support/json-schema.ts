/** As much of JSON Schema (draft 2020-12) as the schemas in `docs` use. What one says beyond that is a problem too. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Schema {
  [keyword: string]: unknown;
}

/** Of `docs`, by its name there. */
export function readSchema(name: string): Schema {
  return JSON.parse(
    readFileSync(join(import.meta.dirname, '..', '..', 'docs', `${name}.schema.json`), 'utf8'),
  );
}

/** Where a value is not what a schema says, a line each: "/regions/0/shape: ...". */
export function schemaProblems(value: unknown, schema: Schema, root: Schema = schema, at = ''): string[] {
  return Object.entries(schema).flatMap(([keyword, wanted]) => {
    const check = keywords[keyword];
    if (!check) return described.has(keyword) ? [] : [`${at}: the schema says "${keyword}"`];
    return check(value, wanted as never, { root, at, schema });
  });
}

interface Place {
  root: Schema;
  at: string;
  schema: Schema;
}

type Check = (value: unknown, wanted: never, place: Place) => string[];

const described = new Set(['$schema', '$defs', 'title', 'description', 'format', 'contentEncoding']);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const problem = (isFine: boolean, { at }: Place, words: string) => (isFine ? [] : [`${at}: ${words}`]);
const typeOf = (value: unknown) =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : (typeof value as string);

function isOfType(value: unknown, type: string): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeOf(value) === type;
}

const keywords: Record<string, Check> = {
  type: (value, wanted: string | string[], place) =>
    problem(
      [wanted].flat().some(type => isOfType(value, type)),
      place,
      `is ${typeOf(value)}, not ${[wanted].flat().join(' or ')}`,
    ),
  const: (value, wanted: unknown, place) => problem(value === wanted, place, `is not ${String(wanted)}`),
  enum: (value, wanted: unknown[], place) => problem(wanted.includes(value), place, 'is none of its values'),
  pattern: (value, wanted: string, place) =>
    problem(typeof value !== 'string' || new RegExp(wanted, 'u').test(value), place, `is not like ${wanted}`),
  maxLength: (value, wanted: number, place) =>
    problem(typeof value !== 'string' || [...value].length <= wanted, place, 'is too long'),
  minimum: (value, wanted: number, place) =>
    problem(typeof value !== 'number' || value >= wanted, place, `is less than ${wanted}`),
  maximum: (value, wanted: number, place) =>
    problem(typeof value !== 'number' || value <= wanted, place, `is more than ${wanted}`),
  minItems: (value, wanted: number, place) =>
    problem(!Array.isArray(value) || value.length >= wanted, place, 'has too few items'),
  maxItems: (value, wanted: number, place) =>
    problem(!Array.isArray(value) || value.length <= wanted, place, 'has too many items'),
  required: (value, wanted: string[], place) =>
    isObject(value)
      ? wanted.flatMap(name => problem(Object.hasOwn(value, name), place, `has no ${name}`))
      : [],
  properties: (value, wanted: Record<string, Schema>, { root, at }) =>
    isObject(value)
      ? Object.entries(wanted).flatMap(([name, schema]) =>
          Object.hasOwn(value, name) ? schemaProblems(value[name], schema, root, `${at}/${name}`) : [],
        )
      : [],
  items: (value, wanted: Schema, { root, at }) =>
    Array.isArray(value)
      ? value.flatMap((each, place) => schemaProblems(each, wanted, root, `${at}/${place}`))
      : [],
  oneOf: (value, wanted: Schema[], place) => {
    const tried = wanted.map(each => schemaProblems(value, each, place.root, place.at));
    const fitting = tried.filter(problems => problems.length === 0).length;
    return problem(fitting === 1, place, `fits ${fitting} of its forms, not one`);
  },
  $ref: (value, wanted: string, { root, at }) => {
    const path = wanted.replace('#/', '').split('/');
    const found = path.reduce<unknown>((within, name) => (within as Schema)[name], root);
    return schemaProblems(value, found as Schema, root, at);
  },
};
