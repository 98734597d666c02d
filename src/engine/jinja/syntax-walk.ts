import type { Body } from './syntax.ts';

/** A part of a tree: what has a kind. */
interface Part {
  readonly kind: string;
  readonly name?: string;
}

/**
 * Goes through all of a tree, without recursion: a chain of a thousand `+` is a thousand deep. `visit` is given each part that has a
 * kind and what holds around it, and gives what holds within, by the name of the field.
 */
export function walk<T>(body: Body, start: T, visit: (part: Part, around: T) => (field: string) => T): void {
  const waiting: [unknown, T][] = [[body, start]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [part, around] = next;
    if (part === null || typeof part !== 'object') continue;
    const within = 'kind' in part ? visit(part as Part, around) : () => around;
    for (const [field, inner] of Object.entries(part)) waiting.push([inner, within(field)]);
  }
}
