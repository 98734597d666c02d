import type { ModelShape } from '../../engine/types/model-identity.ts';
import type { Fields } from './json-fields.ts';

/** What an entry of the catalogue states of the files of its model: no more than is known. */
export interface EntryStates {
  /** `general.architecture`. */
  architecture: string;
  /** Of the language half. */
  parameterCount: number;
  shape: { [Name in keyof ModelShape]: number };
  /** Dimensions of a head, where heads do not share the width among them. */
  headDim?: number;
  /** Keys that a position sees in layers with a window; which those are, its family says. */
  window?: number;
  /** Absent where files of it differ. */
  contextTokens?: number;
  vocabulary: {
    /** `tokenizer.ggml.model`. */
    model: string;
    pieces: number;
    /** Where it tells this vocabulary from others of its size. */
    lastPiece?: string;
    /** As a file's identity has it; absent where no file of it was read whole. */
    sha256?: string;
  };
  /** Besides those that come with the site. */
  files?: KnownFile[];
}

/** A file by which a model is recognised for certain. */
export interface KnownFile {
  half: 'text' | 'vision';
  bytes: number;
  /** In lower-case hex. */
  sha256: string;
}

const sizes = ['layers', 'embedding', 'feedForward', 'heads', 'kvHeads'] as const;

export function readStates(fields: Fields): EntryStates {
  const shape = fields.object('shape');
  const vocabulary = fields.object('vocabulary');
  return {
    architecture: fields.string('architecture'),
    parameterCount: fields.positive('parameterCount'),
    shape: Object.fromEntries(sizes.map(name => [name, shape.positive(name)])) as EntryStates['shape'],
    ...(fields.has('headDim') ? { headDim: fields.positive('headDim') } : {}),
    ...(fields.has('window') ? { window: fields.positive('window') } : {}),
    ...(fields.has('contextTokens') ? { contextTokens: fields.positive('contextTokens') } : {}),
    vocabulary: {
      model: vocabulary.string('model'),
      pieces: vocabulary.positive('pieces'),
      ...(vocabulary.has('lastPiece') ? { lastPiece: vocabulary.string('lastPiece') } : {}),
      ...(vocabulary.has('sha256') ? { sha256: readHash(vocabulary) } : {}),
    },
    ...(fields.has('files') ? { files: fields.objects('files').map(readFile) } : {}),
  };
}

function readFile(fields: Fields): KnownFile {
  const half = fields.oneOf('half', ['text', 'vision']);
  return { half, bytes: fields.positive('bytes'), sha256: readHash(fields) };
}

function readHash(fields: Fields): string {
  const hash = fields.string('sha256');
  return /^[0-9a-f]{64}$/.test(hash) ? hash : fields.fail('sha256', 'must be 64 hex digits');
}
