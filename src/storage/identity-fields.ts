/** What a model says that it is, as it lies in records: of a library's model whole, of an answer as much as tells by what it was written. */
import { type TemplateChoice, templateIds } from '../engine/templates/template-ids.ts';
import type { ModelIdentity, ModelShape, VocabularyIdentity } from '../engine/types/model-identity.ts';
import { count, type FieldReader, listOf, objectOf, oneOf, orNull, text } from './record-fields.ts';

/** Of the model that wrote an answer, besides its name, as it was known then. */
export interface AnswerIdentity {
  /** The block format that most of its weights are in. */
  quantisation?: string;
  parameterCount?: number;
  /** By the file's own word. */
  publisher?: string;
  /** SHA-256 (hex) of the file, or of each of its parts in order, where they were known. */
  sha256?: string[];
  /** Names of the models of the catalogue that it was made as. */
  looksLike?: string;
  /** Which terms of use go with it. */
  terms?: string;
  /** How it was asked. */
  template?: TemplateChoice;
}

export const templateChoice: FieldReader<TemplateChoice> = oneOf([...templateIds, 'file'] as const);

const shape = objectOf<ModelShape>(
  {
    layers: orNull(count),
    embedding: orNull(count),
    feedForward: orNull(count),
    heads: orNull(count),
    kvHeads: orNull(count),
  },
  ['layers', 'embedding', 'feedForward', 'heads', 'kvHeads'],
);

const vocabulary = objectOf<VocabularyIdentity>(
  { model: text, pieces: count, lastPiece: text, sha256: text },
  ['model', 'pieces', 'lastPiece', 'sha256'],
);

export const modelIdentity = objectOf<ModelIdentity>(
  {
    name: text,
    namedBy: oneOf(['file', 'file name', 'nobody'] as const),
    architecture: text,
    parameterCount: count,
    quantisation: text,
    fileBytes: count,
    contextTokens: orNull(count),
    shape,
    vocabulary: orNull(vocabulary),
    hasImagePlaces: oneOf([true] as const),
    publisher: text,
    bases: listOf(text),
    finetune: text,
    sizeLabel: text,
    licence: text,
    licenceAddress: text,
    languages: listOf(text),
    address: text,
    sha256: listOf(text),
  },
  [
    'name',
    'namedBy',
    'architecture',
    'parameterCount',
    'quantisation',
    'fileBytes',
    'contextTokens',
    'shape',
    'vocabulary',
  ],
);

export const answerIdentity = objectOf<AnswerIdentity>(
  {
    quantisation: text,
    parameterCount: count,
    publisher: text,
    sha256: listOf(text),
    looksLike: text,
    terms: text,
    template: templateChoice,
  },
  [],
);
