import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import type { ImagePresentation } from '../../engine/types/presentation.ts';
import {
  defaultTiling,
  type TilingMode,
  type TilingPreset,
  type TilingSettings,
} from '../../engine/types/tiling.ts';
import type { DecodedFile } from '../../imaging/decode.ts';
import { msacPresets } from '../../imaging/grids.ts';
import type { PipelineImage } from '../../imaging/image-pipeline.ts';
import { lookAtFile } from '../../imaging/presented/look-at-file.ts';
import { openImage } from '../../imaging/presented/open-image.ts';
import { renderPicture } from '../../imaging/presented/render-picture.ts';
import { type Arguments, badArgument, type OptionTable } from './arguments.ts';
import { decodeInNode } from './decode-image.ts';
import { noOptions, type PresentationOptions, presentationOf } from './presentation.ts';

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

export interface CliImage extends PipelineImage {
  presentation: ImagePresentation;
}

/** An image file, identified by its bytes, shown as `presentation` says. */
export async function imageFile(
  path: string,
  presentation: PresentationOptions = noOptions,
): Promise<CliImage> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new BedsideError(
      'invalid-request',
      sentence`image-file-cannot-be-read: The image "${{ path }}" cannot be read.`,
      'Check the path and its permissions.',
      cause,
    );
  });
  const file = new Blob([Uint8Array.from(bytes)]);
  const { size } = await lookAtFile(file);
  const open = once(() => openImage(file, decodeBlob));
  const shown = await presentationOf(presentation, open);
  return {
    ...size,
    id: createHash('sha256').update(bytes).digest('hex'),
    presentation: shown,
    async decode() {
      const image = await open();
      if (image.stretchedBits && shown.window === null) {
        const notice = `its ${image.stretchedBits}-bit values would look black; they are brightened to 8 bits`;
        process.stderr.write(`${path}: ${notice}.\n`);
      }
      return renderPicture(image, shown);
    },
  };
}

async function decodeBlob(file: Blob): Promise<DecodedFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { ...(await decodeInNode(bytes)), bytes };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
