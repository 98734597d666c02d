/** Reads typed fields of a JSON object and says where it failed. */
export class Fields {
  readonly #values: Record<string, unknown>;
  readonly #where: string;

  constructor(data: unknown, where: string) {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) {
      throw new TypeError(`${where} must be an object`);
    }
    this.#values = data as Record<string, unknown>;
    this.#where = where;
  }

  fail(name: string, what: string): never {
    throw new TypeError(`${this.#where}.${name} ${what}`);
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  string(name: string): string {
    const value = this.#values[name];
    return typeof value === 'string' && value !== '' ? value : this.fail(name, 'must be a text');
  }

  boolean(name: string): boolean {
    const value = this.#values[name];
    return typeof value === 'boolean' ? value : this.fail(name, 'must be true or false');
  }

  number(name: string): number {
    const value = this.#values[name];
    return typeof value === 'number' ? value : this.fail(name, 'must be a number');
  }

  positive(name: string): number {
    const value = this.number(name);
    return Number.isSafeInteger(value) && value > 0
      ? value
      : this.fail(name, 'must be a positive whole number');
  }

  array(name: string): unknown[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value : this.fail(name, 'must be a list');
  }

  strings(name: string): string[] {
    const values = this.array(name);
    return values.every(value => typeof value === 'string')
      ? values
      : this.fail(name, 'must be a list of texts');
  }

  object(name: string): Fields {
    return new Fields(this.#values[name], `${this.#where}.${name}`);
  }

  objects(name: string): Fields[] {
    return this.array(name).map((item, index) => new Fields(item, `${this.#where}.${name}[${index}]`));
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.#values[name];
    const found = allowed.find(option => option === value);
    return found ?? this.fail(name, `must be one of ${allowed.join(', ')}`);
  }

  url(name: string, baseUrl: string): string {
    const value = this.string(name);
    // Relative to the page, so that a copy of the site works from any folder and asks no other host.
    return value.startsWith('./') ? new URL(value, baseUrl).href : this.fail(name, 'must start with ./');
  }
}
