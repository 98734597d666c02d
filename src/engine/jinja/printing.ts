import { floatRepr } from './python-numbers.ts';
import { escapedWithin } from './python-text.ts';
import { unknownConstruct } from './template-errors.ts';
import { concat, empty, joinAll, plain, rewrite, Text } from './text.ts';
import {
  DictView,
  Markup,
  Namespace,
  PyDict,
  PyList,
  type PyObject,
  PyRange,
  PyTuple,
  type Run,
  Undefined,
  type Value,
} from './values.ts';

const openTuple = plain('(');
const comma = plain(', ');
const colon = plain(': ');

/** `str(value)`, which is what printing gives. */
export function toText(run: Run, value: Value): Text {
  if (value instanceof Text) return value;
  if (value instanceof Undefined) return empty;
  if (value instanceof Markup) return value.text;
  return repr(run, value);
}

/** `repr(value)`. Written texts within keep their writers. */
export function repr(run: Run, value: Value): Text {
  run.budget.step();
  if (value instanceof Text) return reprText(run, value);
  if (value === null) return plain('None');
  if (typeof value === 'boolean') return plain(value ? 'True' : 'False');
  if (typeof value === 'number') return plain(floatRepr(value));
  if (typeof value === 'bigint') {
    run.budget.step(4);
    return plain(String(value));
  }
  run.budget.enter();
  const text = reprObject(run, value);
  run.budget.leave();
  return text;
}

function reprText(run: Run, value: Text): Text {
  const quote = plain(value.text.includes("'") && !value.text.includes('"') ? '"' : "'");
  const inner = rewrite(run.budget, value, text => escapedWithin(text, quote.text));
  return joinAll([quote, inner, quote]);
}

function reprObject(run: Run, value: PyObject): Text {
  if (value instanceof PyList) return reprItems(run, plain('['), value.items, plain(']'));
  if (value instanceof PyTuple)
    return reprItems(run, openTuple, value.items, plain(value.items.length === 1 ? ',)' : ')'));
  if (value instanceof PyDict) return reprDict(run, value);
  if (value instanceof DictView) {
    const open = plain(`${value.typeName}([`);
    if (value.kind === 'items') {
      const pairs = [...value.dict.entries.values()].map(entry => new PyTuple([entry.key, entry.value]));
      return reprItems(run, open, pairs, plain('])'));
    }
    const items = [...value.dict.entries.values()].map(entry =>
      value.kind === 'keys' ? entry.key : entry.value,
    );
    return reprItems(run, open, items, plain('])'));
  }
  if (value instanceof PyRange) {
    const step = value.step === 1 ? '' : `, ${value.step}`;
    return plain(`range(${value.start}, ${value.stop}${step})`);
  }
  if (value instanceof Undefined) return plain('Undefined');
  if (value instanceof Namespace) {
    const dict = new PyDict();
    for (const [name, item] of value.attributes) dict.entries.set(name, { key: plain(name), value: item });
    return concat(run.budget, [plain('<Namespace '), repr(run, dict), plain('>')]);
  }
  const shown = value.shown?.(run);
  if (shown !== undefined) return shown;
  throw unknownConstruct(`printing a ${value.typeName}`);
}

function reprItems(run: Run, open: Text, items: readonly Value[], close: Text): Text {
  const parts: Text[] = [open];
  for (const [i, item] of items.entries()) {
    if (i > 0) parts.push(comma);
    parts.push(repr(run, item));
  }
  parts.push(close);
  return concat(run.budget, parts);
}

function reprDict(run: Run, dict: PyDict): Text {
  const parts: Text[] = [plain('{')];
  for (const { key, value } of dict.entries.values()) {
    if (parts.length > 1) parts.push(comma);
    parts.push(repr(run, key), colon, repr(run, value));
  }
  parts.push(plain('}'));
  return concat(run.budget, parts);
}
