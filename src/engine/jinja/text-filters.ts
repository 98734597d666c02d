import { asInt, asText, bind, bindPositional } from './arguments.ts';
import { attributeGetter, type Filter, intOr, softText } from './filter.ts';
import { each, isTrue } from './iteration.ts';
import { capitalize } from './letter-case.ts';
import { repeatText } from './operators.ts';
import { formatPercent } from './percent-format.ts';
import { toText } from './printing.ts';
import { blanks, codePointStarts } from './python-text.ts';
import { centerShare, join, pad } from './string-methods.ts';
import { templateError, unknownConstruct } from './template-errors.ts';
import { concat, plain, rewrite, Text } from './text.ts';
import { replace, splitLines, splitRight, strip } from './text-pieces.ts';
import { type JsonOptions, toJson } from './to-json.ts';
import {
  type Arguments,
  Markup,
  PyDict,
  PyList,
  PyTuple,
  type Run,
  typeError,
  type Value,
} from './values.ts';

/** @param work steps for each character */
function rewriting(name: string, change: (text: string) => string, work: number): [string, Filter] {
  return [
    name,
    (run, value, args) => {
      bind(name, args);
      const text = softText(run, value);
      run.budget.step(text.length * work);
      return rewrite(run.budget, text, change);
    },
  ];
}

const wordBeginnings = new RegExp(`([-${blanks}({\\[<]+)`);

/** Unlike `str.title`, words begin after blanks, hyphens and brackets only. */
function titleOfWords(text: string): string {
  return text
    .split(wordBeginnings)
    .map(word => {
      const [first = ''] = word;
      return first.toUpperCase() + word.slice(first.length).toLowerCase();
    })
    .join('');
}

function joinFilter(run: Run, value: Value, args: Arguments): Value {
  const [separator, attribute] = bind('join', args, 'd', 'attribute');
  const between = separator === undefined ? plain('') : toText(run, separator);
  const get = attribute === undefined || attribute === null ? undefined : attributeGetter(run, attribute);
  const texts: Text[] = [];
  for (const item of each(run, value)) {
    run.budget.items(1);
    texts.push(toText(run, get ? get(item) : item));
  }
  return join(run, between, texts);
}

function replaceFilter(run: Run, value: Value, args: Arguments): Value {
  const [old, fresh, count] = bind('replace', args, 'old!', 'new!', 'count');
  const most = count === undefined || count === null ? -1 : asInt('replace', count);
  const limit = most < 0 ? undefined : most;
  return replace(run.budget, toText(run, value), toText(run, old!), toText(run, fresh!), limit);
}

function trim(run: Run, value: Value, args: Arguments): Value {
  const [characters] = bind('trim', args, 'chars');
  const set = characters === undefined || characters === null ? undefined : asText('trim', characters);
  return strip(run.budget, softText(run, value), set, 'both');
}

function indent(run: Run, value: Value, args: Arguments): Value {
  const [widthValue, first, blank] = bind('indent', args, 'width', 'first', 'blank');
  const indention =
    widthValue instanceof Text
      ? widthValue
      : repeatText(run, plain(' '), BigInt(intOr('indent', widthValue, 4)));
  const lines = splitLines(run.budget, concat(run.budget, [asText('indent', value), plain('\n')]));
  const isBlankToo = blank !== undefined && isTrue(blank);
  const parts: Text[] = [];
  for (const [i, line] of lines.entries()) {
    if (i > 0) parts.push(plain('\n'));
    const isIndented = i === 0 ? first !== undefined && isTrue(first) : isBlankToo || line.length > 0;
    if (isIndented) parts.push(indention);
    parts.push(line);
  }
  return concat(run.budget, parts);
}

function truncate(run: Run, value: Value, args: Arguments): Value {
  const [lengthValue, killWords, endValue, leewayValue] = bind(
    'truncate',
    args,
    'length',
    'killwords',
    'end',
    'leeway',
  );
  const text = asText('truncate', value);
  const length = intOr('truncate', lengthValue, 255);
  const end = endValue === undefined ? plain('...') : asText('truncate', endValue);
  const leeway = leewayValue === undefined || leewayValue === null ? 5 : asInt('truncate', leewayValue);
  if (length < end.codePoints || leeway < 0) throw templateError('truncate: a length that is too small');
  run.budget.items(text.length);
  if (text.codePoints <= length + leeway) return text;
  const kept = text.slice(0, codePointStarts(text.text)[length - end.codePoints]!);
  if (killWords !== undefined && isTrue(killWords)) return concat(run.budget, [kept, end]);
  return concat(run.budget, [splitRight(run.budget, kept, plain(' '), 1)[0]!, end]);
}

function format(run: Run, value: Value, args: Arguments): Value {
  if (args.positional.length > 0 && args.keywords.size > 0)
    throw templateError("can't handle positional and keyword arguments at the same time");
  const text = softText(run, value);
  if (args.keywords.size === 0) return formatPercent(run, text, new PyTuple(args.positional));
  const named = new PyDict();
  for (const [name, item] of args.keywords) named.entries.set(`s${name}`, { key: plain(name), value: item });
  return formatPercent(run, text, named);
}

function tojson(run: Run, value: Value, args: Arguments): Value {
  const [ascii, indentValue, separators, sortKeys] = bind(
    'tojson',
    args,
    'ensure_ascii',
    'indent',
    'separators',
    'sort_keys',
  );
  const indention = indentOf(run, indentValue);
  const [itemSeparator, keySeparator] = separatorsOf(separators, indention !== undefined);
  const options: JsonOptions = {
    ensureAscii: ascii !== undefined && isTrue(ascii),
    indent: indention,
    itemSeparator,
    keySeparator,
    sortKeys: sortKeys !== undefined && isTrue(sortKeys),
  };
  return toJson(run, value, options);
}

function indentOf(run: Run, value: Value | undefined): Text | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Text) return value;
  return repeatText(run, plain(' '), BigInt(asInt('tojson', value)));
}

function separatorsOf(value: Value | undefined, isIndented: boolean): [Text, Text] {
  if (value === undefined || value === null) return [plain(isIndented ? ',' : ', '), plain(': ')];
  if (!(value instanceof PyTuple || value instanceof PyList) || value.items.length !== 2)
    throw typeError('tojson: separators must be two');
  return [asText('tojson', value.items[0]!), asText('tojson', value.items[1]!)];
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

/** markupsafe's escaping for HTML. */
function escapeForHtml(run: Run, value: Value, args: Arguments): Value {
  bind('escape', args);
  if (value instanceof Markup) return value;
  const text = toText(run, value);
  run.budget.characters(text.length * 4);
  return new Markup(
    rewrite(run.budget, text, source => source.replace(/[&<>"']/g, character => escapes[character]!)),
  );
}

function safe(run: Run, value: Value, args: Arguments): Value {
  bind('safe', args);
  return value instanceof Markup ? value : new Markup(toText(run, value));
}

function urlencode(run: Run, value: Value, args: Arguments): Value {
  bind('urlencode', args);
  const isPairs = !(value instanceof Text) && typeof value === 'object' && value !== null;
  if (isPairs) throw unknownConstruct('the filter urlencode on anything but a text');
  const text = toText(run, value);
  run.budget.characters(text.length * 9);
  return rewrite(run.budget, text, source =>
    encodeURIComponent(source.replace(/\p{Surrogate}/gu, '\ufffd'))
      .replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%2F', '/'),
  );
}

function center(run: Run, value: Value, args: Arguments): Value {
  const [widthValue] = bind('center', args, 'width');
  const width = intOr('center', widthValue, 80);
  return pad(run, softText(run, value), width, plain(' '), centerShare(width));
}

function wordcount(run: Run, value: Value, args: Arguments): Value {
  bind('wordcount', args);
  const text = softText(run, value);
  run.budget.step(text.length / 4);
  return BigInt(text.text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0);
}

export const textFilters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  rewriting('capitalize', capitalize, 2),
  rewriting('lower', text => text.toLowerCase(), 1 / 4),
  rewriting('title', titleOfWords, 2),
  rewriting('upper', text => text.toUpperCase(), 1 / 4),
  ['center', center],
  ['e', escapeForHtml],
  ['escape', escapeForHtml],
  [
    'forceescape',
    (run, value, args) => escapeForHtml(run, value instanceof Markup ? value.text : value, args),
  ],
  ['format', format],
  ['indent', indent],
  ['join', joinFilter],
  ['replace', replaceFilter],
  ['safe', safe],
  [
    'string',
    (run, value, args) => {
      bindPositional('string', args, 0, 0);
      return value instanceof Markup ? value : toText(run, value);
    },
  ],
  ['tojson', tojson],
  ['trim', trim],
  ['truncate', truncate],
  ['urlencode', urlencode],
  ['wordcount', wordcount],
]);
