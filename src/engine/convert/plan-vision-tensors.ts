import type { InternVitEncoder } from './checkpoint-config.ts';
import { type PlannedTensor, planMatrix, planVector, type TensorPicker } from './planned-tensor.ts';

/** Whether a tensor of an InternVL checkpoint is part of the image encoder or its projector. */
export function isVisionTensor(name: string): boolean {
  return name.startsWith('vision_model.') || name.startsWith('mlp1.');
}

/**
 * InternViT's and the projector's tensors under the names of llama.cpp's mmproj files: matrices in F16, the rest F32.
 * @param projected width of a visual token, the language model's hidden size
 */
export function planVisionTensors(
  tensors: TensorPicker,
  config: InternVitEncoder,
  projected: number,
): PlannedTensor[] {
  const { hidden, feedForward, patchSize, positions } = config;
  const vector = (name: string, from: string, shape: number[]) => planVector(name, tensors.take(from, shape));
  const linear = (name: string, from: string, rows: number, columns: number): PlannedTensor[] => [
    planMatrix(`${name}.weight`, tensors.take(`${from}.weight`, [rows, columns]), 'F16'),
    vector(`${name}.bias`, `${from}.bias`, [rows]),
  ];
  const norm = (name: string, from: string, width: number): PlannedTensor[] => [
    vector(`${name}.weight`, `${from}.weight`, [width]),
    vector(`${name}.bias`, `${from}.bias`, [width]),
  ];

  const embeddings = 'vision_model.embeddings';
  const patches = tensors.take(`${embeddings}.patch_embedding.weight`, [hidden, 3, patchSize, patchSize]);
  const table = tensors.take(`${embeddings}.position_embedding`, [1, positions, hidden]);
  const planned: PlannedTensor[] = [
    vector('v.class_embd', `${embeddings}.class_embedding`, [1, 1, hidden]),
    {
      name: 'v.patch_embd.weight',
      type: 'F16',
      shape: [patchSize, patchSize, 3, hidden],
      source: patches,
      columns: 3 * patchSize * patchSize,
      runs: [{ start: 0, count: hidden }],
    },
    vector('v.patch_embd.bias', `${embeddings}.patch_embedding.bias`, [hidden]),
    {
      name: 'v.position_embd.weight',
      type: 'F32',
      shape: [hidden, positions],
      source: table,
      columns: hidden,
      runs: [{ start: 0, count: positions }],
    },
  ];
  for (let layer = 0; layer < config.layers; layer++) {
    const to = `v.blk.${layer}`;
    const from = `vision_model.encoder.layers.${layer}`;
    planned.push(
      ...norm(`${to}.ln1`, `${from}.norm1`, hidden),
      ...planFused(tensors, to, `${from}.attn.qkv`, hidden),
      ...linear(`${to}.attn_out`, `${from}.attn.proj`, hidden, hidden),
      vector(`${to}.ls1.weight`, `${from}.ls1`, [hidden]),
      ...norm(`${to}.ln2`, `${from}.norm2`, hidden),
      ...linear(`${to}.ffn_up`, `${from}.mlp.fc1`, feedForward, hidden),
      ...linear(`${to}.ffn_down`, `${from}.mlp.fc2`, hidden, feedForward),
      vector(`${to}.ls2.weight`, `${from}.ls2`, [hidden]),
    );
  }
  planned.push(
    ...norm('mm.model.mlp.0', 'mlp1.0', 4 * hidden),
    ...linear('mm.model.mlp.1', 'mlp1.1', projected, 4 * hidden),
    ...linear('mm.model.mlp.3', 'mlp1.3', projected, projected),
  );
  return planned;
}

/** InternViT's `qkv`: all rows of q, then of k, then of v; of the bias too. */
function planFused(tensors: TensorPicker, to: string, from: string, hidden: number): PlannedTensor[] {
  const weight = tensors.take(`${from}.weight`, [3 * hidden, hidden]);
  const bias = tensors.take(`${from}.bias`, [3 * hidden]);
  return ['q', 'k', 'v'].flatMap((letter, i) => [
    planMatrix(`${to}.attn_${letter}.weight`, weight, 'F16', [{ start: i * hidden, count: hidden }]),
    {
      name: `${to}.attn_${letter}.bias`,
      type: 'F32' as const,
      shape: [hidden],
      source: bias,
      columns: hidden,
      runs: [{ start: i, count: 1 }],
    },
  ]);
}
