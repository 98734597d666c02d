import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeGguf } from '../../../test/support/gguf-writer.ts';
import { GgmlType } from '../quant/block-formats.ts';
import { blobSource, bytesSource } from './byte-source.ts';
import { parseGguf } from './gguf.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => new Uint8Array(readFileSync(new URL(path, root)));

// The nano chat model: 6 layers, 256 wide, feed-forward 768, 4096 pieces.
function nanoShapes(): Map<string, number[]> {
  const shapes = new Map<string, number[]>([
    ['token_embd.weight', [256, 4096]],
    ['output_norm.weight', [256]],
    ['output.weight', [256, 4096]],
  ]);
  for (let layer = 0; layer < 6; layer++) {
    for (const norm of ['attn_norm', 'ffn_norm']) shapes.set(`blk.${layer}.${norm}.weight`, [256]);
    for (const part of ['attn_q', 'attn_k', 'attn_v', 'attn_output']) {
      shapes.set(`blk.${layer}.${part}.weight`, [256, 256]);
    }
    for (const part of ['ffn_gate', 'ffn_up']) shapes.set(`blk.${layer}.${part}.weight`, [256, 768]);
    shapes.set(`blk.${layer}.ffn_down.weight`, [768, 256]);
  }
  return shapes;
}

const nanoFiles = [
  {
    path: 'public/models/nano-chat/nano-chat-q8_0.gguf',
    fileType: 7,
    typeOf: (_name: string): string => 'Q8_0',
    // From the gguf package's reader.
    landmarks: { 'token_embd.weight': [96832, 1114112], 'blk.5.ffn_down.weight': [7560768, 208896] },
  },
  {
    path: 'test/fixtures/models/nano-chat-q4_0.gguf',
    fileType: 2,
    typeOf: () => 'Q4_0',
    landmarks: { 'token_embd.weight': [96832, 589824], 'blk.5.ffn_down.weight': [4054592, 110592] },
  },
  {
    path: 'test/fixtures/models/nano-chat-q4_k_m.gguf',
    fileType: 15,
    typeOf: (name: string) =>
      name === 'output.weight' || /^blk\.[25]\.(attn_v|ffn_down)\.weight$/.test(name) ? 'Q6_K' : 'Q4_K',
    landmarks: { 'output.weight': [96832, 860160], 'blk.5.ffn_up.weight': [4460096, 110592] },
  },
];

describe.each(nanoFiles)('$path', ({ path, fileType, typeOf, landmarks }) => {
  it('has every tensor, with its shape, type and place', async () => {
    const bytes = read(path);
    const file = await parseGguf(bytesSource(bytes));
    expect(file).toMatchObject({ version: 3, alignment: 32, dataOffset: 96832, bytes: bytes.length });
    const expected = nanoShapes();
    expect(file.tensors.map(tensor => tensor.name).sort()).toEqual([...expected.keys()].sort());
    for (const tensor of file.tensors) {
      const shape = expected.get(tensor.name)!;
      expect(tensor.shape, tensor.name).toEqual(shape);
      expect(tensor.elements).toBe(shape.reduce((product, size) => product * size, 1));
      expect(tensor.typeName, tensor.name).toBe(shape.length === 1 ? 'F32' : typeOf(tensor.name));
      expect(tensor.type).toBe(GgmlType[tensor.typeName]);
      expect(tensor.offset % 32).toBe(0);
    }
    for (const [name, place] of Object.entries(landmarks)) {
      const tensor = file.tensors.find(candidate => candidate.name === name)!;
      expect([tensor.offset, tensor.bytes], name).toEqual(place);
    }
    expect(file.tensors.reduce((sum, tensor) => sum + tensor.bytes, 0)).toBe(bytes.length - 96832);
  });

  it('has its properties', async () => {
    const { metadata } = await parseGguf(bytesSource(read(path)));
    expect(metadata.size).toBe(28);
    const plain = Object.fromEntries([...metadata].filter(([, value]) => typeof value !== 'object'));
    expect(plain).toEqual({
      'general.architecture': 'llama',
      'general.name': 'Bedside nano chat',
      'general.description': 'Demonstration model trained on MedQuAD (CC BY 4.0). Not for clinical use.',
      'general.license': 'CC-BY-4.0',
      'general.author': 'Bedside',
      'general.file_type': fileType,
      'general.quantization_version': 2,
      'llama.vocab_size': 4096,
      'llama.context_length': 2048,
      'llama.embedding_length': 256,
      'llama.block_count': 6,
      'llama.feed_forward_length': 768,
      'llama.attention.head_count': 4,
      'llama.attention.head_count_kv': 4,
      'llama.attention.layer_norm_rms_epsilon': Math.fround(1e-6),
      'llama.rope.dimension_count': 64,
      'llama.rope.freq_base': 10000,
      'tokenizer.ggml.model': 'llama',
      'tokenizer.ggml.pre': 'default',
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
      'tokenizer.ggml.unknown_token_id': 0,
      'tokenizer.ggml.add_bos_token': true,
      'tokenizer.ggml.add_eos_token': false,
      'tokenizer.ggml.add_space_prefix': true,
    });
    const tokens = metadata.get('tokenizer.ggml.tokens') as string[];
    expect(tokens.length).toBe(4096);
    expect(tokens.slice(0, 5)).toEqual(['<unk>', '<s>', '</s>', '<0x00>', '<0x01>']);
    const scores = metadata.get('tokenizer.ggml.scores');
    const types = metadata.get('tokenizer.ggml.token_type');
    expect(scores).toBeInstanceOf(Float32Array);
    expect(types).toBeInstanceOf(Int32Array);
    expect([...(types as Int32Array).slice(0, 4)]).toEqual([2, 3, 3, 6]);
  });
});

const f32Tensor = { name: 'a', type: GgmlType.F32, shape: [4, 2], data: new Uint8Array(32).fill(7) };

describe('parseGguf', () => {
  it.each([2, 3])('reads version %i with every value type', async version => {
    const file = await parseGguf(
      bytesSource(
        writeGguf({
          version,
          metadata: [
            ['u8', 'u8', 200],
            ['i8', 'i8', -100],
            ['u16', 'u16', 65000],
            ['i16', 'i16', -30000],
            ['u32', 'u32', 4e9],
            ['i32', 'i32', -2e9],
            ['f32', 'f32', 0.1],
            ['f64', 'f64', 0.1],
            ['yes', 'bool', 1],
            ['no', 'bool', 0],
            ['u64', 'u64', 2 ** 53 - 1],
            ['i64', 'i64', -(2 ** 53 - 1)],
            ['text', 'string', 'naïve ▁ 心'],
            ['empty', 'string', ''],
            ['__proto__', 'string', 'a key like any other'],
            ['texts', 'string[]', ['a', '', '\ufeff', '▁the']],
            ['numbers', 'f32[]', [0.5, -1]],
            ['integers', 'i32[]', [-1, 2]],
            ['bytes', 'u8[]', [0, 255]],
            ['long', 'u64[]', [1, 2 ** 40]],
            ['signed', 'i64[]', [-(2 ** 40)]],
            ['flags', 'bool[]', [1, 0]],
            ['none', 'string[]', []],
          ],
          tensors: [f32Tensor],
        }),
      ),
    );
    expect(file.version).toBe(version);
    expect([...file.metadata]).toEqual([
      ['u8', 200],
      ['i8', -100],
      ['u16', 65000],
      ['i16', -30000],
      ['u32', 4e9],
      ['i32', -2e9],
      ['f32', Math.fround(0.1)],
      ['f64', 0.1],
      ['yes', true],
      ['no', false],
      ['u64', 2 ** 53 - 1],
      ['i64', -(2 ** 53 - 1)],
      ['text', 'naïve ▁ 心'],
      ['empty', ''],
      ['__proto__', 'a key like any other'],
      ['texts', ['a', '', '\ufeff', '▁the']],
      ['numbers', Float32Array.of(0.5, -1)],
      ['integers', Int32Array.of(-1, 2)],
      ['bytes', Uint8Array.of(0, 255)],
      ['long', Float64Array.of(1, 2 ** 40)],
      ['signed', Float64Array.of(-(2 ** 40))],
      ['flags', [true, false]],
      ['none', []],
    ]);
    expect(file.tensors).toEqual([
      {
        name: 'a',
        type: 0,
        typeName: 'F32',
        shape: [4, 2],
        elements: 8,
        bytes: 32,
        offset: file.dataOffset,
      },
    ]);
  });

  it.each([8, 64, 4096])('honours an alignment of %i', async alignment => {
    const tensors = [f32Tensor, { ...f32Tensor, name: 'b' }];
    const bytes = writeGguf({ alignment, tensors });
    const file = await parseGguf(bytesSource(bytes));
    expect(file.alignment).toBe(alignment);
    expect(file.dataOffset % alignment).toBe(0);
    expect(file.tensors[1]!.offset - file.dataOffset).toBe(Math.max(32, alignment));
    for (const { offset } of file.tensors)
      expect([...bytes.subarray(offset, offset + 32)]).toEqual([...f32Tensor.data]);
  });

  it('reads a file without tensors', async () => {
    const file = await parseGguf(bytesSource(writeGguf({})));
    expect(file.tensors).toEqual([]);
    expect(file.metadata.size).toBe(0);
  });

  it('reads tensors whose data is in another order, with a gap', async () => {
    const tensors = [
      { ...f32Tensor, name: 'later', offset: 64, data: new Uint8Array(96) },
      { ...f32Tensor, name: 'earlier', offset: 0, data: new Uint8Array(0) },
    ];
    const file = await parseGguf(bytesSource(writeGguf({ tensors })));
    expect(file.tensors.map(tensor => tensor.name)).toEqual(['later', 'earlier']);
    expect(file.tensors.map(tensor => tensor.offset - file.dataOffset)).toEqual([64, 0]);
  });

  it('needs no padding after the last tensor', async () => {
    const tensors = [{ ...f32Tensor, shape: [1], data: new Uint8Array(4) }];
    const unpadded = writeGguf({ tensors }).subarray(0, -28);
    expect((await parseGguf(bytesSource(unpadded))).tensors[0]!.bytes).toBe(4);
    await expect(parseGguf(bytesSource(unpadded.subarray(0, -1)))).rejects.toMatchObject({
      code: 'truncated-model',
      offset: unpadded.length - 1,
    });
  });

  it('parses tensors of formats that only the loader refuses', async () => {
    const data = new Uint8Array(17);
    const file = await parseGguf(
      bytesSource(writeGguf({ tensors: [{ name: 'a', type: GgmlType.MXFP4, shape: [32], data }] })),
    );
    expect(file.tensors[0]).toMatchObject({ typeName: 'MXFP4', bytes: 17 });
  });

  it('reads a picked file through slices', async () => {
    const file = await parseGguf(blobSource(new Blob([read(nanoFiles[0]!.path)])));
    expect(file.tensors.length).toBe(57);
  });

  it('stops when asked to', async () => {
    const bytes = writeGguf({ metadata: [['texts', 'string[]', Array(300_000).fill('piece')]] });
    const before = AbortSignal.abort();
    await expect(parseGguf(bytesSource(bytes), { signal: before })).rejects.toMatchObject({
      code: 'aborted',
    });
    const controller = new AbortController();
    const inner = bytesSource(bytes);
    let reads = 0;
    const source = {
      bytes: inner.bytes,
      read(offset: number, length: number) {
        reads++;
        controller.abort();
        return inner.read(offset, length);
      },
    };
    await expect(parseGguf(source, { signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' });
    expect(reads).toBe(1);
  });

  it('does not trust a source that gives fewer bytes than asked', async () => {
    const bytes = writeGguf({ tensors: [f32Tensor] });
    const source = {
      bytes: bytes.length,
      read: async (at: number, n: number) => bytes.slice(at, at + n - 1),
    };
    await expect(parseGguf(source)).rejects.toMatchObject({ code: 'truncated-model' });
  });
});
