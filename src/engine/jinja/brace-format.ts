import { bindPositional } from './arguments.ts';
import { formatValue } from './format-spec.ts';
import { repr, toText } from './printing.ts';
import { templateError, unknownConstruct } from './template-errors.ts';
import { concat, plain, type Text } from './text.ts';
import { type Arguments, PyDict, type Run, type Value } from './values.ts';

/** `str.format`, in the sandbox's form: fields reach what templates reach. */
export function formatBraces(run: Run, text: Text, args: Arguments): Text {
  return new BraceFormat(run, args.positional, name => args.keywords.get(name)).format(text, 2);
}

export function formatMap(run: Run, text: Text, args: Arguments): Text {
  const [map] = bindPositional('format_map', args, 1, 1);
  if (!(map instanceof PyDict)) throw templateError('format_map takes a dictionary');
  return new BraceFormat(run, [], name => map.entries.get(`s${name}`)?.value).format(text, 2);
}

class BraceFormat {
  readonly #run: Run;
  readonly #positional: readonly Value[];
  readonly #named: (name: string) => Value | undefined;
  /** Fields are either all numbered or none is. */
  #numbering: 'automatic' | 'manual' | undefined;
  #next = 0;

  constructor(run: Run, positional: readonly Value[], named: (name: string) => Value | undefined) {
    this.#run = run;
    this.#positional = positional;
    this.#named = named;
  }

  format(text: Text, depth: number): Text {
    if (depth === 0) throw templateError('Max string recursion exceeded');
    const parts: Text[] = [];
    const source = text.text;
    this.#run.budget.scan(source.length * 4);
    let at = 0;
    while (at < source.length) {
      this.#run.budget.items(2);
      const brace = nextBrace(source, at);
      parts.push(text.slice(at, brace));
      if (brace === source.length) break;
      if (source[brace + 1] === source[brace]) {
        parts.push(text.slice(brace, brace + 1));
        at = brace + 2;
        continue;
      }
      if (source[brace] === '}') throw templateError("Single '}' encountered in format string");
      const end = fieldEnd(source, brace + 1);
      parts.push(this.#field(text.slice(brace + 1, end), depth));
      at = end + 1;
    }
    return concat(this.#run.budget, parts);
  }

  #field(field: Text, depth: number): Text {
    const [, path, conversion, spec] =
      /^((?:[^!:[]|\[[^\]]*\])*)(?:!([^:]*))?(?::([\s\S]*))?$/.exec(field.text) ?? [];
    if (path === undefined) throw templateError('a broken field in a format string');
    const value = this.#value(path);
    const formatted = spec === undefined ? plain('') : this.format(plain(spec), depth - 1);
    if (conversion === undefined) return formatValue(this.#run, value, formatted.text);
    if (conversion === 'a') throw unknownConstruct('the conversion !a');
    if (conversion !== 's' && conversion !== 'r')
      throw templateError(`Unknown conversion specifier ${conversion}`);
    const shown = conversion === 's' ? toText(this.#run, value) : repr(this.#run, value);
    return formatValue(this.#run, shown, formatted.text);
  }

  #value(path: string): Value {
    const [first] = /^[^.[]*/.exec(path)!;
    let value = this.#first(first);
    const rest = path.slice(first.length);
    const step = /\.([^.[]+)|\[([^\]]+)\]/y;
    while (step.lastIndex < rest.length) {
      const match = step.exec(rest);
      if (!match) throw templateError('a broken field in a format string');
      value =
        match[1] === undefined
          ? this.#run.getItem(value, /^\d+$/.test(match[2]!) ? BigInt(match[2]!) : plain(match[2]!))
          : this.#run.getAttribute(value, match[1]);
    }
    return value;
  }

  #first(name: string): Value {
    if (name !== '' && !/^\d+$/.test(name)) {
      const value = this.#named(name);
      if (value === undefined) throw templateError(`no value named '${name}'`);
      return value;
    }
    const numbering = name === '' ? 'automatic' : 'manual';
    this.#numbering ??= numbering;
    if (this.#numbering !== numbering)
      throw templateError('cannot switch between manual field specification and automatic field numbering');
    const value = this.#positional[name === '' ? this.#next : Number(name)];
    this.#next += 1;
    if (value === undefined) throw templateError('Replacement index out of range for positional args tuple');
    return value;
  }
}

function nextBrace(source: string, from: number): number {
  const match = /[{}]/g;
  match.lastIndex = from;
  return match.exec(source)?.index ?? source.length;
}

function fieldEnd(source: string, from: number): number {
  let depth = 1;
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '{') depth += 1;
    else if (source[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  throw templateError("expected '}' before end of string");
}
