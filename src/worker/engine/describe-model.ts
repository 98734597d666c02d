import { BedsideError, type ErrorData, toErrorData } from '../../engine/errors.ts';
import { architectures, familyOf } from '../../engine/families/families.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import { type GgufFile, parseGguf } from '../../engine/formats/gguf.ts';
import { requireWhole } from '../../engine/formats/shard.ts';
import { readFileTemplate } from '../../engine/loading/read-file-template.ts';
import { readIdentity } from '../../engine/models/read-identity.ts';
import { printableText } from '../../engine/printable-text.ts';
import type { TemplateId } from '../../engine/templates/template-ids.ts';
import { formWithImages, templateOf } from '../../engine/templates/templates.ts';
import { createTokenizer, type Tokenizer } from '../../engine/tokenizer/tokenizer.ts';
import { readVocabulary } from '../../engine/tokenizer/vocabulary.ts';
import type { ModelPlan } from '../../engine/types/memory.ts';
import type { ModelIdentity } from '../../engine/types/model-identity.ts';
import type { WeightStore } from '../../storage/weight-store.ts';
import type { DescribedModel, DescribeHeadsRequest, TokenizerFacts } from './engine-messages.ts';
import { knownHashes } from './known-hashes.ts';
import type { LoadOptions } from './model-host.ts';
import type { DescribedSource } from './model-source.ts';
import { openModelFiles, tellHalvesApart } from './open-model-source.ts';

/** Characters of a piece that are shown. */
const mostOfPiece = 32;

export interface DescribeDependencies {
  weights: WeightStore;
  plan(source: ByteSource, options: LoadOptions): Promise<ModelPlan>;
}

/**
 * What the files of a model say and whether they run here, from their headers.
 * @throws where they are no GGUF files, are not all there, or cannot be read; that a model does not run is an answer
 */
export async function describeModel(
  { source, vision: secondSource, knownSizes = [], precision, contextTokens }: DescribeHeadsRequest,
  { weights, plan }: DescribeDependencies,
): Promise<DescribedModel> {
  const sources = secondSource ? [source, secondSource] : [source];
  const opened = await openModelFiles({ source, ...(secondSource ? { vision: secondSource } : {}) }, weights);
  const { text, vision } = await tellHalvesApart(opened);
  const identify = async (half: ByteSource, file: GgufFile): Promise<ModelIdentity> => {
    const from: DescribedSource | undefined = sources[opened.indexOf(half)];
    const sha256 = from && (await knownHashes(from, knownSizes));
    return { ...(await readIdentity(file, half.name)), ...(sha256 ? { sha256 } : {}) };
  };
  const file = await parseGguf(text);
  requireWhole(file);
  const options = { precision, ...(contextTokens === undefined ? {} : { contextTokens }) };
  const planned = await settled(() => plan(text, { ...options, ...(vision ? { vision } : {}) }));
  const identity = await identify(text, file);
  const tokenizer = await settled(() => createTokenizer(readVocabulary(file.metadata)));
  return {
    identity,
    ...(vision ? { vision: await identify(vision, await parseGguf(vision)) } : {}),
    isSwapped: opened.indexOf(text) === 1,
    ...('code' in planned ? { runs: planned, plan: null } : { runs: true, plan: planned }),
    ...('code' in tokenizer
      ? { tokenizer: null, template: null }
      : {
          tokenizer: describeTokenizer(tokenizer),
          template: readFileTemplate(file.metadata, tokenizer)?.summary ?? null,
        }),
    imageTemplate: imageTemplateOf(identity.architecture),
  };
}

/** What is wrong with a file is an answer here; what else goes wrong is not. */
async function settled<Value>(read: () => Value | Promise<Value>): Promise<Value | ErrorData> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof BedsideError) return toErrorData(thrown);
    throw thrown;
  }
}

function describeTokenizer(tokenizer: Tokenizer): TokenizerFacts {
  const { bosId, endTokens, addsBos } = tokenizer;
  const pieceOf = (id: number) => printableText(tokenizer.pieceText(id), mostOfPiece) ?? '';
  return {
    startPiece: bosId === undefined ? null : pieceOf(bosId),
    addsStart: addsBos,
    endPieces: endTokens.map(({ id }) => pieceOf(id)),
  };
}

function imageTemplateOf(architecture: string): TemplateId | null {
  const known = architectures.find(id => id === architecture);
  const form = known && formWithImages(familyOf(known).template);
  return form && templateOf(form).images ? form : null;
}
