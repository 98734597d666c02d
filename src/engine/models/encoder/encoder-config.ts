import { BedsideError, FormatError } from '../../errors.ts';
import type { GgufFile } from '../../formats/gguf.ts';
import {
  getNumber,
  getNumberArray,
  getOptionalBoolean,
  getOptionalNumber,
  getOptionalString,
  getString,
} from '../../formats/gguf-metadata.ts';
import { isNo, isZero, type PropertyRule } from '../../formats/known-properties.ts';
import { printableText } from '../../printable-text.ts';
import { type Sentence, sentence } from '../../sentence.ts';
import type { EncoderKind, Resampling } from '../../types/model.ts';

/** Hyper-parameters that image encoders have in common. */
export interface EncoderConfig {
  kind: EncoderKind;
  name: string;
  layers: number;
  hidden: number;
  heads: number;
  headDim: number;
  feedForward: number;
  /** Side of a tile in pixels. */
  tileSize: number;
  /** Side of a patch in pixels. */
  patchSize: number;
  /** Patches along a side. */
  side: number;
  /** Rows of the encoder for one tile: the patches, and the class token where there is one. */
  positions: number;
  /** Visual tokens of one tile. */
  tokensPerTile: number;
  /** Width of a visual token: the language model's hidden size. */
  projected: number;
  /** Of the encoder's layer norms. */
  epsilon: number;
  mean: readonly [number, number, number];
  std: readonly [number, number, number];
  /** How a picture is brought to the size of its tiles. */
  resample: Resampling;
  /** A picture is one tile, whatever the settings of tiling. */
  showsWhole: boolean;
}

export function refuseEncoder(what: Sentence): never {
  throw new FormatError(
    0,
    what,
    'unsupported-model',
    'Choose the mmproj file of MedGemma 4B, InternVL2-2B or Mini-Monkey, in GGUF format.',
  );
}

/** True for an image encoder (mmproj), which goes with a language model but is not one. */
export function isVisionFile(file: GgufFile): boolean {
  return getOptionalString(file, 'general.architecture') === 'clip';
}

/** Which encoder an mmproj file holds, by the name of what comes behind it. */
export function readEncoderKind(file: GgufFile): EncoderKind {
  const architecture = getString(file, 'general.architecture');
  if (architecture !== 'clip') {
    refuseEncoder(
      sentence`not-an-encoder-file: This file is a model of the architecture "${{ architecture: printableText(architecture, 32) ?? '' }}", not an image encoder (mmproj)`,
    );
  }
  const projector =
    getOptionalString(file, 'clip.projector_type') ?? getOptionalString(file, 'clip.vision.projector_type');
  if (projector === 'internvl') return 'intern-vit';
  if (projector === 'gemma3') return 'siglip';
  return refuseEncoder(
    sentence`encoder-kind-is-not-supported: Image encoders of the kind "${{ kind: printableText(projector, 32) ?? 'unnamed' }}" are not supported`,
  );
}

/** A whole number of an encoder's properties. */
export function readInteger(
  file: GgufFile,
  name: string,
  least: number,
  most: number,
  fallback?: number,
): number {
  const key = `clip.vision.${name}`;
  const value = fallback === undefined ? getNumber(file, key) : (getOptionalNumber(file, key) ?? fallback);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new FormatError(
      0,
      sentence`property-out-of-range: The property ${{ property: key }} is ${{ found: value }}, outside ${{ least }} to ${{ most }}`,
    );
  }
  return value;
}

function readColours(file: GgufFile, name: string): readonly [number, number, number] {
  const values = getNumberArray(file, `clip.vision.${name}`);
  if (values.length !== 3 || !Array.from(values).every(value => Number(value) >= 0 && Number(value) <= 1)) {
    throw new FormatError(
      0,
      sentence`property-is-not-three-numbers: The property clip.vision.${{ property: name }} must be three numbers from 0 to 1`,
    );
  }
  return Array.from(values, Number) as unknown as readonly [number, number, number];
}

/**
 * What the properties of every encoder say alike. Both kinds have GELU, which llama.cpp computes as its "gelu": the exact one or
 * the tangent formula, by the kind.
 */
export function readCommonConfig(file: GgufFile) {
  if (getOptionalBoolean(file, 'clip.has_vision_encoder') === false)
    refuseEncoder(sentence`file-without-encoder: This file has no image encoder`);
  // Without either of them llama.cpp computes a third function, GELU by its quick approximation.
  if (getOptionalBoolean(file, 'clip.use_silu') === true)
    refuseEncoder(
      sentence`silu-is-not-supported: SiLU in the image encoder is not supported (the property "clip.use_silu")`,
    );
  if (getOptionalBoolean(file, 'clip.use_gelu') !== true)
    refuseEncoder(
      sentence`quick-gelu-is-not-supported: Quick GELU in the image encoder is not supported (the property "clip.use_gelu" is not set)`,
    );
  const integer = (name: string, least: number, most: number) => readInteger(file, name, least, most);
  const hidden = integer('embedding_length', 4, 16384);
  const heads = integer('attention.head_count', 1, 256);
  const headDim = hidden / heads;
  if (!Number.isInteger(headDim) || headDim % 4 !== 0 || headDim > 128) {
    refuseEncoder(
      sentence`encoder-size-is-not-supported: An image encoder with ${{ heads }} heads on ${{ hidden }} dimensions is not supported`,
    );
  }
  const std = readColours(file, 'image_std');
  if (std.some(value => value === 0))
    throw new FormatError(0, sentence`image-std-has-a-zero: The property clip.vision.image_std has a zero`);
  const epsilonKey = 'clip.vision.attention.layer_norm_epsilon';
  const epsilon = getNumber(file, epsilonKey);
  if (!(epsilon > 0 && epsilon <= 0.01))
    throw new FormatError(
      0,
      sentence`property-has-wrong-value: The property ${{ property: epsilonKey }} is ${{ found: epsilon }}`,
    );
  return {
    name: printableText(getOptionalString(file, 'general.name'), 96) ?? 'Unnamed image encoder',
    layers: integer('block_count', 1, 256),
    hidden,
    heads,
    headDim,
    feedForward: integer('feed_forward_length', 4, 1 << 18),
    tileSize: integer('image_size', 2, 4096),
    patchSize: integer('patch_size', 1, 256),
    projected: integer('projection_dim', 4, 65536),
    epsilon,
    mean: readColours(file, 'image_mean'),
    std,
  };
}

export function refuseTileSize({
  tileSize,
  patchSize,
}: Pick<EncoderConfig, 'tileSize' | 'patchSize'>): never {
  return refuseEncoder(
    sentence`tile-size-is-not-supported: Tiles of ${{ tilePixels: tileSize }} pixels in patches of ${{ patchPixels: patchSize }} are not supported`,
  );
}

/** Every property `clip.*` that both kinds may have (gguf/constants.py; llama.cpp's tools/mtmd/clip-impl.h). */
export function commonProperties(tileSize: number): Readonly<Record<string, PropertyRule>> {
  return {
    projector_type: 'read',
    'vision.projector_type': 'read',
    has_vision_encoder: 'read',
    use_silu: 'read',
    use_gelu: 'read',
    'vision.image_size': 'read',
    'vision.patch_size': 'read',
    'vision.embedding_length': 'read',
    'vision.feed_forward_length': 'read',
    'vision.block_count': 'read',
    'vision.attention.head_count': 'read',
    'vision.attention.layer_norm_epsilon': 'read',
    'vision.projection_dim': 'read',
    'vision.projector.scale_factor': 'read',
    'vision.image_mean': 'read',
    'vision.image_std': 'read',
    'vision.preproc_image_size': value => value === tileSize,
    has_text_encoder: isNo,
    has_audio_encoder: isNo,
    has_llava_projector: isNo,
    'vision.n_wa_pattern': isZero,
    'vision.window_size': isZero,
  };
}

export function noVisionModelError(): BedsideError {
  return new BedsideError(
    'no-vision-model',
    sentence`model-reads-text-only: The model that is loaded reads text only; it cannot see images.`,
    'Choose a model that sees images, or ask without the image.',
  );
}
