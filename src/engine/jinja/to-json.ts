import { floatRepr } from './python-numbers.ts';
import { compareText } from './python-text.ts';
import { templateError } from './template-errors.ts';
import { concat, joinAll, plain, rewrite, Text } from './text.ts';
import { PyDict, PyList, PyTuple, type Run, typeError, typeName, type Value } from './values.ts';

export interface JsonOptions {
  readonly ensureAscii: boolean;
  /** What one level is indented by; undefined for one line. */
  readonly indent: Text | undefined;
  readonly itemSeparator: Text;
  readonly keySeparator: Text;
  readonly sortKeys: boolean;
}

const quote = plain('"');

/**
 * Python's `json.dumps`, which is transformers' `tojson`; unlike jinja2's own it escapes nothing for HTML. Written texts within keep
 * their writers.
 */
export function toJson(run: Run, value: Value, options: JsonOptions, level = 0): Text {
  run.budget.step();
  if (value instanceof Text) return jsonText(run, value, options);
  if (value === null) return plain('null');
  if (typeof value === 'boolean') return plain(String(value));
  if (typeof value === 'bigint') return plain(String(value));
  if (typeof value === 'number') return plain(jsonFloat(value));
  run.budget.enter();
  let text: Text;
  if (value instanceof PyDict) text = jsonDict(run, value, options, level);
  else if (value instanceof PyList || value instanceof PyTuple) {
    const items = value.items.map(item => toJson(run, item, options, level + 1));
    text = bracketed(run, '[', items, ']', options, level);
  } else throw typeError(`Object of type ${typeName(value)} is not JSON serializable`);
  run.budget.leave();
  return text;
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? floatRepr(value) : value > 0 ? 'Infinity' : '-Infinity';
}

function jsonText(run: Run, value: Text, options: JsonOptions): Text {
  const inner = rewrite(run.budget, value, text => {
    run.budget.characters(text.length * (options.ensureAscii ? 5 : 1));
    const escaped = text.replace(/["\\]|\p{Cc}/gu, character => {
      if (character === '"' || character === '\\') return `\\${character}`;
      if (character >= '\x7f') return character;
      return shortEscapes[character] ?? unicodeEscape(character);
    });
    return options.ensureAscii ? escaped.replace(/[\x7f-\uffff]/g, unicodeEscape) : escaped;
  });
  return joinAll([quote, inner, quote]);
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function jsonDict(run: Run, dict: PyDict, options: JsonOptions, level: number): Text {
  const entries = [...dict.entries.values()];
  run.budget.items(entries.length);
  if (options.sortKeys) entries.sort((a, b) => compareKeys(a.key, b.key));
  const items = entries.map(({ key, value }) =>
    concat(run.budget, [
      jsonText(run, jsonKey(key), options),
      options.keySeparator,
      toJson(run, value, options, level + 1),
    ]),
  );
  return bracketed(run, '{', items, '}', options, level);
}

function jsonKey(key: Value): Text {
  if (key instanceof Text) return key;
  if (key === null) return plain('null');
  if (typeof key === 'boolean' || typeof key === 'bigint') return plain(String(key));
  if (typeof key === 'number') return plain(jsonFloat(key));
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function compareKeys(a: Value, b: Value): number {
  if (a instanceof Text && b instanceof Text) return compareText(a.text, b.text);
  const isNumber = (value: Value) =>
    typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean';
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b);
  throw templateError(`'<' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

function bracketed(
  run: Run,
  open: string,
  items: Text[],
  close: string,
  options: JsonOptions,
  level: number,
): Text {
  const { indent, itemSeparator } = options;
  if (items.length === 0) return plain(open + close);
  const line = (depth: number) => {
    if (!indent) return plain('');
    run.budget.characters(indent.length * depth);
    return joinAll([plain('\n'), ...Array.from({ length: depth }, () => indent)]);
  };
  const before = line(level + 1);
  const parts: Text[] = [plain(open)];
  for (const [i, item] of items.entries()) {
    if (i > 0) parts.push(itemSeparator);
    parts.push(before, item);
  }
  parts.push(line(level), plain(close));
  return concat(run.budget, parts);
}
