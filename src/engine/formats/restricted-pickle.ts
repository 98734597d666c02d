import { FormatError } from '../errors.ts';
import { type Sentence, sentence } from '../sentence.ts';
import { quoted } from './gguf-cursor.ts';
import { viewOf } from './zip-end.ts';

/** The instructions that `torch.save` writes for weights, of pickle protocol 2 (CPython, Lib/pickletools.py). */
const op = {
  mark: 0x28,
  emptyTuple: 0x29,
  stop: 0x2e,
  binInt: 0x4a,
  binInt1: 0x4b,
  binInt2: 0x4d,
  none: 0x4e,
  binPersistentId: 0x51,
  reduce: 0x52,
  binUnicode: 0x58,
  build: 0x62,
  global: 0x63,
  binGet: 0x68,
  longBinGet: 0x6a,
  binPut: 0x71,
  longBinPut: 0x72,
  setItem: 0x73,
  tuple: 0x74,
  setItems: 0x75,
  emptyDict: 0x7d,
  protocol: 0x80,
  tuple1: 0x85,
  tuple2: 0x86,
  tuple3: 0x87,
  newTrue: 0x88,
  newFalse: 0x89,
  long1: 0x8a,
} as const;

/** Instructions that exist to make objects of any class or to call any function. */
const running: ReadonlyMap<number, string> = new Map([
  [0x69, 'INST'],
  [0x6f, 'OBJ'],
  [0x81, 'NEWOBJ'],
  [0x82, 'EXT1'],
  [0x83, 'EXT2'],
  [0x84, 'EXT4'],
  [0x92, 'NEWOBJ_EX'],
  [0x93, 'STACK_GLOBAL'],
]);

/** Far above what checkpoints need (about 45 instructions and 8 memories a tensor), far below what fills the memory. */
export const pickleLimits = {
  bytes: 16 * 2 ** 20,
  instructions: 2 ** 20,
  stack: 2 ** 16,
  marks: 256,
  textBytes: 4096,
  nameBytes: 256,
} as const;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Makes the error for something wrong at the present place. */
export type PickleFailure = (
  what: Sentence,
  code?: 'invalid-model' | 'unsupported-model',
  advice?: string,
) => FormatError;

/** Something that a pickle may call. Everything else that a name stands for is inert. */
export class PickleFunction {
  readonly call: (args: readonly unknown[], fail: PickleFailure) => unknown;

  constructor(call: PickleFunction['call']) {
    this.call = call;
  }
}

/** What a pickle may use besides texts, numbers, tuples and tables. */
export interface PickleNames {
  /** What a Python name stands for; undefined for every name that is not on the list. */
  find(module: string, name: string, fail: PickleFailure): unknown;
  /** What a reference to something outside the pickle stands for. */
  load(id: unknown, fail: PickleFailure): unknown;
}

/**
 * Reads a pickle without being able to run anything: pickles are programs, and of their instructions only those are
 * understood that build texts, numbers, tuples (arrays), tables with texts for keys (Maps) and what `names` allows.
 * @param offset of the pickle from the start of the file, for errors
 * @throws FormatError `unsafe-model` where the pickle asks for anything that could run; `invalid-model`,
 *   `unsupported-model`
 */
export function readPickle(bytes: Uint8Array, names: PickleNames, offset = 0): unknown {
  if (bytes.length > pickleLimits.bytes) {
    throw new FormatError(
      offset,
      sentence`list-of-weights-too-long: The list of weights is ${{ listBytes: bytes.length }} bytes long`,
    );
  }
  return new PickleMachine(bytes, names, offset).run();
}

class PickleMachine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #names: PickleNames;
  readonly #offset: number;
  #at = 0;
  readonly #stack: unknown[] = [];
  /** Heights of the stack at each open mark. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();
  readonly #fail: PickleFailure = (what, code, advice) =>
    new FormatError(this.#offset + this.#at, what, code, advice);

  constructor(bytes: Uint8Array, names: PickleNames, offset: number) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#names = names;
    this.#offset = offset;
  }

  run(): unknown {
    if (this.#u8() !== op.protocol || this.#u8() !== 2) {
      throw this.#fail(
        sentence`pickle-of-another-protocol: The list of weights is not a pickle of protocol 2, which PyTorch writes`,
        'unsupported-model',
        'Get the copy of the model that comes as .safetensors files.',
      );
    }
    for (let count = 0; count < pickleLimits.instructions; count++) {
      const instruction = this.#u8();
      if (instruction === op.stop) return this.#finish();
      this.#step(instruction);
      if (this.#stack.length > pickleLimits.stack)
        throw this.#fail(sentence`list-of-weights-too-deep: The list of weights is nested too deep`);
    }
    throw this.#fail(
      sentence`list-of-weights-has-too-many-instructions: The list of weights has more than ${{ most: pickleLimits.instructions }} instructions`,
    );
  }

  #step(instruction: number): void {
    switch (instruction) {
      case op.mark:
        if (this.#marks.length === pickleLimits.marks)
          throw this.#fail(sentence`list-of-weights-too-deep: The list of weights is nested too deep`);
        this.#marks.push(this.#stack.length);
        break;
      case op.none:
        this.#stack.push(null);
        break;
      case op.newTrue:
      case op.newFalse:
        this.#stack.push(instruction === op.newTrue);
        break;
      case op.binInt1:
        this.#stack.push(this.#u8());
        break;
      case op.binInt2:
        this.#stack.push(this.#view.getUint16(this.#take(2), true));
        break;
      case op.binInt:
        this.#stack.push(this.#view.getInt32(this.#take(4), true));
        break;
      case op.long1:
        this.#stack.push(this.#long());
        break;
      case op.binUnicode:
        this.#stack.push(this.#text());
        break;
      case op.emptyTuple:
        this.#stack.push([]);
        break;
      case op.tuple1:
      case op.tuple2:
      case op.tuple3:
        this.#stack.push(this.#popMany(instruction - op.tuple1 + 1));
        break;
      case op.tuple:
        this.#stack.push(this.#popMarked());
        break;
      case op.emptyDict:
        this.#stack.push(new Map());
        break;
      case op.setItem:
        this.#setItems(this.#popMany(2));
        break;
      case op.setItems:
        this.#setItems(this.#popMarked());
        break;
      case op.binPut:
        this.#memorise(this.#u8());
        break;
      case op.longBinPut:
        this.#memorise(this.#view.getUint32(this.#take(4), true));
        break;
      case op.binGet:
        this.#recall(this.#u8());
        break;
      case op.longBinGet:
        this.#recall(this.#view.getUint32(this.#take(4), true));
        break;
      case op.global:
        this.#stack.push(this.#findName(this.#line(), this.#line()));
        break;
      case op.binPersistentId:
        this.#stack.push(this.#names.load(this.#pop(), this.#fail));
        break;
      case op.reduce:
        this.#reduce();
        break;
      case op.build:
        this.#build();
        break;
      default:
        throw this.#refuse(instruction);
    }
  }

  #finish(): unknown {
    const result = this.#pop();
    if (this.#stack.length > 0 || this.#marks.length > 0 || this.#at !== this.#bytes.length) {
      throw this.#fail(
        sentence`list-of-weights-ends-elsewhere: The list of weights does not end where it should`,
      );
    }
    return result;
  }

  #findName(module: string, name: string): unknown {
    const value = this.#names.find(module, name, this.#fail);
    if (value === undefined)
      throw this.#unsafe(sentence`pickle-name: ${{ name: quoted(`${module}.${name}`) }}`);
    return value;
  }

  #reduce(): void {
    const [callee, args] = this.#popMany(2);
    if (!(callee instanceof PickleFunction))
      throw this.#unsafe(sentence`call-of-something-else: a call of something that builds no weight`);
    if (!Array.isArray(args))
      throw this.#fail(sentence`list-of-weights-is-damaged: The list of weights is damaged`);
    this.#stack.push(callee.call(args, this.#fail));
  }

  /** Attributes of a table, such as the versions of a model's layers: no weights, so they are dropped. */
  #build(): void {
    const state = this.#pop();
    if (!(this.#top() instanceof Map && state instanceof Map))
      throw this.#unsafe(sentence`instruction-build: the instruction BUILD`);
  }

  #setItems(pairs: readonly unknown[]): void {
    const table = this.#top();
    if (!(table instanceof Map) || pairs.length % 2 !== 0)
      throw this.#fail(sentence`list-of-weights-is-damaged: The list of weights is damaged`);
    for (let i = 0; i < pairs.length; i += 2) {
      const key = pairs[i];
      if (typeof key !== 'string')
        throw this.#fail(
          sentence`list-of-weights-has-name-without-text: The list of weights has a name that is no text`,
        );
      table.set(key, pairs[i + 1]);
    }
  }

  #memorise(key: number): void {
    // Keys count up from 0, so that they are bounded as the instructions are.
    if (key >= pickleLimits.instructions)
      throw this.#fail(sentence`list-of-weights-is-damaged: The list of weights is damaged`);
    this.#memo.set(key, this.#top());
  }

  #recall(key: number): void {
    if (!this.#memo.has(key))
      throw this.#fail(sentence`list-of-weights-is-damaged: The list of weights is damaged`);
    this.#stack.push(this.#memo.get(key));
  }

  #floor(): number {
    return this.#marks.at(-1) ?? 0;
  }

  #top(): unknown {
    if (this.#stack.length <= this.#floor())
      throw this.#fail(sentence`list-of-weights-is-damaged: The list of weights is damaged`);
    return this.#stack.at(-1);
  }

  #pop(): unknown {
    return this.#popMany(1)[0];
  }

  #popMany(count: number): unknown[] {
    if (this.#stack.length - count < this.#floor())
      throw this.#fail(sentence`list-of-weights-is-damaged: The list of weights is damaged`);
    return this.#stack.splice(this.#stack.length - count);
  }

  #popMarked(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined)
      throw this.#fail(sentence`list-of-weights-is-damaged: The list of weights is damaged`);
    return this.#stack.splice(mark);
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length)
      throw this.#fail(sentence`list-of-weights-is-cut-off: The list of weights ends in the middle`);
    this.#at += count;
    return at;
  }

  #u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  #text(): string {
    const length = this.#view.getUint32(this.#take(4), true);
    if (length > pickleLimits.textBytes)
      throw this.#fail(
        sentence`list-of-weights-has-long-text: The list of weights has a text of ${{ textBytes: length }} bytes`,
      );
    return this.#decode(this.#take(length), length);
  }

  /** Up to the next line feed, without it. */
  #line(): string {
    const start = this.#at;
    const length = this.#bytes.subarray(start, start + pickleLimits.nameBytes + 1).indexOf(0x0a);
    if (length < 0) throw this.#fail(sentence`list-of-weights-is-damaged: The list of weights is damaged`);
    this.#take(length + 1);
    return this.#decode(start, length);
  }

  #decode(start: number, length: number): string {
    try {
      return utf8.decode(this.#bytes.subarray(start, start + length));
    } catch {
      throw this.#fail(
        sentence`list-of-weights-is-not-utf8: The list of weights has a text that is not valid (UTF-8)`,
      );
    }
  }

  /** A signed number of up to eight bytes. */
  #long(): number {
    const length = this.#u8();
    if (length > 8)
      throw this.#fail(
        sentence`list-of-weights-has-long-number: The list of weights has a number of ${{ numberBytes: length }} bytes`,
      );
    const start = this.#take(length);
    let value = 0n;
    for (let i = 0; i < length; i++) value |= BigInt(this.#bytes[start + i]!) << BigInt(8 * i);
    const number = Number(BigInt.asIntN(8 * length, value));
    if (!Number.isSafeInteger(number))
      throw this.#fail(
        sentence`list-of-weights-has-large-number: The list of weights has an impossibly large number`,
      );
    return number;
  }

  #refuse(instruction: number): FormatError {
    const name = running.get(instruction);
    if (name !== undefined)
      return this.#unsafe(sentence`pickle-instruction: the instruction ${{ instruction: name }}`);
    return this.#fail(
      sentence`unknown-pickle-instruction: The file holds something besides weights (pickle instruction 0x${{ instruction: instruction.toString(16) }})`,
      'unsupported-model',
      'Get the copy of the model that comes as .safetensors files.',
    );
  }

  #unsafe(what: Sentence): FormatError {
    return new FormatError(
      this.#offset + this.#at,
      sentence`file-runs-a-program: This file wants to run a program when it is opened: besides weights it asks for ${{ what }}`,
      'unsafe-model',
      'Nothing of it was run. Do not open it in other programs; get the model as .safetensors files from its publisher.',
    );
  }
}
