import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesSource } from '../../src/engine/formats/byte-source.ts';
import { parseGguf } from '../../src/engine/formats/gguf.ts';
import { readVocabulary, type Vocabulary } from '../../src/engine/tokenizer/vocabulary.ts';

/** Reference data too large for the repository: a folder with `testdata/tokenizer`, named by BEDSIDE_DATA. */
export const referenceFolder =
  process.env.BEDSIDE_DATA && join(process.env.BEDSIDE_DATA, 'testdata/tokenizer');

const repository = join(import.meta.dirname, '../..');

export async function loadVocabulary(path: string): Promise<Vocabulary> {
  const { metadata } = await parseGguf(bytesSource(readFileSync(path)));
  return readVocabulary(metadata);
}

/** The bundled demonstration model's 4096 SentencePiece pieces. */
export function loadNanoVocabulary(): Promise<Vocabulary> {
  return loadVocabulary(join(repository, 'public/models/nano-chat/nano-chat-q8_0.gguf'));
}

export function loadReferenceVocabulary(file: string): Promise<Vocabulary> {
  return loadVocabulary(join(referenceFolder ?? '', file));
}

export function readGolden(file: string): unknown {
  return JSON.parse(readFileSync(join(repository, 'test/fixtures/golden', file), 'utf8'));
}

export interface EncodingCase {
  text: string;
  ids: number[];
}

/** Cases of a JSON list, or of a pair of llama.cpp's vocabulary test files named by their common part. */
export function readReferenceCases(file: string): EncodingCase[] {
  if (referenceFolder === undefined || referenceFolder === '') return [];
  const read = (name: string) => readFileSync(join(referenceFolder ?? '', name), 'utf8');
  if (file.endsWith('.json')) return JSON.parse(read(file)) as EncodingCase[];
  const texts = read(`${file}.inp`).split('\n__ggml_vocab_test__\n');
  const answers = read(`${file}.out`).split('\n');
  // The last separator of the .inp file is followed by nothing.
  return texts.slice(0, -1).map((text, index) => ({
    text,
    ids: answers[index]!.trim() === '' ? [] : answers[index]!.trim().split(/\s+/).map(Number),
  }));
}

/** The vocabulary with more pieces at its end. */
export function withPieces(
  vocabulary: Vocabulary,
  extra: readonly { piece: string; type: number; score?: number }[],
): Vocabulary {
  return {
    ...vocabulary,
    pieces: [...vocabulary.pieces, ...extra.map(({ piece }) => piece)],
    types: Int32Array.from([...(vocabulary.types ?? []), ...extra.map(({ type }) => type)]),
    scores: Float32Array.from([...(vocabulary.scores ?? []), ...extra.map(({ score }) => score ?? 0)]),
  };
}
