import type { TemplateId } from '../templates/template-ids.ts';

/** What is known of the models of one architecture before any of them is read. */
export interface Family {
  /** A model of it, for readers to whom the architecture's name says little. */
  readonly example?: string;
  /** Models that can be converted, as readers know them. */
  readonly convertible: readonly string[];
  /** How its prompts are written where nobody says; models that see images use its form with places for them. */
  readonly template: TemplateId;
  readonly checkpoint: CheckpointRules;
}

/** How its checkpoints are written, by the code that was published with them. */
export interface CheckpointRules {
  /** As `architectures` of config.json names it. */
  readonly classes: readonly string[];
  /** The same of models with InternVL's image encoder, of which this is the language half. */
  readonly chatClasses: readonly string[];
  /** Settings of config.json that must have a value; the third, what counts where one is absent. */
  readonly required: readonly (readonly [name: string, value: boolean, fallback?: boolean])[];
  readonly rope: {
    /** Whether the architecture knows linear scaling of positions. */
    linearIs: 'computed' | 'refused';
    /** Where a file does not say the base; without it, it has to. */
    defaultTheta?: number;
  };
  /** What the tensors are called. */
  readonly tensors: Readonly<Record<DecoderTensor, string>>;
  /** Queries, keys and values of a layer; rows of queries and keys change their order. */
  attention(shape: AttentionHeads): readonly AttentionSource[];
}

export type DecoderTensor =
  | 'embedding'
  | 'norm'
  | 'output'
  | 'attentionNorm'
  | 'attentionOutput'
  | 'feedForwardNorm'
  | 'gate'
  | 'up'
  | 'down';

export interface AttentionHeads {
  heads: number;
  kvHeads: number;
  headDim: number;
}

/** A matrix of GGUF's and the rows of a checkpoint's tensor that it is made of; all of them without `runs`. */
export interface AttentionSource {
  name: 'attn_q' | 'attn_k' | 'attn_v';
  from: string;
  /** Of the checkpoint's tensor. */
  rows: number;
  runs?: RowRun[];
}

/** Rows of a checkpoint's tensor that follow one another. */
export interface RowRun {
  start: number;
  count: number;
  /**
   * One attention head whose rows change from rotate-half order (pairs d, d + count / 2) to the interleaved order of
   * GGUF (pairs 2d, 2d + 1).
   */
  interleaves?: boolean;
}
