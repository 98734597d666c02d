import type { Value } from './values.ts';

/**
 * Names and their values. Blocks that jinja2 gives a frame of their own (loops, macros, captures) see what is around them, and what
 * they set ends with them; a loop's body begins anew each time.
 */
export class Scope {
  readonly #values = new Map<string, Value>();
  readonly #parent: Scope | undefined;

  constructor(parent?: Scope) {
    this.#parent = parent;
  }

  set(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  get(name: string): Value | undefined {
    let scope: Scope | undefined = this;
    while (scope) {
      const value = scope.#values.get(name);
      if (value !== undefined) return value;
      scope = scope.#parent;
    }
    return undefined;
  }
}
