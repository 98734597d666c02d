import type { TemplateId } from '../templates/template-ids.ts';

/** What is known of the models of one architecture before any of them is read, and what their decoder is composed of. */
export interface Family {
  /** A model of it, for readers to whom the architecture's name says little. */
  readonly example?: string;
  /** Models that can be converted, as readers know them. */
  readonly convertible: readonly string[];
  /** How its prompts are written where nobody says; models that see images use its form with places for them. */
  readonly template: TemplateId;
  readonly parts: DecoderParts;
  readonly gguf: GgufRules;
  /** The kinds of checkpoints that GGUF has under this architecture. */
  readonly checkpoints: readonly CheckpointRules[];
}

/** In what decoders differ from one another, as data: the graph is composed of these. */
export interface DecoderParts {
  /**
   * Which dimensions of a head rotate together, as GGUF orders the rows of queries and keys: neighbours (2i, 2i + 1), or those
   * half of the rotating dimensions apart (i, i + n / 2). The latter are reordered when they are read.
   */
  readonly pairs: 'neighbours' | 'halves';
  /** Queries, keys and values have a bias. */
  readonly qkvBias: boolean;
  /** Each head of queries and of keys is normed before it rotates. */
  readonly headNorms: boolean;
  /** What attention and the feed-forward network give is normed before it is added. */
  readonly postNorms: boolean;
  /** What the gate of the feed-forward network goes through: SiLU, or GELU by its tangent formula. */
  readonly gate: 'silu' | 'gelu';
  /** What rows of the embedding are multiplied with. */
  readonly embeddingScale: 'none' | 'root-of-width';
  /** GGUF keeps queries, keys and values one under the other in `attn_qkv`, and gate and up in `ffn_up`. */
  readonly isFused: boolean;
}

/** Those of LLaMA; another family says in what it differs. */
export const plainParts: DecoderParts = {
  pairs: 'neighbours',
  qkvBias: false,
  headNorms: false,
  postNorms: false,
  gate: 'silu',
  embeddingScale: 'none',
  isFused: false,
};

/** What GGUF files leave to whoever knows the architecture. */
export interface GgufRules {
  /** Every n-th layer sees everything where the file names a window and no pattern; without it, none does. */
  readonly globalEvery?: number;
  /** The base of rotations in layers with a window where the file does not say; without it, that of all layers. */
  readonly windowTheta?: number;
  /** By what scores are divided, squared; the dimensions of a head where it is absent. */
  scoreDimensions?(shape: { layers: number; hidden: number; heads: number; headDim: number }): number;
  /** Tensors that divide the frequencies of rotations; of two, for sequences that are short and long. */
  readonly frequencyFactors: readonly string[];
  /** Special pieces of its SentencePiece vocabularies swallow the blanks behind them, which no file says. */
  readonly swallowsBlanks?: boolean;
}

/** How checkpoints of one kind are written, by the code that was published with them. */
export interface CheckpointRules {
  /** As `architectures` of config.json names it. */
  readonly classes: readonly string[];
  /** The same of models with InternVL's image encoder, of which this is the language half. */
  readonly chatClasses: readonly string[];
  /** The same of models with a SigLIP image encoder. */
  readonly siglipClasses?: readonly string[];
  /** Settings of config.json that must have a value; the third, what counts where one is absent. */
  readonly required: readonly (readonly [
    name: string,
    value: boolean | string,
    fallback?: boolean | string,
  ])[];
  /** What counts where config.json leaves a number out; without one, it has to say it. */
  readonly defaults?: Readonly<Record<string, number>>;
  /** Where it does not say; false for all but the families whose publishers leave it out. */
  readonly tiesUnsaid?: boolean;
  readonly rope: RopeRules;
  /** The layers that see a window alone; without it, config.json must name none. */
  readonly window?: (config: SettingsReader, layers: number) => LayerWindow | undefined;
  /** The setting by whose square root scores are divided, in place of the dimensions of a head. */
  readonly scoreDimensions?: string;
  /** Norms are stored as what is to be added to 1. */
  readonly normsFromOne?: boolean;
  /** What the tensors outside of layers are called. */
  readonly tensors: Readonly<Record<'embedding' | 'norm' | 'output', string>>;
  /** The tensors of a layer, in the order of the GGUF file. */
  layer(shape: LayerShape): readonly LayerSource[];
}

export interface RopeRules {
  /** How positions may be scaled. */
  readonly kinds: readonly ('linear' | 'llama3' | 'longrope')[];
  /** Where a file does not say the base; without it, it has to. */
  readonly defaultTheta?: number;
  /** The setting that names the base in layers with a window, and what counts where it is absent. */
  readonly windowTheta?: readonly [setting: string, fallback: number];
  /** A part of a head's dimensions may stay as it is. */
  readonly isPartial?: boolean;
}

/** Of settings in JSON, as a family reads them; a null counts as absent but where it is asked after. */
export interface SettingsReader {
  value(name: string): unknown;
  /** Whether the setting is there, null or not. */
  isSaid(name: string): boolean;
  integer(name: string, least: number, most: number, fallback?: number): number;
  boolean(name: string, fallback: boolean): boolean;
  /** Refuses the model as unsupported unless the setting has this value. */
  require(name: string, wanted: string | number | boolean, fallback?: string | number | boolean): void;
}

/** Layers in which a position sees so many keys, its own included. */
export interface LayerWindow {
  tokens: number;
  /** By layer. */
  layers: readonly boolean[];
}

export interface LayerShape {
  hidden: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  feedForward: number;
  /** A factor for the norm of each head of queries: it takes what scores are divided by otherwise than GGUF's readers do. */
  queryFactor: number;
}

/** Matrices of a layer, as GGUF calls them. */
export type LayerMatrixName =
  | 'attn_q'
  | 'attn_k'
  | 'attn_v'
  | 'attn_qkv'
  | 'attn_output'
  | 'ffn_gate'
  | 'ffn_up'
  | 'ffn_down';

/** A tensor of GGUF's and the rows of a checkpoint's tensor that it is made of; all of them without `runs`. */
export type LayerSource = MatrixSource | VectorSource;

interface MatrixSource {
  kind: 'matrix';
  name: LayerMatrixName;
  from: string;
  /** Of the checkpoint's tensor. */
  rows: number;
  columns: number;
  runs?: RowRun[];
}

interface VectorSource {
  kind: 'vector';
  /** With its ending: `attn_q.bias`. */
  name: string;
  from: string;
  size: number;
  /** Added to each number, which then is multiplied. */
  plus?: number;
  times?: number;
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
