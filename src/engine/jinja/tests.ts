import { asText, bindPositional } from './arguments.ts';
import { characterClasses } from './character-classes.ts';
import { asNumber, equals } from './equality.ts';
import { filters, notKnownFilters } from './filters.ts';
import { isIterable, lengthOf } from './iteration.ts';
import { binary, compare, contains } from './operators.ts';
import { toText } from './printing.ts';
import type { Comparison } from './syntax.ts';
import { unknownConstruct } from './template-errors.ts';
import { Text } from './text.ts';
import {
  type Arguments,
  DictView,
  Markup,
  PyDict,
  PyObject,
  type Run,
  Undefined,
  type Value,
} from './values.ts';

type Test = (run: Run, value: Value, args: Arguments) => boolean;

function ofValue(name: string, test: (value: Value, run: Run) => boolean): [string, Test] {
  return [
    name,
    (run, value, args) => {
      bindPositional(name, args, 0, 0);
      return test(value, run);
    },
  ];
}

function withOther(name: string, test: (run: Run, value: Value, other: Value) => boolean): [string, Test] {
  return [
    name,
    (run, value, args) => {
      const [other] = bindPositional(name, args, 1, 1);
      return test(run, value, other!);
    },
  ];
}

function comparing(operator: Comparison, ...names: string[]): [string, Test][] {
  return names.map(name => withOther(name, (run, value, other) => compare(run, operator, value, other)));
}

function leaves(run: Run, value: Value, divisor: Value, rest: bigint): boolean {
  return equals(run, binary(run, '%', value, divisor), rest);
}

function isCased(run: Run, value: Value, test: 'islower' | 'isupper'): boolean {
  const text = toText(run, value);
  run.budget.step(text.length / 4);
  return characterClasses.get(test)!(text.text);
}

/** Whether two values are one object, where Python's memory does not decide it. */
function isSame(value: Value, other: Value): boolean {
  const dependsOnMemory = (one: Value) =>
    one instanceof Text || typeof one === 'number' || (typeof one === 'bigint' && (one < -5n || one > 256n));
  if (dependsOnMemory(value) && dependsOnMemory(other))
    throw unknownConstruct('the test sameas of texts or numbers');
  return value === other;
}

function isSequence(value: Value, run: Run): boolean {
  if (value instanceof DictView || value instanceof Markup) return value instanceof Markup;
  return lengthOf(run, value) !== undefined && isIterable(value);
}

function isCallable(value: Value): boolean {
  if (value instanceof Undefined) return true;
  return value instanceof PyObject && value.call !== undefined;
}

/** All of jinja2's tests. */
export const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
  withOther('divisibleby', (run, value, other) => leaves(run, value, other, 0n)),
  ofValue('odd', (value, run) => leaves(run, value, 2n, 1n)),
  ofValue('even', (value, run) => leaves(run, value, 2n, 0n)),
  ofValue('defined', value => !(value instanceof Undefined)),
  ofValue('undefined', value => value instanceof Undefined),
  ofValue('none', value => value === null),
  ofValue('boolean', value => typeof value === 'boolean'),
  ofValue('false', value => value === false),
  ofValue('true', value => value === true),
  ofValue('integer', value => typeof value === 'bigint'),
  ofValue('float', value => typeof value === 'number'),
  ofValue('number', value => asNumber(value) !== undefined),
  ofValue('string', value => value instanceof Text || value instanceof Markup),
  ofValue('mapping', value => value instanceof PyDict),
  ofValue('sequence', isSequence),
  ofValue('iterable', value => isIterable(value) || value instanceof Markup),
  ofValue('callable', isCallable),
  ofValue('escaped', value => value instanceof Markup),
  ofValue('lower', (value, run) => isCased(run, value, 'islower')),
  ofValue('upper', (value, run) => isCased(run, value, 'isupper')),
  ofValue(
    'filter',
    value =>
      filters.has(asText('filter', value).text) || notKnownFilters.includes(asText('filter', value).text),
  ),
  ofValue('test', value => tests.has(asText('test', value).text)),
  withOther('sameas', (_run, value, other) => isSame(value, other)),
  withOther('in', (run, value, other) => contains(run, other, value)),
  ...comparing('==', '==', 'eq', 'equalto'),
  ...comparing('!=', '!=', 'ne'),
  ...comparing('>', '>', 'gt', 'greaterthan'),
  ...comparing('>=', '>=', 'ge'),
  ...comparing('<', '<', 'lt', 'lessthan'),
  ...comparing('<=', '<=', 'le'),
]);
