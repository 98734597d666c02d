import type { Block } from './tokens.ts';

/**
 * The aria-level of each block (0 for what is no heading). Answers start under the message's own level-2
 * heading and skip no level, whatever the model wrote.
 */
export function headingLevels(blocks: readonly Block[]): number[] {
  let previousLevel = 2;
  let shallowest = 7;
  return blocks.map(block => {
    if (block.type !== 'heading') return 0;
    shallowest = Math.min(shallowest, block.depth);
    const level = Math.min(3 + block.depth - shallowest, previousLevel + 1, 6);
    previousLevel = level;
    return level;
  });
}
