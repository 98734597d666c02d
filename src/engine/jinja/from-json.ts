import { templateError } from './template-errors.ts';
import { plain, Text } from './text.ts';
import { PyDict, PyList, type Value } from './values.ts';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

const deepest = 100;

/** Makes template values of plain ones, and counts their characters. Whole numbers become ints, as JSON has them. */
export class JsonReader {
  /** UTF-16 units of all texts, and some for every other value. */
  characters = 0;

  /** Everything but the role is marked as written by its message; so are the names within. */
  messages(messages: readonly Readonly<Record<string, JsonValue | undefined>>[]): PyList {
    return new PyList(
      messages.map((message, i) => {
        const dict = new PyDict();
        for (const [name, value] of Object.entries(message)) {
          const isRole = name === 'role' && typeof value === 'string';
          if (value !== undefined) this.#add(dict, plain(name), this.value(value, isRole ? undefined : i));
        }
        return dict;
      }),
    );
  }

  /** @param message who wrote the texts in it; none for a plain value */
  value(json: JsonValue, message?: number, depth = 0): Value {
    if (depth > deepest) throw templateError('a value nested too deeply');
    this.characters += 8;
    if (json === null || typeof json === 'boolean') return json;
    if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json;
    if (typeof json === 'string') return this.#text(json, message);
    if (Array.isArray(json))
      return new PyList(json.map(item => this.value(item as JsonValue, message, depth + 1)));
    const dict = new PyDict();
    for (const [name, value] of Object.entries(json as Record<string, JsonValue | undefined>))
      if (value !== undefined)
        this.#add(dict, this.#text(name, message), this.value(value, message, depth + 1));
    return dict;
  }

  #text(text: string, message: number | undefined): Text {
    this.characters += text.length;
    return message === undefined ? plain(text) : Text.writtenBy(message, text);
  }

  #add(dict: PyDict, key: Text, value: Value): void {
    dict.entries.set(`s${key.text}`, { key, value });
  }
}
