import type { CheckpointSize } from './checkpoint.ts';

/** In PyTorch order, with the spread and the centre of the random weights. */
export type NamedShape = [name: string, shape: number[], scale: number, centre: number];

/** The tensors of a checkpoint under the names that publishers give them. */
export function listShapes(size: CheckpointSize): NamedShape[] {
  if (size.architecture === 'llama') return listLlamaShapes(size);
  const { hidden, feedForward, vocabulary } = size;
  const headDim = hidden / size.heads;
  const text: NamedShape[] = [['model.tok_embeddings.weight', [vocabulary, hidden], 0.5, 0]];
  const spread = (columns: number) => 1 / Math.sqrt(columns);
  for (let layer = 0; layer < size.layers; layer++) {
    const at = `model.layers.${layer}`;
    const fused = (size.heads + 2 * size.kvHeads) * headDim;
    text.push(
      [`${at}.attention.wqkv.weight`, [fused, hidden], spread(hidden), 0],
      [`${at}.attention.wo.weight`, [hidden, hidden], spread(hidden), 0],
      [`${at}.feed_forward.w1.weight`, [feedForward, hidden], spread(hidden), 0],
      [`${at}.feed_forward.w3.weight`, [feedForward, hidden], spread(hidden), 0],
      [`${at}.feed_forward.w2.weight`, [hidden, feedForward], spread(feedForward), 0],
      [`${at}.attention_norm.weight`, [hidden], 0.1, 1],
      [`${at}.ffn_norm.weight`, [hidden], 0.1, 1],
    );
  }
  text.push(
    ['model.norm.weight', [hidden], 0.1, 1],
    ['output.weight', [vocabulary, hidden], spread(hidden), 0],
  );
  if (!size.hasVision) return text;
  return [
    ...listVisionShapes(size),
    ...text.map(([name, ...rest]): NamedShape => [`language_model.${name}`, ...rest]),
  ];
}

/** As PMC-LLaMA's checkpoints have them, the tables of rotations among them. */
function listLlamaShapes({
  layers,
  hidden,
  heads,
  kvHeads,
  feedForward,
  vocabulary,
}: CheckpointSize): NamedShape[] {
  const headDim = hidden / heads;
  const matrix = (name: string, rows: number, columns: number): NamedShape => [
    `${name}.weight`,
    [rows, columns],
    1 / Math.sqrt(columns),
    0,
  ];
  const shapes = [matrix('model.embed_tokens', vocabulary, hidden)];
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`;
    shapes.push(
      matrix(`${at}.self_attn.q_proj`, heads * headDim, hidden),
      matrix(`${at}.self_attn.k_proj`, kvHeads * headDim, hidden),
      matrix(`${at}.self_attn.v_proj`, kvHeads * headDim, hidden),
      matrix(`${at}.self_attn.o_proj`, hidden, heads * headDim),
      [`${at}.self_attn.rotary_emb.inv_freq`, [headDim / 2], 1, 0],
      matrix(`${at}.mlp.gate_proj`, feedForward, hidden),
      matrix(`${at}.mlp.down_proj`, hidden, feedForward),
      matrix(`${at}.mlp.up_proj`, feedForward, hidden),
      [`${at}.input_layernorm.weight`, [hidden], 0.1, 1],
      [`${at}.post_attention_layernorm.weight`, [hidden], 0.1, 1],
    );
  }
  return [...shapes, ['model.norm.weight', [hidden], 0.1, 1], matrix('lm_head', vocabulary, hidden)];
}

function listVisionShapes(size: CheckpointSize): NamedShape[] {
  const { visionHidden: width, visionFeedForward: wide, patchSize, hidden } = size;
  const positions = (size.tileSize / patchSize) ** 2 + 1;
  const spread = (columns: number) => 1 / Math.sqrt(columns);
  const shapes: NamedShape[] = [
    ['vision_model.embeddings.class_embedding', [1, 1, width], 0.5, 0],
    ['vision_model.embeddings.position_embedding', [1, positions, width], 0.5, 0],
    ['vision_model.embeddings.patch_embedding.weight', [width, 3, patchSize, patchSize], 0.04, 0],
    ['vision_model.embeddings.patch_embedding.bias', [width], 0.1, 0],
  ];
  const linear = (name: string, rows: number, columns: number) => {
    shapes.push([`${name}.weight`, [rows, columns], spread(columns), 0], [`${name}.bias`, [rows], 0.1, 0]);
  };
  const norm = (name: string, columns: number) => {
    shapes.push([`${name}.weight`, [columns], 0.1, 1], [`${name}.bias`, [columns], 0.1, 0]);
  };
  for (let layer = 0; layer < size.visionLayers; layer++) {
    const at = `vision_model.encoder.layers.${layer}`;
    shapes.push([`${at}.ls1`, [width], 0.1, 0.3], [`${at}.ls2`, [width], 0.1, 0.3]);
    linear(`${at}.attn.qkv`, 3 * width, width);
    linear(`${at}.attn.proj`, width, width);
    linear(`${at}.mlp.fc1`, wide, width);
    linear(`${at}.mlp.fc2`, width, wide);
    norm(`${at}.norm1`, width);
    norm(`${at}.norm2`, width);
  }
  norm('mlp1.0', 4 * width);
  linear('mlp1.1', hidden, 4 * width);
  linear('mlp1.3', hidden, hidden);
  return shapes;
}
