/** What a model's file says that it is. Everything here is the file's own word; a hash is what was computed. */
export interface ModelIdentity {
  /** `general.name`, or what the file is called, without its extension and its number among parts. */
  name: string;
  /** `nobody`: of a file that gives no name and whose own is not known. */
  namedBy: 'file' | 'file name' | 'nobody';
  architecture: string;
  parameterCount: number;
  /** The block format that most bytes of the weights are in, e.g. "Q4_K". */
  quantisation: string;
  fileBytes: number;
  /** Tokens that it was made for; null where the file does not say. */
  contextTokens: number | null;
  shape: ModelShape;
  /** Null of a file without one. */
  vocabulary: VocabularyIdentity | null;
  /** Its vocabulary has the pieces between which an image stands: with its image half, it sees. */
  hasImagePlaces?: true;
  /** `general.organization` or `general.author`. */
  publisher?: string;
  /** `general.base_model.*.name`. */
  bases?: string[];
  /** `general.finetune`. */
  finetune?: string;
  /** `general.size_label`, e.g. "135M". */
  sizeLabel?: string;
  /** `general.license.name` or `general.license`. */
  licence?: string;
  licenceAddress?: string;
  /** `general.languages`. */
  languages?: string[];
  /** `general.url`, `general.source.url` or the same of a repository. */
  address?: string;
  /** SHA-256 (hex) of the file, or of each of its parts in order, where they are known. */
  sha256?: string[];
}

/** Null for what the file does not say. */
export interface ModelShape {
  layers: number | null;
  embedding: number | null;
  feedForward: number | null;
  heads: number | null;
  kvHeads: number | null;
}

/** Two files with the same pieces in the same order have the same. */
export interface VocabularyIdentity {
  /** `tokenizer.ggml.model`, e.g. "llama" or "gpt2". */
  model: string;
  pieces: number;
  /** The one with the highest id, as far as it can be shown: fine-tunes add theirs at the end. */
  lastPiece: string;
  /** SHA-256 (hex) of all pieces in order, each followed by a line feed, in UTF-8. */
  sha256: string;
}
