import { asInt, bindPositional } from './arguments.ts';
import { isSameOrEqual } from './equality.ts';
import { templateError } from './template-errors.ts';
import { type Arguments, PyList, type PyRange, type PyTuple, type Run, type Value } from './values.ts';

type Sequence = PyList | PyTuple;

function count(run: Run, self: Sequence, args: Arguments): Value {
  const [wanted] = bindPositional('count', args, 1, 1);
  return BigInt(self.items.filter(item => isSameOrEqual(run, item, wanted!)).length);
}

function index(run: Run, self: Sequence, args: Arguments): Value {
  const [wanted, start, stop] = bindPositional('index', args, 1, 3);
  const { length } = self.items;
  const place = (value: Value | undefined, otherwise: number) => {
    const at = value === undefined ? otherwise : asInt('index', value);
    return at < 0 ? Math.max(0, at + length) : Math.min(at, length);
  };
  for (let i = place(start, 0); i < place(stop, length); i += 1)
    if (isSameOrEqual(run, self.items[i]!, wanted!)) return BigInt(i);
  throw templateError('a value that is not in the list');
}

export const tupleMethods: ReadonlyMap<string, (run: Run, self: PyTuple, args: Arguments) => Value> = new Map(
  [
    ['count', count],
    ['index', index],
  ],
);

export const listMethods: ReadonlyMap<string, (run: Run, self: PyList, args: Arguments) => Value> = new Map([
  ['count', count],
  ['index', index],
  [
    'copy',
    (run: Run, self: Sequence, args: Arguments) => {
      bindPositional('copy', args, 0, 0);
      run.budget.items(self.items.length);
      return new PyList([...self.items]);
    },
  ],
]);

export function rangeAttributes(range: PyRange, name: string): Value | undefined {
  if (name === 'start') return BigInt(range.start);
  if (name === 'stop') return BigInt(range.stop);
  if (name === 'step') return BigInt(range.step);
  return undefined;
}
