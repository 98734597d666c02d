/** Texts of the reader's own, as messages and drafts keep them. */
import {
  type SourceKind,
  type SourcePart,
  type SourceText,
  sourceKinds,
} from '../engine/types/source-text.ts';
import { isRawObject } from './raw-object.ts';
import { count, type FieldReader, listOf, objectOf, oneOf, sizeUpTo, text, wholly } from './record-fields.ts';

const mostParts = 100_000;

export const sourcePart: FieldReader<SourcePart> = objectOf<SourcePart>(
  { number: sizeUpTo(mostParts), text },
  ['number', 'text'],
);

export const sourceText: FieldReader<SourceText> = objectOf<SourceText>(
  {
    id: text,
    name: text,
    kind: oneOf(sourceKinds),
    partCount: sizeUpTo(mostParts),
    parts: listOf(sourcePart),
  },
  ['id', 'name', 'kind', 'partCount', 'parts'],
);

/** A text beside a question that is not asked yet; its parts are kept beside the draft, so that typing does not write them again. */
export interface DraftSource {
  id: string;
  name: string;
  kind: SourceKind;
  partCount: number;
  /** Numbers of the parts that will be given to the model; absent: all of them. */
  chosen?: number[];
  /** Numbers of pages without text. */
  emptyPages?: number[];
  guessedEncoding?: 'Windows-1252';
}

export const draftSource: FieldReader<DraftSource> = wholly(
  objectOf<DraftSource>(
    {
      id: text,
      name: text,
      kind: oneOf(sourceKinds),
      partCount: sizeUpTo(mostParts),
      chosen: listOf(count),
      emptyPages: listOf(count),
      guessedEncoding: oneOf(['Windows-1252'] as const),
    },
    ['id', 'name', 'kind', 'partCount'],
  ),
  ['chosen'],
);

/** What the parts of a source are kept as beside a draft. */
export const partsAsBlob = (parts: readonly SourcePart[]): Blob =>
  new Blob([JSON.stringify({ v: 1, parts })], { type: 'application/json' });

/** Undefined where what is kept is not that. */
export async function partsOfBlob(blob: Blob): Promise<SourcePart[] | undefined> {
  try {
    const record: unknown = JSON.parse(await blob.text());
    return isRawObject(record) && record.v === 1 ? listOf(sourcePart)(record.parts) : undefined;
  } catch {
    return undefined;
  }
}
