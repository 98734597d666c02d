import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/run-kernels.ts';
import { resizePositionTable } from './position-table.ts';

describe('the position table', () => {
  // torch.nn.functional.interpolate(arange(9).view(1, 1, 3, 3) ** 2, size=(4, 4), mode="bicubic")
  const expected = [
    [-0.68686, -0.5641, 0.91175, 2.6771],
    [2.49059, 4.78462, 9.65483, 13.59144],
    [19.01332, 24.70171, 34.87837, 42.20934],
    [36.97397, 44.83363, 58.40466, 67.90689],
  ].flat();

  it('of another grid is interpolated as PyTorch does', () => {
    const table = Float32Array.from([100, ...Array.from({ length: 9 }, (_, i) => i * i)]);
    const resized = resizePositionTable(table, 1, 3, 4);
    expect(resized[0]).toBe(100);
    expect(resized.length).toBe(17);
    expectClose(resized.subarray(1), expected, 1e-4);
    expect(resizePositionTable(table, 1, 3, 3)).toBe(table);
  });
});
