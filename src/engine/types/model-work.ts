/** What a model's arithmetic comes to, known from its headers alone. A multiply-add counts as one. */
export interface ModelWork {
  /** Weights of the matrices of all layers: each meets every token once. */
  layerWeights: number;
  /** Of the output matrix: they meet every token of an answer, and of a prompt the last one. */
  headWeights: number;
  /** That one of them takes on the device, on average. */
  bytesPerWeight: number;
  /** Multiply-adds of a token with each position up to its own, of all layers and heads: a score, and a share of a value. */
  attention: number;
  /** Numbers of keys and values that are kept of each position, of all layers. */
  cached: number;
  /** Of a model that sees images. */
  tile?: TileWork;
}

export interface TileWork {
  /** From its pixels to its visual tokens. */
  multiplyAdds: number;
  /** That it becomes. */
  tokens: number;
}
