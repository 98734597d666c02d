import { describe, expect, it } from 'vitest';
import { computeAdapters, openAsGpu, openDevice } from '../../../test/support/gpu.ts';
import { describeTuner } from '../../../test/support/tuner-suite.ts';
import { readBuffer } from '../device/readback.ts';
import { createReads, readSums } from '../kernels/bench-read.ts';

for (const adapter of computeAdapters) {
  describeTuner(adapter, async () => {
    const device = await openAsGpu(adapter);
    const { get } = device.pipelines;
    return {
      device,
      lose: () => device.gpu.destroy(),
      miscompile(rewrite) {
        device.pipelines.get = spec => get.call(device.pipelines, { ...spec, code: rewrite(spec) });
      },
    };
  });
}

describe.each(computeAdapters)('reading on %s', adapter => {
  it('reads every word of a buffer once', async () => {
    const device = await openDevice(adapter);
    // Some invocations read four vectors and more, some none.
    const words = Uint32Array.from(
      { length: 4 * (5 * readSums + 77) },
      (_, i) => Math.imul(i, 2654435761) >>> 0,
    );
    const buffer = await device.memory.storage('words', words.byteLength);
    device.write(buffer, 0, words);
    const before = device.memory.snapshot();
    const [read] = await createReads(device, [{ buffer, offset: 0, size: buffer.size }]);
    const [out] = [...device.memory.snapshot()].filter(each => !before.has(each));
    const commands = device.begin();
    commands.launch([read!], { position: 0, tokens: 1 });
    commands.submit();
    const sums = new Uint32Array(await readBuffer(device, out!, readSums * 4));
    const expected = new Uint32Array(readSums);
    for (const [i, word] of words.entries()) expected[Math.floor(i / 4) % readSums]! ^= word;
    expect(sums).toEqual(expected);
    device.destroy();
  });
});
