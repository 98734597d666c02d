import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import {
  defaultTiling,
  type TilingMode,
  type TilingPreset,
  type TilingSettings,
} from '../../engine/types/tiling.ts';
import { msacPresets } from '../../imaging/grids.ts';
import type { PipelineImage } from '../../imaging/image-pipeline.ts';
import { readImageHeader } from '../../imaging/read-image-header.ts';
import { type Arguments, badArgument, type OptionTable } from './arguments.ts';
import { decodeInNode } from './decode-image.ts';

export const tilingOptions: OptionTable = { tiling: 'value', preset: 'value' };

const modes: TilingMode[] = ['msac', 'dynamic', 'single'];

export function readTiling(args: Arguments): TilingSettings {
  const mode = args.text('tiling') ?? defaultTiling.mode;
  const preset = args.text('preset') ?? defaultTiling.preset;
  if (!modes.includes(mode as TilingMode)) {
    throw badArgument(
      sentence`tiling-option: --tiling must be one of ${{ modes: modes.join(', ') }}, not "${{ found: mode }}".`,
    );
  }
  if (!(preset in msacPresets)) {
    throw badArgument(
      sentence`preset-option: --preset must be one of ${{ presets: Object.keys(msacPresets).join(', ') }}, not "${{ found: preset }}".`,
    );
  }
  return { mode: mode as TilingMode, preset: preset as TilingPreset };
}

/** An image file, identified by its bytes. */
export async function imageFile(path: string): Promise<PipelineImage> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new BedsideError(
      'invalid-request',
      sentence`image-file-cannot-be-read: The image "${{ path }}" cannot be read.`,
      'Check the path and its permissions.',
      cause,
    );
  });
  const { width, height, orientation } = readImageHeader(bytes);
  // From 5 on, the picture lies on its side.
  const upright = orientation < 5 ? { width, height } : { width: height, height: width };
  return {
    ...upright,
    id: createHash('sha256').update(bytes).digest('hex'),
    decode: async () => {
      const { image, stretchedBits } = await decodeInNode(bytes);
      if (stretchedBits) {
        const notice = `its ${stretchedBits}-bit values would look black; they are brightened to 8 bits`;
        process.stderr.write(`${path}: ${notice}.\n`);
      }
      return image;
    },
  };
}
