import { clampInt } from './arguments.ts';
import { entryOf } from './equality.ts';
import { codePointStarts } from './python-text.ts';
import { templateError } from './template-errors.ts';
import { joinAll, Text } from './text.ts';
import { PyDict, PyList, PyRange, PyTuple, type Run, type Value } from './values.ts';

/** A slice's bounds as the template gave them. */
interface Slice {
  readonly start: Value | undefined;
  readonly stop: Value | undefined;
  readonly step: Value | undefined;
}

/** `value[key]`; JavaScript's undefined where Python raises TypeError or LookupError. */
export function itemOf(run: Run, value: Value, key: Value): Value | undefined {
  if (value instanceof PyDict) {
    if (key instanceof PyList || key instanceof PyDict) return undefined;
    return entryOf(run, value, key);
  }
  if (typeof key !== 'bigint' && typeof key !== 'boolean') return undefined;
  const index = clampInt(BigInt(key));
  if (value instanceof PyList || value instanceof PyTuple) return value.items.at(index);
  if (value instanceof PyRange) {
    const at = index < 0 ? index + value.size : index;
    return at >= 0 && at < value.size ? BigInt(value.start + at * value.step) : undefined;
  }
  return value instanceof Text ? characterOf(run, value, index) : undefined;
}

function characterOf(run: Run, text: Text, index: number): Text | undefined {
  run.budget.scan(text.length);
  if (text.isBmp) {
    const at = index < 0 ? index + text.length : index;
    return at >= 0 && at < text.length ? text.slice(at, at + 1) : undefined;
  }
  run.budget.items(text.length);
  const starts = codePointStarts(text.text);
  const length = starts.length - 1;
  const at = index < 0 ? index + length : index;
  return at >= 0 && at < length ? text.slice(starts[at]!, starts[at + 1]!) : undefined;
}

/** `value[start:stop:step]`; undefined where Python raises TypeError. */
export function sliceOf(run: Run, value: Value, slice: Slice): Value | undefined {
  const bounds = [slice.start, slice.stop, slice.step].map(asBound);
  if (bounds.includes('wrong')) return undefined;
  const [start, stop, step] = bounds as (number | undefined)[];
  if (value instanceof Text) return sliceText(run, value, start, stop, step);
  if (value instanceof PyList || value instanceof PyTuple) {
    const places = placesOf(value.items.length, start, stop, step);
    run.budget.items(places.count);
    const items = Array.from(
      { length: places.count },
      (_, i) => value.items[places.first + i * places.step]!,
    );
    return value instanceof PyList ? new PyList(items) : new PyTuple(items);
  }
  if (value instanceof PyRange) {
    const places = placesOf(value.size, start, stop, step);
    const first = value.start + places.first * value.step;
    const stride = value.step * places.step;
    return new PyRange(first, first + stride * places.count, stride);
  }
  return undefined;
}

function asBound(value: Value | undefined): number | undefined | 'wrong' {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'bigint' ? clampInt(value) : 'wrong';
}

function sliceText(
  run: Run,
  text: Text,
  start: number | undefined,
  stop: number | undefined,
  step: number | undefined,
): Text {
  run.budget.scan(text.length * 4);
  const starts = text.isBmp ? undefined : codePointStarts(text.text);
  if (starts) run.budget.items(starts.length);
  const unit = (at: number) => (starts ? starts[at]! : at);
  const places = placesOf(starts ? starts.length - 1 : text.length, start, stop, step);
  if (places.count === 0) return new Text('');
  if (places.step === 1) {
    const piece = text.slice(unit(places.first), unit(places.first + places.count));
    run.budget.characters(piece.length + 8 * piece.marks.length);
    return piece;
  }
  run.budget.items(places.count);
  const pieces = Array.from({ length: places.count }, (_, i) => {
    const at = places.first + i * places.step;
    return text.slice(unit(at), unit(at + 1));
  });
  return joinAll(pieces);
}

/** `slice.indices(length)`: the first place, how far apart, and how many. */
function placesOf(
  length: number,
  startBound: number | undefined,
  stopBound: number | undefined,
  stepBound: number | undefined,
): { first: number; step: number; count: number } {
  const step = stepBound ?? 1;
  if (step === 0) throw templateError('slice step cannot be zero');
  const lowest = step < 0 ? -1 : 0;
  const highest = step < 0 ? length - 1 : length;
  const place = (bound: number) => Math.min(Math.max(bound < 0 ? bound + length : bound, lowest), highest);
  const first = startBound === undefined ? (step < 0 ? highest : lowest) : place(startBound);
  const stop = stopBound === undefined ? (step < 0 ? lowest : highest) : place(stopBound);
  return { first, step, count: Math.max(0, Math.ceil((stop - first) / step)) };
}
