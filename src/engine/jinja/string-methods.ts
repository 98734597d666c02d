import { asInt, asText, bind, bindPositional } from './arguments.ts';
import { formatBraces, formatMap } from './brace-format.ts';
import { characterClasses } from './character-classes.ts';
import { each } from './iteration.ts';
import { capitalize, caseFold, swapCase, titleCase } from './letter-case.ts';
import { repeatText } from './operators.ts';
import { codePointStarts } from './python-text.ts';
import { templateError } from './template-errors.ts';
import { concat, empty, plain, rewrite, Text } from './text.ts';
import {
  find,
  piece,
  replace,
  split,
  splitBlanks,
  splitBlanksRight,
  splitLines,
  splitRight,
  strip,
} from './text-pieces.ts';
import { type Arguments, PyList, PyTuple, type Run, typeError, typeName, type Value } from './values.ts';

/** Python's methods of `str`. */
type Method = (run: Run, self: Text, args: Arguments) => Value;

/** @param work steps for each character */
function rewriting(name: string, change: (text: string) => string, work: number): [string, Method] {
  return [
    name,
    (run, self, args) => {
      bindPositional(name, args, 0, 0);
      run.budget.step(self.length * work);
      return rewrite(run.budget, self, change);
    },
  ];
}

function stripping(name: string, ends: 'both' | 'left' | 'right'): [string, Method] {
  return [
    name,
    (run, self, args) => {
      const [characters] = bindPositional(name, args, 0, 1);
      return strip(run.budget, self, optionalText(name, characters), ends);
    },
  ];
}

function optionalText(name: string, value: Value | undefined): Text | undefined {
  return value === undefined || value === null ? undefined : asText(name, value);
}

function splitting(name: string, isRight: boolean): [string, Method] {
  return [
    name,
    (run, self, args) => {
      const [separatorValue, mostValue] = bind(name, args, 'sep', 'maxsplit');
      const separator = optionalText(name, separatorValue);
      const limit = mostValue === undefined ? -1 : asInt(name, mostValue);
      const most = limit < 0 ? undefined : limit;
      const { budget } = run;
      if (!separator) return new PyList((isRight ? splitBlanksRight : splitBlanks)(budget, self, most));
      return new PyList((isRight ? splitRight : split)(budget, self, separator, most));
    },
  ];
}

/** Where a method looks, in UTF-16 units: its bounds are in code points, and count from the end where negative. */
function bounds(run: Run, self: Text, start: Value | undefined, end: Value | undefined): [number, number] {
  run.budget.scan(self.length * 4);
  const starts = self.isBmp ? undefined : codePointStarts(self.text);
  const length = starts ? starts.length - 1 : self.length;
  const place = (value: Value | undefined, otherwise: number) => {
    if (value === undefined || value === null) return otherwise;
    const at = asInt('index', value);
    return at < 0 ? Math.max(0, at + length) : at;
  };
  const first = place(start, 0);
  const unit = (at: number) => (starts ? starts[Math.min(at, length)]! : Math.min(at, length));
  // Beyond the end nothing is found, not even an empty text.
  return [first > length ? self.length + 1 : unit(first), unit(place(end, length))];
}

function finding(name: string, direction: 'first' | 'last', mustFind: boolean): [string, Method] {
  return [
    name,
    (run, self, args) => {
      const [wanted, start, end] = bindPositional(name, args, 1, 3);
      const at = find(run.budget, self, asText(name, wanted!), ...bounds(run, self, start, end), direction);
      if (at < 0 && mustFind) throw templateError('substring not found');
      return BigInt(at);
    },
  ];
}

function testingEnd(name: string, isEnd: boolean): [string, Method] {
  return [
    name,
    (run, self, args) => {
      const [wanted, startValue, endValue] = bindPositional(name, args, 1, 3);
      const [start, end] = bounds(run, self, startValue, endValue);
      if (start > end) return false;
      const within = self.text.slice(start, end);
      const candidates = wanted instanceof PyTuple ? wanted.items : [wanted!];
      return candidates.some(candidate => {
        const { text } = asText(name, candidate);
        run.budget.scan(text.length);
        return isEnd ? within.endsWith(text) : within.startsWith(text);
      });
    },
  ];
}

function count(run: Run, self: Text, args: Arguments): Value {
  const [wanted, startValue, endValue] = bindPositional('count', args, 1, 3);
  const sought = asText('count', wanted!);
  const [start, end] = bounds(run, self, startValue, endValue);
  if (start > end) return 0n;
  const within = self.slice(start, end);
  if (sought.length === 0) return BigInt(within.codePoints + 1);
  return BigInt(split(run.budget, within, sought, undefined).length - 1);
}

function partitioning(name: string, isRight: boolean): [string, Method] {
  return [
    name,
    (run, self, args) => {
      const [separatorValue] = bindPositional(name, args, 1, 1);
      const separator = asText(name, separatorValue!);
      if (separator.length === 0) throw templateError('empty separator');
      run.budget.scan(self.length, separator.length);
      const at = isRight ? self.text.lastIndexOf(separator.text) : self.text.indexOf(separator.text);
      if (at < 0) return new PyTuple(isRight ? [empty, empty, self] : [self, empty, empty]);
      const behind = at + separator.length;
      const { budget } = run;
      return new PyTuple([
        piece(budget, self, 0, at),
        piece(budget, self, at, behind),
        piece(budget, self, behind, self.length),
      ]);
    },
  ];
}

export function join(run: Run, separator: Text, values: Iterable<Value>): Text {
  const parts: Text[] = [];
  for (const value of values) {
    run.budget.items(2);
    if (!(value instanceof Text))
      throw typeError(`sequence item ${parts.length}: expected str instance, ${typeName(value)} found`);
    if (parts.length > 0) parts.push(separator);
    parts.push(value);
  }
  return concat(run.budget, parts);
}

/** Pads to a width in code points. `share`: how much of the padding goes in front. */
export function pad(
  run: Run,
  self: Text,
  width: number,
  fill: Text,
  share: (padding: number) => number,
): Text {
  run.budget.scan(self.length * 2);
  const padding = width - self.codePoints;
  if (padding <= 0) return self;
  const front = share(padding);
  const side = (count: number) => repeatText(run, fill, BigInt(count));
  return concat(run.budget, [side(front), self, side(padding - front)]);
}

/** CPython gives the odd one to the left where the width is odd. */
export function centerShare(width: number): (padding: number) => number {
  return padding => Math.floor(padding / 2) + (padding & width & 1);
}

function padding(name: string, share: (width: number) => (padding: number) => number): [string, Method] {
  return [
    name,
    (run, self, args) => {
      const [widthValue, fillValue] = bindPositional(name, args, 1, 2);
      const width = asInt(name, widthValue!);
      const fill = fillValue === undefined ? plain(' ') : asText(name, fillValue);
      if (fill.codePoints !== 1) throw typeError('The fill character must be exactly one character long');
      return pad(run, self, width, fill, share(width));
    },
  ];
}

function zfill(run: Run, self: Text, args: Arguments): Value {
  const [width] = bindPositional('zfill', args, 1, 1);
  const signLength = /^[+-]/.test(self.text) ? 1 : 0;
  const padded = asInt('zfill', width!) - signLength;
  const digits = pad(run, self.slice(signLength), padded, plain('0'), all => all);
  return concat(run.budget, [self.slice(0, signLength), digits]);
}

function expandTabs(run: Run, self: Text, args: Arguments): Value {
  const [sizeValue] = bind('expandtabs', args, 'tabsize');
  const size = sizeValue === undefined ? 8 : asInt('expandtabs', sizeValue);
  let column = 0;
  const parts: Text[] = [];
  for (const match of self.text.matchAll(/\t|[\n\r]|[^\t\n\r]+/g)) {
    run.budget.items(1);
    const part = self.slice(match.index, match.index + match[0].length);
    if (match[0] === '\t') {
      const width = size <= 0 ? 0 : size - (column % size);
      parts.push(repeatText(run, plain(' '), BigInt(width)));
      column += width;
    } else {
      parts.push(part);
      column = /[\n\r]/.test(match[0]) ? 0 : column + part.codePoints;
    }
  }
  return concat(run.budget, parts);
}

function replaceMethod(run: Run, self: Text, args: Arguments): Value {
  const [old, fresh, limit] = bindPositional('replace', args, 2, 3);
  const most = limit === undefined ? -1 : asInt('replace', limit);
  const [wanted, put] = [asText('replace', old!), asText('replace', fresh!)];
  return replace(run.budget, self, wanted, put, most < 0 ? undefined : most);
}

function removing(name: string, isSuffix: boolean): [string, Method] {
  return [
    name,
    (run, self, args) => {
      const [value] = bindPositional(name, args, 1, 1);
      const { text } = asText(name, value!);
      if (isSuffix)
        return text !== '' && self.text.endsWith(text)
          ? piece(run.budget, self, 0, self.length - text.length)
          : self;
      return self.text.startsWith(text) ? piece(run.budget, self, text.length, self.length) : self;
    },
  ];
}

function splitLinesMethod(run: Run, self: Text, args: Arguments): Value {
  const [keepEnds] = bind('splitlines', args, 'keepends');
  return new PyList(
    splitLines(run.budget, self, keepEnds !== undefined && asInt('splitlines', keepEnds) !== 0),
  );
}

export const stringMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  rewriting('capitalize', capitalize, 2),
  rewriting('casefold', caseFold, 2),
  rewriting('lower', text => text.toLowerCase(), 1 / 4),
  rewriting('swapcase', swapCase, 2),
  rewriting('title', titleCase, 2),
  rewriting('upper', text => text.toUpperCase(), 1 / 4),
  stripping('strip', 'both'),
  stripping('lstrip', 'left'),
  stripping('rstrip', 'right'),
  splitting('split', false),
  splitting('rsplit', true),
  ['splitlines', splitLinesMethod],
  partitioning('partition', false),
  partitioning('rpartition', true),
  removing('removeprefix', false),
  removing('removesuffix', true),
  ['replace', replaceMethod],
  finding('find', 'first', false),
  finding('rfind', 'last', false),
  finding('index', 'first', true),
  finding('rindex', 'last', true),
  ['count', count],
  testingEnd('startswith', false),
  testingEnd('endswith', true),
  [
    'join',
    (run, self, args) => {
      const [items] = bindPositional('join', args, 1, 1);
      return join(run, self, each(run, items!));
    },
  ],
  padding('center', centerShare),
  padding('ljust', () => () => 0),
  padding('rjust', () => all => all),
  ['zfill', zfill],
  ['expandtabs', expandTabs],
  ['format', formatBraces],
  ['format_map', formatMap],
  ...[...characterClasses].map(([name, test]): [string, Method] => [
    name,
    (run, self, args) => {
      bindPositional(name, args, 0, 0);
      run.budget.step(self.length / 4);
      return test(self.text);
    },
  ]),
]);
