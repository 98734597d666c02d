import { bindPositional } from './arguments.ts';
import { isSameOrEqual } from './equality.ts';
import { lengthOf } from './iteration.ts';
import { templateError } from './template-errors.ts';
import { plain, type Text } from './text.ts';
import {
  type Arguments,
  PyFunction,
  PyObject,
  PyTuple,
  type Run,
  typeError,
  Undefined,
  type Value,
} from './values.ts';

/** jinja2's `loop`. It looks one item ahead, and at all of them where the length is asked for. */
export class Loop extends PyObject {
  readonly typeName = 'LoopContext';
  readonly #run: Run;
  readonly #iterable: Value;
  readonly #iterator: Iterator<Value>;
  readonly #recurse: ((iterable: Value, depth: number) => Text) | undefined;
  readonly #depth0: number;
  #ahead: Value[] = [];
  #aheadAt = 0;
  #length: number | undefined;
  #index0 = -1;
  #before: Value | undefined;
  #current: Value | undefined;
  #last: Value | undefined;

  constructor(
    run: Run,
    iterable: Value,
    iterator: Iterator<Value>,
    recurse: ((iterable: Value, depth: number) => Text) | undefined,
    depth0: number,
  ) {
    super();
    this.#run = run;
    this.#iterable = iterable;
    this.#iterator = iterator;
    this.#recurse = recurse;
    this.#depth0 = depth0;
  }

  /** The next item; undefined at the end. */
  next(): Value | undefined {
    const item = this.#aheadAt < this.#ahead.length ? this.#ahead[this.#aheadAt++] : this.#pull();
    if (item === undefined) return undefined;
    this.#index0 += 1;
    this.#before = this.#current;
    this.#current = item;
    return item;
  }

  #pull(): Value | undefined {
    const next = this.#iterator.next();
    return next.done ? undefined : next.value;
  }

  #peek(): Value | undefined {
    if (this.#aheadAt >= this.#ahead.length) {
      const item = this.#pull();
      this.#ahead = item === undefined ? [] : [item];
      this.#aheadAt = 0;
    }
    return this.#ahead[this.#aheadAt];
  }

  override length(): number {
    this.#length ??= lengthOf(this.#run, this.#iterable) ?? this.#countAhead();
    return this.#length;
  }

  #countAhead(): number {
    for (let item = this.#pull(); item !== undefined; item = this.#pull()) {
      this.#run.budget.items(1);
      this.#ahead.push(item);
    }
    return this.#index0 + 1 + this.#ahead.length - this.#aheadAt;
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'index':
        return BigInt(this.#index0 + 1);
      case 'index0':
        return BigInt(this.#index0);
      case 'revindex':
        return BigInt(this.length() - this.#index0);
      case 'revindex0':
        return BigInt(this.length() - this.#index0 - 1);
      case 'first':
        return this.#index0 === 0;
      case 'last':
        return this.#peek() === undefined;
      case 'length':
        return BigInt(this.length());
      case 'depth':
        return BigInt(this.#depth0 + 1);
      case 'depth0':
        return BigInt(this.#depth0);
      case 'previtem':
        return this.#before === undefined ? new Undefined('there is no previous item') : this.#before;
      case 'nextitem':
        return this.#nextItem();
      case 'cycle':
        return new PyFunction('cycle', (_run, args) => this.#cycle(args));
      case 'changed':
        return new PyFunction('changed', (run, args) => this.#changed(run, args));
      default:
        return undefined;
    }
  }

  #nextItem(): Value {
    const item = this.#peek();
    return item === undefined ? new Undefined('there is no next item') : item;
  }

  #cycle(args: Arguments): Value {
    if (args.positional.length === 0) throw typeError('no items for cycling given');
    return args.positional[this.#index0 % args.positional.length]!;
  }

  #changed(run: Run, args: Arguments): Value {
    const value = new PyTuple(args.positional);
    if (this.#last !== undefined && isSameOrEqual(run, this.#last, value)) return false;
    this.#last = value;
    return true;
  }

  override call(run: Run, args: Arguments): Value {
    const [iterable] = bindPositional('loop', args, 1, 1);
    if (!this.#recurse)
      throw templateError("The loop must have the 'recursive' marker to be called recursively.");
    run.budget.enter();
    const text = this.#recurse(iterable!, this.#depth0 + 1);
    run.budget.leave();
    return text;
  }

  override shown(): Text {
    return plain(`<LoopContext ${this.#index0 + 1}/${this.length()}>`);
  }
}
