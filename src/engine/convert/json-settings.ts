import { type Sentence, sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';
import type { SettingRules } from './known-settings.ts';

/**
 * Typed reading of a JSON file's settings. Every complaint names the file and the setting; a setting without a
 * fallback must be there.
 */
export class JsonSettings {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #file: string;
  readonly #path: string;
  readonly #read = new Set<string>();

  constructor(values: Readonly<Record<string, unknown>>, file: string, path = '') {
    this.#values = values;
    this.#file = file;
    this.#path = path;
  }

  /** The value as it stands; JSON's null counts as absent. */
  value(name: string): unknown {
    this.#read.add(name);
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined;
  }

  /** Whether the setting is there, null or not. */
  isSaid(name: string): boolean {
    this.#read.add(name);
    return Object.hasOwn(this.#values, name);
  }

  /** A nested table. */
  section(name: string): JsonSettings {
    const value = this.value(name);
    if (typeof value !== 'object' || Array.isArray(value))
      throw this.#wrong(name, sentence`setting-is-no-table: is not a table of settings`);
    return new JsonSettings(value as Record<string, unknown>, this.#file, `${this.#path}${name}.`);
  }

  integer(name: string, least: number, most: number, fallback?: number): number {
    return this.#number(name, least, most, fallback, Number.isInteger);
  }

  real(name: string, least: number, most: number, fallback?: number): number {
    return this.#number(name, least, most, fallback, Number.isFinite);
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.value(name) ?? fallback;
    if (typeof value !== 'boolean')
      throw this.#wrong(
        name,
        sentence`setting-is-not-true-or-false: is ${{ found: JSON.stringify(value) }}, not true or false`,
      );
    return value;
  }

  /** Refuses the model as unsupported unless the setting has this value. */
  require(name: string, wanted: string | number | boolean, fallback?: string | number | boolean): void {
    const value = this.value(name) ?? fallback;
    if (value === wanted) return;
    const found = value === undefined ? 'not said' : JSON.stringify(value);
    throw checkpointError(
      'unsupported-model',
      sentence`setting-has-another-value: In ${{ file: this.#file }}, "${{ setting: this.#path + name }}" is ${{ found }}; only ${{ wanted: JSON.stringify(wanted) }} is supported`,
    );
  }

  /** Refuses, by its name, every setting that was not read and that the rules do not know or do not allow. */
  refuseOthers(rules: SettingRules): void {
    for (const [name, value] of Object.entries(this.#values)) {
      if (value === null || this.#read.has(name)) continue;
      const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
      if (rule === 'harmless' || rule?.(value)) continue;
      const what = rule
        ? sentence`setting-has-unsupported-value: is ${{ found: brief(value) }}, which is not supported`
        : sentence`setting-is-unknown: is not known, and may change the numbers`;
      throw checkpointError(
        'unsupported-model',
        sentence`setting-is-not-supported: In ${{ file: this.#file }}, "${{ setting: this.#path + name }}" ${{ what }}`,
      );
    }
  }

  #number(
    name: string,
    least: number,
    most: number,
    fallback: number | undefined,
    isRight: (value: unknown) => boolean,
  ): number {
    const value = this.value(name) ?? fallback;
    if (value === undefined) throw this.#wrong(name, sentence`setting-is-missing: is missing`);
    if (typeof value !== 'number' || !isRight(value) || value < least || value > most) {
      throw this.#wrong(
        name,
        sentence`setting-out-of-range: is ${{ found: JSON.stringify(value) }}, outside ${{ least }} to ${{ most }}`,
      );
    }
    return value;
  }

  #wrong(name: string, what: Sentence) {
    return checkpointError(
      'invalid-model',
      sentence`setting-is-wrong: In ${{ file: this.#file }}, "${{ setting: this.#path + name }}" ${{ what }}`,
    );
  }
}

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
