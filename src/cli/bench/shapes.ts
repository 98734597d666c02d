import type { MatrixShape } from '../../engine/kernels/registry/kernel-entry.ts';
import { sentence } from '../../engine/sentence.ts';
import { badArgument } from '../input/arguments.ts';

/** PMC-LLaMA-13B: attention, gate and up, down, output. InternLM2-1.8B: down. */
export const productShapes = ['5120x5120', '13824x5120', '5120x13824', '32001x5120', '2048x8192'];

/** "ROWSxCOLUMNS,...". Columns must be whole blocks of every measured format: a multiple of 256. */
export function parseShapes(text: string): MatrixShape[] {
  return text.split(',').map(word => {
    const match = /^(\d+)x(\d+)$/.exec(word.trim());
    const shape = { rows: Number(match?.[1]), columns: Number(match?.[2]) };
    if (!match || shape.rows < 1 || shape.columns < 256 || shape.columns % 256 !== 0) {
      throw badArgument(
        sentence`not-a-shape: "${{ shape: word }}" is not a shape: ROWSxCOLUMNS, columns a multiple of 256, e.g. 13824x5120.`,
      );
    }
    return shape;
  });
}

/** "1,128,512" for the option --name. */
export function parseCounts(text: string, name: string): number[] {
  return text.split(',').map(word => {
    const count = Number(word);
    if (word.trim() === '' || !Number.isInteger(count) || count < 1)
      throw badArgument(
        sentence`option-of-whole-numbers: --${{ option: name }} must be whole numbers from 1, separated by commas, not "${{ found: text }}".`,
      );
    return count;
  });
}
