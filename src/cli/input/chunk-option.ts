import { type ChunkTokens, chunkLengths, isChunkTokens } from '../../engine/loading/chunk-tokens.ts';
import { sentence } from '../../engine/sentence.ts';
import { type Arguments, badArgument, type OptionTable } from './arguments.ts';

/** Of every command that reads prompts. */
export const chunkOptions: OptionTable = { chunk: 'value' };

/** --chunk N: tokens of a prompt that are read at once, at most; without it the device decides. */
export function readChunk(args: Arguments): ChunkTokens | undefined {
  const tokens = args.integer('chunk');
  if (tokens === undefined || isChunkTokens(tokens)) return tokens;
  throw badArgument(sentence`chunk-option: --chunk must be one of ${{ lengths: chunkLengths.join(', ') }}.`);
}
