/** What the launches of a decoder's layer bind: see PlannedBuffer. */
export function layerGroup(layer: number): string {
  return `blk.${layer}`;
}

/** GGUF names the tensors of a layer `blk.3.attn_q.weight`, those of an encoder's `v.blk.3.…`; all others stand alone. */
export function groupOfTensor(name: string): string {
  return /^(?:\w+\.)?blk\.\d+(?=\.)/.exec(name)?.[0] ?? name;
}
