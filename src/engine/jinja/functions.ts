import { asInt, asText, bind, bindPositional } from './arguments.ts';
import { each, toArray } from './iteration.ts';
import { makeDict } from './operators.ts';
import { toText } from './printing.ts';
import { strftime } from './strftime.ts';
import { refusedByTemplate, templateError } from './template-errors.ts';
import { empty, plain, type Text } from './text.ts';
import {
  type Arguments,
  Namespace,
  PyDict,
  PyFunction,
  PyObject,
  PyRange,
  PyTuple,
  type Run,
  typeError,
  Undefined,
  undefinedUsed,
  type Value,
} from './values.ts';

/** jinja2's sandbox lets no range be longer. */
const longestRange = 100_000;

function range(_run: Run, args: Arguments): Value {
  const values = bindPositional('range', args, 1, 3);
  const [first, second, third] = values.map(value =>
    value === undefined ? undefined : asInt('range', value),
  );
  const step = third ?? 1;
  if (step === 0) throw templateError('range() arg 3 must not be zero');
  const made = second === undefined ? new PyRange(0, first!, step) : new PyRange(first!, second, step);
  if (made.size > longestRange)
    throw templateError('Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).');
  return made;
}

function dict(run: Run, args: Arguments): PyDict {
  const [source] = bindPositional('dict', { positional: args.positional, keywords: new Map() }, 0, 1);
  return makeDict(run, [
    ...pairsOf(run, source),
    ...[...args.keywords].map(([k, v]) => [plain(k), v] as const),
  ]);
}

function pairsOf(run: Run, source: Value | undefined): (readonly [Value, Value])[] {
  if (source === undefined) return [];
  if (source instanceof Undefined) throw undefinedUsed(source);
  if (source instanceof PyDict) {
    run.budget.items(2 * source.entries.size);
    return [...source.entries.values()].map(({ key, value }) => [key, value]);
  }
  const pairs: (readonly [Value, Value])[] = [];
  for (const item of each(run, source)) {
    run.budget.items(2);
    const [key, value, more] = toArray(run, item);
    if (key === undefined || value === undefined || more !== undefined)
      throw templateError('dictionary update sequence element has another length than 2');
    pairs.push([key, value]);
  }
  return pairs;
}

function namespace(run: Run, args: Arguments): Value {
  const made = new Namespace();
  for (const { key, value } of dict(run, args).entries.values())
    made.attributes.set(asText('namespace', key).text, value);
  return made;
}

/** jinja2's Cycler: one of its items after the other. */
class Cycler extends PyObject {
  readonly typeName = 'Cycler';
  #at = 0;

  constructor(readonly items: readonly Value[]) {
    super();
  }

  override attribute(name: string): Value | undefined {
    if (name === 'current') return this.items[this.#at];
    if (name === 'items') return new PyTuple(this.items);
    if (name === 'pos') return BigInt(this.#at);
    if (name === 'next') return new PyFunction('next', () => this.#next());
    if (name === 'reset') return new PyFunction('reset', () => this.#reset());
    return undefined;
  }

  #next(): Value {
    const item = this.items[this.#at]!;
    this.#at = (this.#at + 1) % this.items.length;
    return item;
  }

  #reset(): null {
    this.#at = 0;
    return null;
  }
}

/** jinja2's Joiner: nothing the first time, then its separator. */
class Joiner extends PyObject {
  readonly typeName = 'Joiner';
  readonly #between: Text;
  #isUsed = false;

  constructor(between: Text) {
    super();
    this.#between = between;
  }

  override call(_run: Run, args: Arguments): Value {
    bindPositional('joiner', args, 0, 0);
    if (this.#isUsed) return this.#between;
    this.#isUsed = true;
    return empty;
  }
}

function cycler(_run: Run, args: Arguments): Value {
  if (args.keywords.size > 0) throw typeError('cycler takes no keyword arguments');
  if (args.positional.length === 0) throw templateError('at least one item has to be provided');
  return new Cycler(args.positional);
}

function joiner(run: Run, args: Arguments): Value {
  const [separator] = bind('joiner', args, 'sep');
  return new Joiner(separator === undefined ? plain(', ') : toText(run, separator));
}

/** What transformers adds. */
function raiseException(run: Run, args: Arguments): Value {
  const [message] = bind('raise_exception', args, 'message!');
  throw refusedByTemplate(toText(run, message!).text);
}

function strftimeNow(run: Run, args: Arguments): Value {
  const [format] = bind('strftime_now', args, 'format!');
  const { text } = asText('strftime_now', format!);
  run.budget.characters(text.length * 16);
  run.budget.step(4 * text.length);
  return plain(strftime(text, run.now));
}

/** What every template can name. */
export const globals: ReadonlyMap<string, Value> = new Map(
  Object.entries({
    range,
    dict,
    namespace,
    cycler,
    joiner,
    raise_exception: raiseException,
    strftime_now: strftimeNow,
  }).map(([name, call]) => [name, new PyFunction(name, call, 'function')]),
);

/** What Python's templates find under these names changes with each run, or belongs to templates in several files. */
export const notKnownNames: readonly string[] = ['lipsum', 'self', 'super'];
