import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { readBuffer } from '../device/readback.ts';
import type { WebGpuDevice } from './device.ts';
import { definePackedBytes, hasPackedBytes } from './packed-bytes.ts';
import { PipelineCache } from './pipelines.ts';

// [words, 9] u32: the word's signed bytes, its unsigned bytes, and the signed ones packed again.
const kernel = `
@group(0) @binding(0) var<storage, read> words: array<u32>;
@group(0) @binding(1) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>) {
  let signed = unpack4xI8(words[workgroup.x]);
  let unsigned = unpack4xU8(words[workgroup.x]);
  for (var i = 0u; i < 4; i++) {
    out[workgroup.x * 9 + i] = bitcast<u32>(signed[i]);
    out[workgroup.x * 9 + 4 + i] = unsigned[i];
  }
  // Only the low byte of each number counts.
  out[workgroup.x * 9 + 8] = pack4xI8(signed + vec4<i32>(256, -512, 0, 1 << 20));
}`;

const words = new Uint32Array([0, 0xffffffff, 0x80808080, 0x7f7f7f7f, 0x81ff007f, 0x01020304, 0xfe80017f]);

describe.each(computeAdapters)('packed bytes on %s', adapter => {
  let device: WebGpuDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  it.each([
    ["the browser's functions", true],
    ['our own', false],
  ])('%s take words apart and join them', async (_, hasPackedBytes) => {
    const pipelines = new PipelineCache(device.gpu, { hasPackedBytes });
    const pipeline = await pipelines.get({ label: 'bytes', code: kernel, entryPoint: 'main' });
    const input = await device.memory.storage('words', words.byteLength);
    const out = await device.memory.storage('out', words.length * 9 * 4);
    device.write(input, 0, words);
    const encoder = device.gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const entries = [input, out].map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(0, device.gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(words.length);
    pass.end();
    device.gpu.queue.submit([encoder.finish()]);
    const read = new Uint32Array(await readBuffer(device, out, words.length * 9 * 4));
    const expected = [...words].flatMap(word => {
      const bytes = new Uint8Array(Uint32Array.of(word).buffer);
      return [...Uint32Array.from(new Int8Array(bytes.buffer)), ...bytes, word];
    });
    expect([...read]).toEqual(expected);
  });
});

it('asks for the language feature, which a browser may not list or may list nothing at all', () => {
  expect(hasPackedBytes({ wgslLanguageFeatures: new Set(['packed_4x8_integer_dot_product']) } as never)).toBe(
    true,
  );
  expect(hasPackedBytes({ wgslLanguageFeatures: new Set(['pointer_composite_access']) } as never)).toBe(
    false,
  );
  expect(hasPackedBytes({})).toBe(false);
});

it('leaves a kernel that calls none of them alone', () => {
  expect(definePackedBytes('enable f16;\nfn main() {}')).toBe('enable f16;\nfn main() {}');
});
