import { parseArgs } from 'node:util';
import { BedsideError } from '../../engine/errors.ts';
import { type Sentence, sentence } from '../../engine/sentence.ts';

/** Options of one command: a name maps to whether it takes a value, or several by being repeated. */
export type OptionTable = Record<string, 'value' | 'values' | 'flag'>;

export interface Arguments {
  /** The words that are not options, the command itself excluded. */
  words: string[];
  text(name: string): string | undefined;
  /** A number, or the fallback; `invalid-request` where it is not one. */
  number(name: string): number | undefined;
  integer(name: string): number | undefined;
  flag(name: string): boolean;
  /** Of an option that may be repeated, in order. */
  all(name: string): string[];
}

const common: OptionTable = {
  adapter: 'value',
  precision: 'value',
  threads: 'value',
  rounded: 'value',
  choices: 'value',
};

export function badArgument(message: Sentence): BedsideError {
  return new BedsideError('invalid-request', message, 'Run the command without arguments to see its usage.');
}

/** Parses what follows the command. Unknown options are refused, never ignored. */
export function parseArguments(argv: string[], table: OptionTable): Arguments {
  const options = Object.fromEntries(
    Object.entries({ ...common, ...table }).map(([name, kind]) => [
      name,
      { type: kind === 'flag' ? ('boolean' as const) : ('string' as const), multiple: kind === 'values' },
    ]),
  );
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: joinNegatives(argv), options, allowPositionals: true, strict: true });
  } catch (error) {
    throw badArgument(
      sentence`arguments-not-understood: ${{ problem: error instanceof Error ? error.message : String(error) }}`,
    );
  }
  const values = parsed.values as Record<string, string | boolean | string[] | undefined>;
  const text = (name: string) => values[name] as string | undefined;
  const number = (name: string) => {
    const value = text(name);
    if (value === undefined) return undefined;
    const parsedNumber = Number(value);
    if (value.trim() === '' || !Number.isFinite(parsedNumber))
      throw badArgument(
        sentence`option-is-no-number: --${{ option: name }} must be a number, not "${{ found: value }}".`,
      );
    return parsedNumber;
  };
  return {
    words: parsed.positionals,
    text,
    number,
    integer(name) {
      const value = number(name);
      if (value !== undefined && !Number.isInteger(value))
        throw badArgument(sentence`option-is-no-whole-number: --${{ option: name }} must be a whole number.`);
      return value;
    },
    flag: name => values[name] === true,
    all: name => (values[name] as string[] | undefined) ?? [],
  };
}

/** parseArgs takes a value that begins with "-" only as --name=value. */
function joinNegatives(argv: string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    const next = argv[i + 1];
    if (/^--(text|prompt|system|window)$/.test(word) && next !== undefined) {
      out.push(`${word}=${next}`);
      i++;
    } else out.push(word);
  }
  return out;
}

/** The single word that a command needs. */
export function onlyWord(args: Arguments, what: string): string {
  const [word, ...more] = args.words;
  if (word === undefined) throw badArgument(sentence`argument-is-missing: ${{ argument: what }} is missing.`);
  if (more.length > 0)
    throw badArgument(sentence`one-argument-too-many: "${{ argument: more[0]! }}" is one argument too many.`);
  return word;
}
