import type { Scope } from './scope.ts';
import type { Body, Expression, Signature } from './syntax.ts';
import { walk } from './syntax-walk.ts';
import { plain } from './text.ts';
import {
  type Arguments,
  PyDict,
  PyFunction,
  PyTuple,
  type Run,
  typeError,
  Undefined,
  type Value,
} from './values.ts';

/** What `macro` and `call` blocks define. */
export interface MacroParts {
  /** Of a call block there is none. */
  readonly name: string | undefined;
  readonly signature: Signature;
  readonly body: Body;
}

/**
 * A macro as a value. `invoke` makes its scope, sets the names and runs the body; a default is evaluated there, so that it may use
 * the arguments before it.
 */
export function makeMacro(
  parts: MacroParts,
  invoke: (run: Run, setNames: (scope: Scope, evaluate: (expression: Expression) => Value) => void) => Value,
): PyFunction {
  const { signature, body } = parts;
  const name = parts.name ?? 'caller';
  const uses = (special: string) => !signature.names.includes(special) && mentions(body, special);
  const special = { caller: uses('caller'), kwargs: uses('kwargs'), varargs: uses('varargs') };
  const properties = new Map<string, Value>([
    ['name', parts.name === undefined ? null : plain(parts.name)],
    ['arguments', new PyTuple(signature.names.map(plain))],
    ['catch_kwargs', special.kwargs],
    ['catch_varargs', special.varargs],
    ['caller', special.caller],
  ]);
  const call = (run: Run, args: Arguments): Value => {
    const given = new Map(args.keywords);
    run.budget.items(signature.names.length + args.positional.length);
    return invoke(run, (scope, evaluate) => {
      bindNames(signature, args, given, scope, evaluate);
      if (special.caller) {
        scope.set('caller', given.get('caller') ?? new Undefined('No caller defined'));
        given.delete('caller');
      }
      if (special.kwargs) scope.set('kwargs', asDict(given));
      else
        for (const keyword of given.keys())
          throw typeError(`macro '${name}' takes no keyword argument '${keyword}'`);
      const rest = args.positional.slice(signature.names.length);
      if (special.varargs) scope.set('varargs', new PyTuple(rest));
      else if (rest.length > 0)
        throw typeError(`macro '${name}' takes not more than ${signature.names.length} argument(s)`);
    });
  };
  return new PyFunction(name, call, 'Macro', properties);
}

function bindNames(
  signature: Signature,
  args: Arguments,
  given: Map<string, Value>,
  scope: Scope,
  evaluate: (expression: Expression) => Value,
): void {
  const { names, defaults } = signature;
  const firstDefault = names.length - defaults.length;
  const missing: [string, Expression | undefined][] = [];
  for (const [i, name] of names.entries()) {
    const value = args.positional[i] === undefined ? given.get(name) : args.positional[i];
    if (i >= args.positional.length) given.delete(name);
    if (value === undefined) missing.push([name, defaults[i - firstDefault]]);
    else scope.set(name, value);
  }
  for (const [name] of missing) scope.set(name, new Undefined(`parameter '${name}' was not provided`));
  for (const [name, expression] of missing) if (expression) scope.set(name, evaluate(expression));
}

function asDict(given: ReadonlyMap<string, Value>): PyDict {
  const dict = new PyDict();
  for (const [name, value] of given) dict.entries.set(`s${name}`, { key: plain(name), value });
  return dict;
}

/** Whether a body reads a name anywhere: `caller`, `varargs` and `kwargs` are there for macros that do. */
function mentions(body: Body, name: string): boolean {
  let isFound = false;
  walk(body, undefined, part => {
    if (part.kind === 'name' && part.name === name) isFound = true;
    return () => undefined;
  });
  return isFound;
}
