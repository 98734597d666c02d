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

/** Hyper-parameters of a SigLIP encoder with Gemma 3's projector: no class token, and means of patches as visual tokens. */
export interface SiglipConfig extends EncoderConfig {
  kind: 'siglip';
  /** A visual token is the mean of `factor` x `factor` patches. */
  factor: number;
}

/** Of the files that do not say it, by llama.cpp's tools/mtmd/clip.cpp: 64 x 64 patches are 256 tokens. */
const usualFactor = 4;

const mostTokens = 512;

/** Reads and checks the hyper-parameters of an mmproj file; its tensors are checked by `checkSiglipTensors`. */
export function readSiglipConfig(file: GgufFile): SiglipConfig {
  const common = readCommonConfig(file);
  const side = common.tileSize / common.patchSize;
  if (!Number.isInteger(side)) refuseTileSize(common);
  const factor = readInteger(file, 'projector.scale_factor', 1, 256, usualFactor);
  if (side % factor !== 0)
    refuseEncoder(
      sentence`pooling-is-not-supported: ${{ side }} patches a side cannot be pooled ${{ factor }} by ${{ across: factor }}`,
    );
  // Attention reads the tokens of a picture at once.
  const tokens = (side / factor) ** 2;
  if (tokens > mostTokens)
    refuseEncoder(
      sentence`picture-of-too-many-tokens: Pictures of ${{ tokens }} visual tokens are not supported`,
    );
  refuseUnknownProperties(file, 'clip', commonProperties(common.tileSize), refuseEncoder);
  return {
    kind: 'siglip',
    ...common,
    side,
    positions: side * side,
    factor,
    tokensPerTile: tokens,
    resample: 'bilinear',
    showsWhole: true,
  };
}
