import { afterEach, expect, test, vi } from 'vitest';
import { knowsRelaxedSimd, loadKernelModule } from './kernel-module.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('what tells whether relaxed SIMD is known is as sound as any module, but for that', () => {
  const sound: boolean[] = [];
  const { validate } = WebAssembly;
  vi.spyOn(WebAssembly, 'validate').mockImplementation(bytes => {
    // The same with an instruction that every engine has: f32x4.add, padded as wide, and one operand dropped.
    const plain = new Uint8Array(bytes as Uint8Array);
    const at = plain.lastIndexOf(0xfd);
    plain.set([0xfd, 0xe4, 0x01], at);
    plain.set([0x01, 0x01, 0x01, 0x01], at - 4);
    sound.push(validate(plain));
    return validate(bytes);
  });
  const isKnown = knowsRelaxedSimd();
  expect(sound).toEqual([true]);
  vi.restoreAllMocks();
  // Where it is known, so is the build that was made for it.
  const loading = loadKernelModule('relaxed');
  return isKnown
    ? expect(loading).resolves.toMatchObject({ build: 'relaxed' })
    : expect(loading).rejects.toMatchObject({ code: 'no-processor' });
});
