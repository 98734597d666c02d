import { type Sentence, sentence } from '../sentence.ts';
import { quoted, quoteName } from './gguf-cursor.ts';
import type { Properties } from './gguf-metadata.ts';
import type { GgufValue } from './gguf-types.ts';

/**
 * What a reader does with one property of its architecture: it is read; it changes no number; or it may only have a
 * value at which the model computes what it would compute without it.
 */
export type PropertyRule = 'read' | 'harmless' | ((value: GgufValue) => boolean);

export const isZero: PropertyRule = value => value === 0;
export const isOne: PropertyRule = value => value === 1;
export const isNo: PropertyRule = value => value === false;
export const isYes: PropertyRule = value => value === true;

/**
 * Refuses, by its name, every property `namespace.*` that the rules (by the rest of the name) do not know or do not
 * allow: a setting that is overlooked would make other numbers without a word.
 */
export function refuseUnknownProperties(
  file: Properties,
  namespace: string,
  rules: Readonly<Record<string, PropertyRule>>,
  refuse: (what: Sentence) => never,
): void {
  for (const [key, value] of file.metadata) {
    if (!key.startsWith(`${namespace}.`)) continue;
    const name = key.slice(namespace.length + 1);
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined)
      refuse(
        sentence`property-is-unknown: The property ${{ property: quoted(key) }} is not known, and may change what is computed`,
      );
    if (typeof rule === 'function' && !rule(value)) {
      refuse(
        sentence`property-is-not-supported: The property ${{ property: quoted(key) }} is ${{ found: describe(value) }}, which is not supported`,
      );
    }
  }
}

function describe(value: GgufValue): string {
  if (typeof value === 'string') return quoteName(value);
  return typeof value === 'object' ? 'a list' : String(value);
}
