import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../../test/support/data.ts';
import { PickleWriter } from '../../../test/support/pickle-writer.ts';
import {
  joinPytorch,
  type TorchWriterTensor,
  writePytorch,
  writeTensor,
} from '../../../test/support/pytorch-writer.ts';
import { writeZip } from '../../../test/support/zip-writer.ts';
import { FormatError } from '../errors.ts';
import { bytesSource } from './byte-source.ts';
import { crc32 } from './crc32.ts';
import { parsePytorchCheckpoint } from './pytorch-checkpoint.ts';

/**
 * Files of PyTorch 2.13 (CPU), each `torch.save(..., 'NAME.bin')`:
 *
 *     model = nn.Sequential(nn.Linear(4, 3), nn.LayerNorm(3)).half()  # parameter i: arange(numel) + 100 i
 *     module: model.state_dict()
 *     table = torch.arange(12, dtype=torch.float32).reshape(4, 3)
 *     tensors: {'bf16': torch.arange(6).reshape(2, 3).bfloat16(), 'parameter': nn.Parameter(torch.ones(2)),
 *       'table': table, 'tied': table, 'rows': table[1:3], 'scalar': torch.tensor(7), 'nothing': torch.zeros(0, 5),
 *       'f8': torch.ones(4).to(torch.float8_e4m3fn), 'u16': torch.ones(3, dtype=torch.uint16)}
 *     transposed: {'turned': table.t()}
 *     before-1.6: {'a': torch.ones(2)}, _use_new_zipfile_serialization=False
 *     training-run: {'args': argparse.Namespace(lr=1e-3), 'a': torch.ones(2)}
 *     epoch: {'a': torch.ones(2), 'epoch': 3}
 *     quantised: {'a': torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)}
 *     no-checksums: {'a': torch.ones(2)} after torch.serialization.set_crc32_options(False)
 */
const written = (name: string) => new Uint8Array(readFileSync(fixture(`checkpoints/${name}.bin`)));

const parse = (bytes: Uint8Array) => parsePytorchCheckpoint(bytesSource(bytes));

async function failureOf(bytes: Uint8Array): Promise<string> {
  try {
    await parse(bytes);
    return 'parsed';
  } catch (error) {
    if (error instanceof FormatError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const codeOf = async (bytes: Uint8Array) => (await failureOf(bytes)).replace(/:.*/s, '');

const floats = new Uint8Array(Float32Array.from({ length: 12 }, (_, i) => i).buffer);
const tensor: TorchWriterTensor = { name: 'a', dtype: 'F32', shape: [4, 3], data: floats };
const saying = (says: TorchWriterTensor['says']) => writePytorch([{ ...tensor, says }]);

describe('a checkpoint that PyTorch wrote', () => {
  it('of a module says where its tensors lie', async () => {
    const file = written('module');
    const tensors = await parse(file);
    expect([...tensors.values()].map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
      ['0.weight', 'F16', [3, 4]],
      ['0.bias', 'F16', [3]],
      ['1.weight', 'F16', [3]],
      ['1.bias', 'F16', [3]],
    ]);
    const { offset, bytes } = tensors.get('0.bias')!;
    // 100, 101, 102 as halves.
    expect([...new Uint16Array(file.slice(offset, offset + bytes).buffer)]).toEqual([0x5640, 0x5650, 0x5660]);
  });

  it('of tensors of every kind says where they lie, also those that share their numbers', async () => {
    const file = written('tensors');
    const tensors = await parse(file);
    const described = [...tensors].map(([name, { dtype, shape, bytes }]) => [name, dtype, shape, bytes]);
    expect(described).toEqual([
      ['bf16', 'BF16', [2, 3], 12],
      ['parameter', 'F32', [2], 8],
      ['table', 'F32', [4, 3], 48],
      ['tied', 'F32', [4, 3], 48],
      ['rows', 'F32', [2, 3], 24],
      ['scalar', 'I64', [], 8],
      ['nothing', 'F32', [0, 5], 0],
      ['f8', 'F8_E4M3', [4], 4],
      ['u16', 'U16', [3], 6],
    ]);
    const data = (name: string) => {
      const { offset, bytes } = tensors.get(name)!;
      return file.slice(offset, offset + bytes).buffer;
    };
    expect([...new Float32Array(data('tied'))]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect([...new Float32Array(data('rows'))]).toEqual([3, 4, 5, 6, 7, 8]);
    expect([...new BigInt64Array(data('scalar'))]).toEqual([7n]);
    expect([...new Uint16Array(data('bf16'))]).toEqual([0, 0x3f80, 0x4000, 0x4040, 0x4080, 0x40a0]);
  });

  it('with or without checksums is read', async () => {
    expect((await parse(written('no-checksums'))).get('a')).not.toHaveProperty('crc32');
    const file = written('tensors');
    const tensors = await parse(file);
    const { offset, bytes, crc32: sum } = tensors.get('tied')!;
    expect(sum).toBe(crc32(file.subarray(offset, offset + bytes)));
    expect(tensors.get('rows')).not.toHaveProperty('crc32');
  });

  it.each([
    ['transposed', /^unsupported-model: .*do not follow one another/],
    ['before-1.6', /^unsupported-model: .*before PyTorch 1.6/],
    ['training-run', /^unsafe-model: .*"argparse.Namespace"/],
    ['epoch', /^unsupported-model: .*"epoch" is no tensor/],
    ['quantised', /^unsupported-model: .*"_rebuild_qtensor"/],
  ])('%s is refused', async (name, message) => {
    expect(await failureOf(written(name))).toMatch(message);
  });

  it('is refused wherever it is cut', async () => {
    const file = written('module');
    for (let length = 4; length < file.length; length++) {
      expect(await codeOf(file.subarray(0, length)), `cut at ${length}`).toBe('truncated-model');
    }
    for (let length = 0; length < 4; length++) {
      expect(await codeOf(file.subarray(0, length)), `cut at ${length}`).toBe('invalid-model');
    }
  });

  it('with any byte of its list changed is refused', async () => {
    const file = written('module');
    const start = 64;
    for (let at = start; at < start + 452; at++) {
      const bytes = file.slice();
      bytes[at]! ^= 0x41;
      expect(await failureOf(bytes), `byte ${at}`).toMatch(/^invalid-model: .*checksum/);
    }
  });
});

describe('a checkpoint', () => {
  it('that was written as PyTorch writes it is read', async () => {
    const file = writePytorch([tensor, { ...tensor, name: 'b', shape: [12] }]);
    const { offset, bytes } = (await parse(file)).get('b')!;
    expect(file.slice(offset, offset + bytes)).toEqual(floats);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['a part past its storage', saying({ offset: 1 }), /^invalid-model: A weight is larger than/],
    ['more numbers than its storage', saying({ shape: [5, 3] }), /^invalid-model: A weight is larger than/],
    [
      'sizes past exact numbers',
      saying({ shape: [2 ** 40, 2 ** 40], strides: [0, 0] }),
      /^unsupported-model: /,
    ],
    ['nothing times everything', saying({ shape: [0, 2 ** 52] }), /^invalid-model: The description/],
    ['a size below zero', saying({ shape: [-1, 3] }), /^invalid-model: The description/],
    ['an offset below zero', saying({ offset: -1 }), /^invalid-model: The description/],
    ['fewer strides than sizes', saying({ strides: [1] }), /^invalid-model: The description/],
    ['rows that repeat', saying({ strides: [0, 1] }), /^unsupported-model: .*follow one another/],
    ['gaps', saying({ shape: [2, 3], strides: [6, 1] }), /^unsupported-model: .*follow one another/],
    ['a storage that is not there', saying({ key: '7' }), /^invalid-model: .*"a" are not in the file/],
    ['a storage out of the folder', saying({ key: '../data.pkl' }), /^invalid-model: .*not in the file/],
    ['a storage of another size', saying({ elements: 13 }), /^invalid-model: .*needs 52 bytes, but .* 48/],
    ['a storage of everything', saying({ elements: 2 ** 50 }), /^invalid-model: .*but the file holds 48/],
    ['an unknown storage', saying({ storageType: 'QInt8Storage' }), /^unsupported-model: .*"QInt8Storage"/],
    ['a storage that is none', saying({ storageType: 'load' }), /^unsafe-model: .*"torch.load"/],
    ['a type for a storage', saying({ storageType: 'float8_e5m2' }), /^invalid-model: The description/],
  ])('with %s is refused', async (_what, bytes, message) => {
    expect(await failureOf(bytes)).toMatch(message);
  });

  it.each<[string, PickleWriter, string]>([
    [
      'a program among its weights',
      new PickleWriter()
        .protocol()
        .code('}')
        .text('a')
        .global('os', 'system')
        .text('true')
        .raw(0x85)
        .code('Rs'),
      'unsafe-model',
    ],
    [
      'a loader of other files',
      new PickleWriter().protocol().global('torch', 'load').text('other.bin').raw(0x85).code('R'),
      'unsafe-model',
    ],
    ['one tensor alone', writeTensor(new PickleWriter().protocol(), tensor, '0'), 'unsupported-model'],
    [
      'a tensor of a text',
      new PickleWriter()
        .protocol()
        .global('torch._utils', '_rebuild_tensor_v2')
        .text('a')
        .raw(0x85)
        .code('R'),
      'invalid-model',
    ],
    [
      'a parameter of nothing',
      new PickleWriter()
        .protocol()
        .global('torch._utils', '_rebuild_parameter')
        .code('(N')
        .raw(0x89)
        .code('}tR'),
      'invalid-model',
    ],
    [
      'a table from pairs',
      new PickleWriter().protocol().global('collections', 'OrderedDict').code('N').raw(0x85).code('R'),
      'invalid-model',
    ],
    [
      'a reference to no storage',
      new PickleWriter().protocol().text('0').raw(0x85).code('Q'),
      'invalid-model',
    ],
  ])('of %s is refused', async (_what, pickle, code) => {
    expect(await codeOf(joinPytorch(pickle.finish(), [floats]))).toBe(code);
  });

  it('needs exactly one list', async () => {
    const list = (name: string) => ({ name, data: new PickleWriter().protocol().code('}').finish() });
    expect(await codeOf(writeZip([list('a/data.pkl')]))).toBe('parsed');
    for (const entries of [
      [],
      [list('data.pkl')],
      [list('a/b/data.pkl')],
      [list('a/data.pkl'), list('b/data.pkl')],
    ]) {
      expect(await failureOf(writeZip([{ name: 'x', data: floats }, ...entries]))).toMatch(
        /^invalid-model: .*no list/,
      );
    }
  });

  it('in another byte order is refused', async () => {
    const data = new PickleWriter().protocol().code('}').finish();
    const order = { name: 'a/byteorder', data: new TextEncoder().encode('big') };
    expect(await failureOf(writeZip([{ name: 'a/data.pkl', data }, order]))).toMatch(
      /^unsupported-model: .*byte order/,
    );
  });

  it('is read from its list, without its weights', async () => {
    let most = 0;
    const file = writePytorch([{ ...tensor, shape: [4000, 3], data: new Uint8Array(48_000) }]);
    await parsePytorchCheckpoint({
      bytes: file.length,
      async read(offset, length) {
        most = Math.max(most, length);
        return file.subarray(offset, offset + length);
      },
    });
    expect(most).toBeLessThan(1000);
  });
});
