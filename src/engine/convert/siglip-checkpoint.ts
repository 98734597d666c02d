import { sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';
import { type ImageSettings, readAlike } from './image-settings.ts';
import type { JsonSettings } from './json-settings.ts';
import { preprocessorSettings, siglipSettings } from './known-settings.ts';
import { type PlannedTensor, planMatrix, planVector, type TensorPicker } from './planned-tensor.ts';

/** Hyper-parameters of a SigLIP encoder and Gemma 3's projector, by configuration_siglip.py and configuration_gemma3.py. */
export interface SiglipEncoder {
  kind: 'siglip';
  layers: number;
  hidden: number;
  heads: number;
  feedForward: number;
  /** Side of a picture in pixels. */
  tileSize: number;
  patchSize: number;
  /** The patches of one picture. */
  positions: number;
  /** A visual token is the mean of so many patches across and down. */
  factor: number;
  epsilon: number;
  mean: readonly number[];
  std: readonly number[];
}

/** Pillow's number for bilinear. */
const bilinear = 2;

/**
 * @param config of the whole model
 * @param pictures how they are prepared; what is left out has the value that Gemma3ImageProcessor gives it
 */
export function readSiglipEncoder(config: JsonSettings, pictures: readonly ImageSettings[]): SiglipEncoder {
  const vision = config.section('vision_config');
  vision.require('hidden_act', 'gelu_pytorch_tanh', 'gelu_pytorch_tanh');
  vision.require('num_channels', 3, 3);
  const hidden = vision.integer('hidden_size', 4, 16384, 768);
  const heads = vision.integer('num_attention_heads', 1, 256, 12);
  const tileSize = vision.integer('image_size', 2, 4096, 224);
  const patchSize = vision.integer('patch_size', 1, 256, 16);
  const tokens = config.integer('mm_tokens_per_image', 1, 1 << 20, 256);
  const side = tileSize / patchSize;
  const factor = side / Math.sqrt(tokens);
  const headDim = hidden / heads;
  if (!Number.isInteger(side) || !Number.isInteger(factor) || headDim % 4 !== 0 || headDim > 128) {
    throw checkpointError(
      'unsupported-model',
      sentence`siglip-cannot-be-converted: An image encoder with ${{ heads }} heads on ${{ hidden }} dimensions, and ${{ tokens }} visual tokens of pictures of ${{ tilePixels: tileSize }} pixels in patches of ${{ patchPixels: patchSize }}, is not supported`,
    );
  }
  const encoder = {
    kind: 'siglip' as const,
    layers: vision.integer('num_hidden_layers', 1, 256, 12),
    hidden,
    heads,
    feedForward: vision.integer('intermediate_size', 4, 1 << 18, 3072),
    tileSize,
    patchSize,
    positions: side * side,
    factor,
    epsilon: vision.real('layer_norm_eps', 1e-12, 0.01, 1e-6),
  };
  vision.refuseOthers(siglipSettings);
  return { ...encoder, ...readAlike(pictures, each => readPictures(each, tileSize, tokens)) };
}

function readPictures({ settings, file }: ImageSettings, tileSize: number, tokens: number) {
  for (const name of ['do_resize', 'do_rescale', 'do_normalize']) settings.require(name, true, true);
  settings.require('do_pan_and_scan', false, false);
  settings.require('resample', bilinear, bilinear);
  settings.require('image_seq_length', tokens, tokens);
  const factor = settings.real('rescale_factor', 0, 1, 1 / 255);
  if (Math.abs(factor * 255 - 1) > 1e-6) settings.require('rescale_factor', 1 / 255);
  if (settings.value('size') !== undefined) {
    const size = settings.section('size');
    for (const name of ['height', 'width']) size.require(name, tileSize);
  }
  const colours = (name: string) => {
    const value = settings.value(name) ?? [0.5, 0.5, 0.5];
    const isRight = (number: unknown) => typeof number === 'number' && number >= 0 && number <= 1;
    if (!Array.isArray(value) || value.length !== 3 || !value.every(isRight)) {
      throw checkpointError(
        'invalid-model',
        sentence`colours-are-not-three-numbers: In ${{ file }}, "${{ setting: name }}" is not three numbers from 0 to 1`,
      );
    }
    return value as number[];
  };
  const [mean, std] = [colours('image_mean'), colours('image_std')];
  settings.refuseOthers(preprocessorSettings);
  return { mean, std };
}

/** Whether a tensor of a Gemma 3 checkpoint is part of the image encoder or its projector. */
export function isSiglipTensor(name: string): boolean {
  return name.startsWith('vision_tower.') || name.startsWith('multi_modal_projector.');
}

/** The tensors under the names of llama.cpp's mmproj files: matrices as `type`, the rest F32. */
export function planSiglipTensors(
  tensors: TensorPicker,
  config: SiglipEncoder,
  projected: number,
  type: 'F32' | 'F16' | 'BF16',
): PlannedTensor[] {
  const { hidden, feedForward, patchSize, positions } = config;
  const vector = (name: string, from: string, size: number) => planVector(name, tensors.take(from, [size]));
  const pair = (to: string, from: string, size: number) => [
    vector(`${to}.weight`, `${from}.weight`, size),
    vector(`${to}.bias`, `${from}.bias`, size),
  ];
  const linear = (to: string, from: string, rows: number, columns: number): PlannedTensor[] => [
    planMatrix(`${to}.weight`, tensors.take(`${from}.weight`, [rows, columns]), type),
    vector(`${to}.bias`, `${from}.bias`, rows),
  ];
  const model = 'vision_tower.vision_model';
  const embeddings = `${model}.embeddings`;
  const planned: PlannedTensor[] = [
    {
      name: 'v.patch_embd.weight',
      type,
      shape: [patchSize, patchSize, 3, hidden],
      source: tensors.take(`${embeddings}.patch_embedding.weight`, [hidden, 3, patchSize, patchSize]),
      columns: 3 * patchSize * patchSize,
      runs: [{ start: 0, count: hidden }],
    },
    vector('v.patch_embd.bias', `${embeddings}.patch_embedding.bias`, hidden),
    planMatrix(
      'v.position_embd.weight',
      tensors.take(`${embeddings}.position_embedding.weight`, [positions, hidden]),
      'F32',
    ),
    ...pair('v.post_ln', `${model}.post_layernorm`, hidden),
  ];
  for (let layer = 0; layer < config.layers; layer++) {
    const to = `v.blk.${layer}`;
    const from = `${model}.encoder.layers.${layer}`;
    planned.push(
      ...pair(`${to}.ln1`, `${from}.layer_norm1`, hidden),
      ...linear(`${to}.attn_q`, `${from}.self_attn.q_proj`, hidden, hidden),
      ...linear(`${to}.attn_k`, `${from}.self_attn.k_proj`, hidden, hidden),
      ...linear(`${to}.attn_v`, `${from}.self_attn.v_proj`, hidden, hidden),
      ...linear(`${to}.attn_out`, `${from}.self_attn.out_proj`, hidden, hidden),
      ...pair(`${to}.ln2`, `${from}.layer_norm2`, hidden),
      ...linear(`${to}.ffn_up`, `${from}.mlp.fc1`, feedForward, hidden),
      ...linear(`${to}.ffn_down`, `${from}.mlp.fc2`, hidden, feedForward),
    );
  }
  const projector = 'multi_modal_projector';
  planned.push(
    planMatrix(
      'mm.input_projection.weight',
      tensors.take(`${projector}.mm_input_projection_weight`, [hidden, projected]),
      type,
    ),
    // Stored as what is to be added to 1, as all of Gemma's norms.
    {
      ...vector('mm.soft_emb_norm.weight', `${projector}.mm_soft_emb_norm.weight`, hidden),
      plus: 1,
    },
  );
  return planned;
}
