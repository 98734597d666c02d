import type { MemoryLimits } from '../../engine/device/memory.ts';
import { BedsideError, type ErrorData, toErrorData } from '../../engine/errors.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import { type GgufFile, type GgufTensor, type GgufValue, parseGguf } from '../../engine/formats/gguf.ts';
import { requireWhole } from '../../engine/formats/shard.ts';
import { defaultTemplate } from '../../engine/loading/default-template.ts';
import { heldTensors, planLoading } from '../../engine/loading/load-model.ts';
import { chatTemplateOf, readFileTemplate } from '../../engine/loading/read-file-template.ts';
import { readHeaders } from '../../engine/loading/read-headers.ts';
import { readLlamaConfig } from '../../engine/models/llama/llama-config.ts';
import { checkLlamaTensors } from '../../engine/models/llama/llama-tensors.ts';
import { readIdentity } from '../../engine/models/read-identity.ts';
import { readSamplingDefaults } from '../../engine/models/read-sampling-defaults.ts';
import { typesBySize } from '../../engine/models/tensors/tensor-checks.ts';
import { createTokenizer } from '../../engine/tokenizer/tokenizer.ts';
import { readVocabulary } from '../../engine/tokenizer/vocabulary.ts';
import type { ModelIdentity } from '../../engine/types/model-identity.ts';
import type { Precision } from '../../engine/types/precision.ts';
import type { FileSampling } from '../../engine/types/sampling.ts';
import { type ChatTemplateSummary, summariseChatTemplate } from './chat-template-summary.ts';
import { type Recognition, recogniseModel } from './recognise-model.ts';
import { type SummarisedValue, summariseText, summariseValue } from './summarised-value.ts';
import { summariseTokenizer, type TokenizerSummary } from './tokenizer-summary.ts';

/** What a model file says of itself, and what Bedside makes of it. */
export interface ModelSummary {
  architecture: string;
  /** The identity's. */
  name: string;
  /** Of a file that its hash proves to be a model of the list, the page says that one's name. */
  recognised: Recognition;
  identity: ModelIdentity;
  parameterCount: number;
  /** Tokens that it was made for. */
  contextLength: number | null;
  fileBytes: number;
  /** Whether Bedside can load it, and if not why. */
  runs: true | ErrorData;
  tokenizer: TokenizerSummary | null;
  chatTemplate: ChatTemplateSummary | null;
  /** How Bedside asks it where nothing else is said; null of a model that does not run. */
  askedWith: string | null;
  /** How its publisher recommends to choose its words (`general.sampling.*`). */
  sampling: FileSampling | null;
  /** What takes most room first. */
  tensorTypes: { type: string; tensors: number; parameters: number; bytes: number }[];
  /** Device memory for conversations of these lengths; none where its layers cannot be computed. */
  memory: { precision: Precision; contextTokens: number; deviceBytes: number; cacheBytes: number }[];
  metadata: Record<string, SummarisedValue>;
  tensors: { name: string; type: string; shape: number[]; bytes: number }[];
}

export interface SummaryOptions {
  precision: Precision;
  limits: MemoryLimits;
}

/** Reads the header alone. @throws FormatError where the file is no GGUF, or one that cannot be read */
export async function summariseModel(source: ByteSource, options: SummaryOptions): Promise<ModelSummary> {
  const file = await parseGguf(source);
  requireWhole(file);
  const identity = await readIdentity(file, source.name);
  const recognised = await recogniseModel(source, identity);
  const headers = await settled(() => readHeaders(source));
  const tokenizer =
    headers instanceof BedsideError
      ? await settled(() => createTokenizer(readVocabulary(file.metadata)))
      : headers.tokenizer;
  const inspected =
    tokenizer instanceof BedsideError ? undefined : readFileTemplate(file.metadata, tokenizer)?.summary;
  return {
    architecture: identity.architecture,
    name: identity.name,
    recognised,
    identity,
    parameterCount: identity.parameterCount,
    contextLength: identity.contextTokens,
    fileBytes: identity.fileBytes,
    runs: headers instanceof BedsideError ? toErrorData(headers) : true,
    tokenizer: summariseTokenizer(file, tokenizer, inspected?.endPiece),
    chatTemplate: summariseChatTemplate(chatTemplateOf(file.metadata), inspected),
    askedWith: headers instanceof BedsideError ? null : defaultTemplate(headers),
    sampling: readSamplingDefaults(file) ?? null,
    tensorTypes: tensorsByType(file),
    memory: await planMemory(file, options),
    metadata: Object.fromEntries([...file.metadata].map(([key, value]) => [key, summariseEntry(key, value)])),
    tensors: file.tensors.map(({ name, typeName, shape, bytes }) => ({ name, type: typeName, shape, bytes })),
  };
}

/** What is wrong with a file is an answer here; what is wrong with the disk is not. */
async function settled<Result>(read: () => Result | Promise<Result>): Promise<Result | BedsideError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BedsideError) return error;
    throw error;
  }
}

/** Also of a model whose tokenizer cannot be used; nothing where the layers themselves cannot be computed. */
async function planMemory(
  file: GgufFile,
  { precision, limits }: SummaryOptions,
): Promise<ModelSummary['memory']> {
  const graph = await settled(() => {
    const config = readLlamaConfig(file);
    return { config, tensors: heldTensors(checkLlamaTensors(file, config)) };
  });
  if (graph instanceof BedsideError) return [];
  const { config, tensors } = graph;
  return contextsToPlan(config.contextTokens).map(wanted => {
    const choice = { precision, contextTokens: wanted };
    const { contextTokens, memory } = planLoading(limits, config, tensors, choice, undefined).plan;
    return { precision, contextTokens, deviceBytes: memory.total, cacheBytes: memory.cache };
  });
}

/** What a consultation takes, what is loaded unless told, and all that the model was made for; or parts of a short one. */
function contextsToPlan(whole: number): number[] {
  return whole > 4096 ? [2048, 4096, whole] : [whole / 4, whole / 2, whole].map(Math.ceil);
}

function tensorsByType({ tensors }: GgufFile): ModelSummary['tensorTypes'] {
  return typesBySize(tensors).map(type => {
    const ofType = tensors.filter(({ typeName }) => typeName === type);
    return {
      type,
      tensors: ofType.length,
      parameters: sum(ofType, ({ elements }) => elements),
      bytes: sum(ofType, ({ bytes }) => bytes),
    };
  });
}

function sum(tensors: readonly GgufTensor[], of: (tensor: GgufTensor) => number): number {
  return tensors.reduce((total, tensor) => total + of(tensor), 0);
}

/** A template is a program of its publisher's: it is named and counted, never printed whole, however short. */
function summariseEntry(key: string, value: GgufValue): SummarisedValue {
  const isTemplate = typeof value === 'string' && /(^|\.)chat_template(\.|$)/.test(key);
  return isTemplate ? summariseText(value) : summariseValue(value);
}
