import type { Budget } from './budget.ts';
import { templateError } from './template-errors.ts';
import type { Text } from './text.ts';

/**
 * What an expression gives, after Python's types: int is bigint and float is number, so that 1 and 1.0 differ; str is Text. No
 * JavaScript object of the page is ever reachable from a template.
 */
export type Value = null | boolean | bigint | number | Text | PyObject;

export interface Arguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
}

/** What evaluation carries along. */
export interface Run {
  readonly budget: Budget;
  readonly now: Date;
  callFilter(name: string, value: Value, args: Arguments): Value;
  callTest(name: string, value: Value, args: Arguments): boolean;
  getAttribute(value: Value, name: string): Value;
  getItem(value: Value, key: Value): Value;
}

export abstract class PyObject {
  /** As Python names the type. */
  abstract readonly typeName: string;

  /** A property of the object; JavaScript's undefined where it has none. Methods of built-in types are found elsewhere. */
  attribute(_name: string, _run: Run): Value | undefined {
    return undefined;
  }

  /** How it prints, of types of which Python's words are not those of an address in memory. */
  shown?(run: Run): Text;

  /** Of what can be called. */
  call?(run: Run, args: Arguments): Value;

  /** Of types that are no container and have a length all the same. */
  length?(): number;
}

export class PyList extends PyObject {
  readonly typeName = 'list';
  constructor(readonly items: readonly Value[]) {
    super();
  }
}

export class PyTuple extends PyObject {
  readonly typeName = 'tuple';
  constructor(readonly items: readonly Value[]) {
    super();
  }
}

/** jinja2's group of `groupby`: a tuple whose items have names. */
export class Group extends PyTuple {
  override attribute(name: string): Value | undefined {
    if (name === 'grouper') return this.items[0];
    if (name === 'list') return this.items[1];
    return undefined;
  }
}

/** Entries in the order of insertion, under the keys of `hashKey`. */
export class PyDict extends PyObject {
  readonly typeName = 'dict';
  readonly entries = new Map<string, { readonly key: Value; readonly value: Value }>();
}

export class DictView extends PyObject {
  readonly typeName: string;
  constructor(
    readonly dict: PyDict,
    readonly kind: 'keys' | 'values' | 'items',
  ) {
    super();
    this.typeName = `dict_${kind}`;
  }
}

export class PyRange extends PyObject {
  readonly typeName = 'range';
  constructor(
    readonly start: number,
    readonly stop: number,
    readonly step: number,
  ) {
    super();
  }

  get size(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }
}

/** A generator or another iterator: gone through once. */
export class PyIterator extends PyObject {
  constructor(
    readonly iterator: Iterator<Value>,
    readonly typeName: string = 'generator',
  ) {
    super();
  }
}

/** jinja2's plain Undefined: it prints nothing, is false and empty, and whatever else is done with it fails. */
export class Undefined extends PyObject {
  readonly typeName = 'Undefined';
  constructor(readonly why: string) {
    super();
  }
}

/** What `namespace()` makes, the only object that a template can change. */
export class Namespace extends PyObject {
  readonly typeName = 'Namespace';
  readonly attributes = new Map<string, Value>();

  override attribute(name: string): Value | undefined {
    return this.attributes.get(name);
  }
}

/** Text that `safe` or `escape` made: it prints like any, and whatever else Python's Markup does is refused. */
export class Markup extends PyObject {
  readonly typeName = 'Markup';
  constructor(readonly text: Text) {
    super();
  }
}

/** A function, a method or a macro. */
export class PyFunction extends PyObject {
  readonly #implementation: (run: Run, args: Arguments) => Value;

  constructor(
    readonly name: string,
    implementation: (run: Run, args: Arguments) => Value,
    readonly typeName: string = 'builtin_function_or_method',
    readonly properties?: ReadonlyMap<string, Value>,
  ) {
    super();
    this.#implementation = implementation;
  }

  override call(run: Run, args: Arguments): Value {
    return this.#implementation(run, args);
  }

  override attribute(name: string): Value | undefined {
    return this.properties?.get(name);
  }
}

export function attributeError(value: Value, name: string): Undefined {
  return new Undefined(`'${objectName(value)}' has no attribute '${name}'`);
}

/** What any use of an undefined value but printing it and asking for it raises. */
export function undefinedUsed(value: Undefined): Error {
  return templateError(value.why);
}

export function typeError(problem: string): Error {
  return templateError(problem);
}

function objectName(value: Value): string {
  return value === null ? 'None' : `${typeName(value)} object`;
}

export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (value instanceof PyObject) return value.typeName;
  return 'str';
}
