import { bindPositional } from './arguments.ts';
import { entryOf } from './equality.ts';
import { type Arguments, DictView, PyDict, type Run, type Value } from './values.ts';

function view(kind: 'keys' | 'values' | 'items') {
  return (_run: Run, self: PyDict, args: Arguments): Value => {
    bindPositional(kind, args, 0, 0);
    return new DictView(self, kind);
  };
}

export const dictMethods: ReadonlyMap<string, (run: Run, self: PyDict, args: Arguments) => Value> = new Map([
  ['keys', view('keys')],
  ['values', view('values')],
  ['items', view('items')],
  [
    'get',
    (run: Run, self: PyDict, args: Arguments) => {
      const [key, otherwise] = bindPositional('get', args, 1, 2);
      const value = entryOf(run, self, key!);
      return value === undefined ? (otherwise ?? null) : value;
    },
  ],
  [
    'copy',
    (run: Run, self: PyDict, args: Arguments) => {
      bindPositional('copy', args, 0, 0);
      run.budget.items(2 * self.entries.size);
      const copy = new PyDict();
      for (const [hash, entry] of self.entries) copy.entries.set(hash, entry);
      return copy;
    },
  ],
]);
