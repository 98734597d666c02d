import { describe, expect, it } from 'vitest';
import { PickleWriter } from '../../../test/support/pickle-writer.ts';
import { seededRandom } from '../../../test/support/random.ts';
import { FormatError } from '../errors.ts';
import { PickleFunction, type PickleNames, pickleLimits, readPickle } from './restricted-pickle.ts';

/** One name that can be called, and references that stand for themselves. */
const names: PickleNames = {
  find: (module, name) =>
    `${module}.${name}` === 'good.pair' ? new PickleFunction(args => ({ args })) : undefined,
  load: id => ({ id }),
};

const read = (bytes: Uint8Array) => readPickle(bytes, names);
const pickle = () => new PickleWriter().protocol();

function codeOf(bytes: Uint8Array): string {
  try {
    read(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
}

const sample = pickle()
  .code('}(')
  .text('numbers')
  .ints([0, 255, 256, -1, 2 ** 31, -(2 ** 40)])
  .text('__proto__')
  .code('N')
  .text('called')
  .global('good', 'pair')
  .memorise()
  .raw(0x88, 0x89, 0x86)
  .code('R')
  .text('again')
  .code('h')
  .raw(0)
  .code(')R')
  .text('elsewhere')
  .text('key')
  .raw(0x85)
  .code('Qu}bM')
  .raw(1, 2)
  .raw(0x86)
  .finish();

describe('a pickle', () => {
  it('of tables, tuples, texts and numbers is read', () => {
    const [table, number] = read(sample) as [Map<string, unknown>, number];
    expect(number).toBe(0x201);
    expect(Object.fromEntries(table)).toEqual(
      Object.fromEntries([
        ['numbers', [0, 255, 256, -1, 2 ** 31, -(2 ** 40)]],
        ['__proto__', null],
        ['called', { args: [true, false] }],
        ['again', { args: [] }],
        ['elsewhere', { id: ['key'] }],
      ]),
    );
  });

  const state = () => pickle().code('}').code('}').text('run').int(1).code('s');

  it.each<[string, PickleWriter]>([
    ['calls a shell', pickle().global('os', 'system').text('true').raw(0x85).code('R')],
    ['calls a shell under another name', pickle().global('posix', 'system').text('true').raw(0x85).code('R')],
    ['evaluates a text', pickle().global('builtins', 'eval').text('1').raw(0x85).code('R')],
    ['only names what it could call', pickle().global('builtins', 'exec')],
    ['names a part of an allowed module', pickle().global('good', 'pair.__globals__')],
    ['names an allowed module in part', pickle().global('good.pair', '')],
    ['takes a name from the stack', pickle().text('os').text('system').raw(0x93)],
    ['makes an object by INST', pickle().code('(').text('true').code('ios\nsystem\n')],
    ['makes an object by OBJ', pickle().code('(').global('good', 'pair').text('true').code('o')],
    ['makes an object by NEWOBJ', pickle().global('good', 'pair').code(')').raw(0x81)],
    ['makes an object by NEWOBJ_EX', pickle().global('good', 'pair').code(')}').raw(0x92)],
    ['uses registered code 1', pickle().raw(0x82, 1)],
    ['uses registered code 2', pickle().raw(0x83, 1, 0)],
    ['uses registered code 4', pickle().raw(0x84, 1, 0, 0, 0)],
    ['sets attributes of an object', pickle().global('good', 'pair').code(')R}b')],
    ['sets attributes of a function', pickle().global('good', 'pair').code('}b')],
    ['sets attributes by pairs', state().raw(0x86).code('}').code('Nb')],
    ['calls what is no function', pickle().text('text').code(')R')],
    ['calls what a call gave', pickle().global('good', 'pair').code(')R)R')],
    [
      'hides the call inside a weight',
      pickle().code('}').text('weight').global('os', 'system').text('true').raw(0x85).code('Rs'),
    ],
    ['hides the call inside a reference', pickle().global('os', 'system').text('true').raw(0x85).code('RQ')],
  ])('that %s is refused as a program', (_what, writer) => {
    expect(codeOf(writer.finish())).toBe('unsafe-model');
  });

  it('names what it asked for, shortened', () => {
    const message = (module: string) => {
      try {
        return String(read(pickle().global(module, 'system').finish()));
      } catch (error) {
        return (error as FormatError).message;
      }
    };
    expect(message('os')).toBe(
      'This file wants to run a program when it is opened: besides weights it asks for "os.system".',
    );
    expect(message('x'.repeat(250)).length).toBeLessThan(200);
  });

  it.each<[string, Uint8Array, string]>([
    ['of another protocol', new PickleWriter().protocol(4).code('N').finish(), 'unsupported-model'],
    ['without a protocol', new PickleWriter().code('N').finish(), 'unsupported-model'],
    ['that changes its protocol', pickle().protocol().code('N').finish(), 'unsupported-model'],
    ['with a list', pickle().code(']').finish(), 'unsupported-model'],
    ['with a set', pickle().raw(0x8f).finish(), 'unsupported-model'],
    ['with a reference by text', pickle().code('P1\n').finish(), 'unsupported-model'],
    ['of nothing', pickle().finish(), 'invalid-model'],
    ['of two objects', pickle().code('NN').finish(), 'invalid-model'],
    ['with a mark left over', pickle().code('(N').finish(), 'invalid-model'],
    ['with bytes after its end', pickle().code('N.').finish(), 'invalid-model'],
    ['that takes from an empty stack', pickle().raw(0x85).finish(), 'invalid-model'],
    ['that takes from below a mark', pickle().code('N(').raw(0x85).finish(), 'invalid-model'],
    ['that closes no mark', pickle().code('Nt').finish(), 'invalid-model'],
    ['that recalls what it never kept', pickle().code('h').raw(3).finish(), 'invalid-model'],
    ['that keeps nothing', pickle().memorise().code('N').finish(), 'invalid-model'],
    ['with a memory of any number', pickle().code('Nr').u32(-1).finish(), 'invalid-model'],
    ['with half a pair', pickle().code('}(').text('a').code('u').finish(), 'invalid-model'],
    ['with a number for a name', pickle().code('}').int(1).code('Ns').finish(), 'invalid-model'],
    ['with items of a text', pickle().text('a').text('a').code('Ns').finish(), 'invalid-model'],
    ['with arguments that are none', pickle().global('good', 'pair').code('}R').finish(), 'invalid-model'],
    ['with a text of 4 GiB', pickle().code('X').u32(-1).finish(), 'invalid-model'],
    ['with a text that is none', pickle().code('X').u32(1).raw(0xff).finish(), 'invalid-model'],
    [
      'with a name without an end',
      pickle()
        .code(`c${'x'.repeat(300)}`)
        .finish(),
      'invalid-model',
    ],
    ['with a number of 200 bytes', pickle().raw(0x8a, 200).finish(), 'invalid-model'],
    [
      'with a number past exact ones',
      pickle().raw(0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 64).finish(),
      'invalid-model',
    ],
  ])('%s is refused', (_what, bytes, code) => {
    expect(codeOf(bytes)).toBe(code);
  });

  it('cannot fill the memory', () => {
    const many = (code: string, count: number) => pickle().code(code.repeat(count)).finish();
    expect(codeOf(many('N', pickleLimits.stack + 1))).toBe('invalid-model');
    expect(codeOf(many('(', pickleLimits.marks + 1))).toBe('invalid-model');
    // A pair of pairs of pairs ...: a thousand doublings are a thousand small objects here.
    const doublings = pickle().code('N');
    for (let i = 0; i < 1000; i++) doublings.memorise().code('h').raw(0).raw(0x86);
    expect(codeOf(doublings.finish())).toBe('read');
    // Nested ever deeper.
    expect(
      codeOf(
        pickle()
          .code('N')
          .raw(...new Array<number>(50_000).fill(0x85))
          .finish(),
      ),
    ).toBe('read');
    const long = new Uint8Array(pickleLimits.instructions * 2 + 4).fill(0x85);
    long.set([0x80, 2, 0x4e]);
    expect(codeOf(long)).toBe('invalid-model');
    expect(codeOf(new Uint8Array(pickleLimits.bytes + 1))).toBe('invalid-model');
  });

  it('is refused wherever it is cut', () => {
    for (let length = 0; length < sample.length; length++) {
      expect(codeOf(sample.subarray(0, length)), `cut at ${length}`).toBe('invalid-model');
    }
  });

  it('of 20,000 damaged ones is refused or read, and never anything else', () => {
    const random = seededRandom(11);
    const codes = new Map<string, number>();
    for (let round = 0; round < 20_000; round++) {
      const bytes = sample.slice();
      for (let hit = 0; hit <= random() * 3; hit++)
        bytes[2 + Math.floor(random() * (bytes.length - 2))] = random() * 256;
      const code = codeOf(bytes);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect([...codes.keys()].sort()).toEqual(['invalid-model', 'read', 'unsafe-model', 'unsupported-model']);
  });
});
