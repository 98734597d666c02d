import type { GgufFile } from '../../formats/gguf.ts';
import { refuseUnknownProperties } from '../../formats/known-properties.ts';
import { sentence } from '../../sentence.ts';
import {
  commonProperties,
  type EncoderConfig,
  readCommonConfig,
  readInteger,
  refuseEncoder,
  refuseTileSize,
} from '../encoder/encoder-config.ts';

/** Hyper-parameters of an InternViT encoder with InternVL's projector: a class token first, and 2 x 2 patches a visual token. */
export interface InternVitConfig extends EncoderConfig {
  kind: 'intern-vit';
}

/** PyTorch's default, which the projector's layer norm was trained with. */
export const projectorEpsilon = 1e-5;

/** Reads and checks the hyper-parameters of an mmproj file; its tensors are checked by `checkInternVitTensors`. */
export function readInternVitConfig(file: GgufFile): InternVitConfig {
  const common = readCommonConfig(file);
  const side = common.tileSize / common.patchSize;
  if (!Number.isInteger(side) || side % 2 !== 0) refuseTileSize(common);
  if (readInteger(file, 'projector.scale_factor', 1, 16, 2) !== 2)
    refuseEncoder(sentence`merge-is-not-supported: Only 2 x 2 patches a visual token are supported`);
  const known = {
    ...commonProperties(common.tileSize),
    // How many tiles: the settings say it.
    'vision.preproc_min_tiles': 'harmless',
    'vision.preproc_max_tiles': 'harmless',
  } as const;
  refuseUnknownProperties(file, 'clip', known, refuseEncoder);
  return {
    kind: 'intern-vit',
    ...common,
    side,
    positions: side * side + 1,
    tokensPerTile: (side * side) / 4,
    resample: 'bicubic',
    showsWhole: false,
  };
}
