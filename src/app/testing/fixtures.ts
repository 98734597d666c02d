import {
  BedsideError,
  type CatalogueEntry,
  chooseViews,
  computedOn,
  type DescribedModel,
  type DeviceReport,
  defaultTiling,
  type ErrorCode,
  type GenerateOutcome,
  type GenerateRequest,
  type ImageReport,
  type ModelIdentity,
  type ModelInfo,
  type ModelPlan,
  type ModelSource,
  type PlanModelRequest,
  type PromptText,
  sentence,
  type TemplateSummary,
  type UrlSource,
  type VisionUse,
} from '../../client/index.ts';

/** Plain values that look like the real ones. */

export const gpuReport: DeviceReport = {
  kind: 'gpu',
  adapter: 'test gpu',
  isSoftware: false,
  shaderF16: true,
  subgroups: true,
  maxBufferBytes: 4e9,
  maxBindingBytes: 2e9,
};

export const processorReport: DeviceReport = {
  kind: 'processor',
  adapter: 'processor',
  isSoftware: true,
  shaderF16: false,
  subgroups: false,
  maxBufferBytes: 4e9,
  maxBindingBytes: 4e9,
  processor: {
    threads: 4,
    hasRelaxedSimd: true,
    activationBits: 32,
    rates: { weightsPerSecond: 2e10, multiplyAddsPerSecond: 1e11 },
  },
};

export const modelPlan: ModelPlan = {
  memory: {
    weights: 7_600_000,
    cache: 3_900_000,
    activations: 450_000,
    visionWeights: 0,
    visionActivations: 0,
    readback: 1088,
    total: 11_951_088,
    upload: 7_600_000,
    features: 0,
    answers: 0,
  },
  work: {
    layerWeights: 5_120_000,
    headWeights: 1_050_000,
    bytesPerWeight: 1.0625,
    attention: 3072,
    cached: 3072,
  },
  precision: 'f32',
  contextTokens: 2048,
  wantedContextTokens: 2048,
  tokenBytes: 1904,
  chunkTokens: 128,
  leastBytes: 19_551_088,
  largest: { part: 'cache', name: 'keys of a layer', bytes: 524_288, limitBytes: 134_217_728 },
};

/** Half as much for a token where the precision is half. */
export function planOf({ precision, contextTokens = 4096, vision }: PlanModelRequest): ModelPlan {
  const cache = contextTokens * (precision === 'f16' ? 1000 : 2000);
  const visionWeights = vision ? 2_000_000 : 0;
  const { weights, activations, readback } = modelPlan.memory;
  const total = weights + cache + activations + visionWeights + readback;
  const upload = modelPlan.memory.upload + visionWeights;
  return {
    ...modelPlan,
    memory: { ...modelPlan.memory, cache, visionWeights, total, upload },
    leastBytes: total + upload,
    precision,
    contextTokens,
    wantedContextTokens: contextTokens,
    tokenBytes: cache / contextTokens,
  };
}

/** Of a file that says little of itself. */
export const modelIdentity: ModelIdentity = {
  name: 'nano',
  namedBy: 'file',
  architecture: 'llama',
  parameterCount: 7_241_748,
  quantisation: 'Q8_0',
  fileBytes: 7_800_000,
  contextTokens: 2048,
  shape: { layers: 4, embedding: 256, feedForward: 688, heads: 4, kvHeads: 4 },
  vocabulary: { model: 'llama', pieces: 4096, lastPiece: '[PAD]', sha256: '1'.repeat(64) },
};

export const modelInfo: ModelInfo = {
  name: 'nano',
  identity: modelIdentity,
  architecture: 'llama',
  parameterCount: 7_241_748,
  contextTokens: 2048,
  fileBytes: 7_800_000,
  device: gpuReport,
  deviceBytes: 12_000_000,
  plan: modelPlan,
  precision: 'f32',
  tensorTypes: ['Q8_0', 'F32'],
  variant: 'f32',
};

export function nameOfSource(source: ModelSource): string {
  const file = source.kind === 'split' ? source.parts[0]! : source;
  return file.kind === 'file' ? file.file.name : (file.name ?? file.id);
}

/** Of files that run, and are called what their names say. */
export function descriptionOf(
  request: PlanModelRequest,
  changes: Partial<DescribedModel> = {},
): DescribedModel {
  const called = (source: ModelSource): ModelIdentity => ({
    ...modelIdentity,
    name: nameOfSource(source).replace(/\.gguf$/, ''),
    namedBy: 'file name',
  });
  return {
    identity: called(request.source),
    ...(request.vision
      ? { vision: { ...called(request.vision), architecture: 'clip', vocabulary: null } }
      : {}),
    isSwapped: false,
    runs: true,
    plan: planOf(request),
    tokenizer: { startPiece: '<s>', addsStart: true, endPieces: ['</s>'] },
    template: templateSummary,
    imageTemplate: 'internvl2-chat',
    ...changes,
  };
}

/** A template that writes who speaks in angle brackets. */
export function promptOf(
  { messages, system }: Pick<GenerateRequest, 'messages' | 'system'>,
  contextTokens: number,
): PromptText {
  const turns = [...(system ? [{ role: 'system', text: system }] : []), ...messages];
  const parts = turns.flatMap(({ role, text }) => [
    { text: `<${role}>`, special: true },
    { text, special: false },
  ]);
  const text = parts.map(part => part.text).join('');
  return { text, parts, ids: [...text].map((_, id) => id), contextTokens, droppedMessages: 0, mendings: [] };
}

/** Of a file that brings its own. */
export const templateSummary: TemplateSummary = {
  kind: 'ChatML',
  characters: 368,
  system: 'own',
  defaultSystem: 'You are a helpful assistant.',
  takesHistory: true,
  generationPrompt: 'asked',
  opensThought: false,
  endPiece: '<|im_end|>',
};

export const visionInfo: NonNullable<ModelInfo['vision']> = {
  name: 'nano eyes',
  parameterCount: 1_076_096,
  tileSize: 112,
  tokensPerTile: 16,
  fileBytes: 2_193_120,
  tensorTypes: ['F16', 'F32'],
};

/** Comes with the site. */
export const bundledFile: UrlSource = {
  kind: 'url',
  id: 'nano-chat',
  url: 'https://site.test/models/nano.gguf',
  bytes: 7_800_000,
  chunkBytes: 8_000_000,
  chunkSha256: ['0'.repeat(64)],
  sha256: '0'.repeat(64),
};

/** Comes with the site; reads each question alone. */
export const demonstration: CatalogueEntry = {
  id: 'nano-chat',
  name: 'Nano',
  summary: 'A very small model.',
  kind: 'demonstration',
  license: 'CC BY 4.0',
  template: 'pmc-llama',
  includeHistory: false,
  contextTokens: 2048,
  suggestedQuestions: ['What is asthma?', 'What is osteoporosis?'],
  file: bundledFile,
};

/** A second one that comes with the site, and reads earlier turns. */
export const conversational: CatalogueEntry = {
  ...demonstration,
  id: 'chatty',
  name: 'Chatty',
  includeHistory: true,
  suggestedQuestions: [],
  file: { ...bundledFile, id: 'chatty' },
};

/** Opened from a file of the reader's. */
export const ownModel: CatalogueEntry = {
  id: 'big',
  name: 'Big',
  summary: 'Bring a GGUF file.',
  kind: 'bring-your-own',
  license: 'Read it.',
  template: 'internlm2-chat',
  includeHistory: true,
  contextTokens: 4096,
  suggestedQuestions: [],
  publisher: {
    page: 'https://models.test/big',
    checkpoint: { url: 'https://models.test/big/resolve/main/', bytesApprox: 8e9 },
  },
  expects: { architecture: 'llama', bytesApprox: 2e9, requirements: 'Two gigabytes of GPU memory.' },
};

/** Comes with the site and sees images. */
export const seeing: CatalogueEntry = {
  ...conversational,
  id: 'nano-vqa',
  name: 'Seer',
  template: 'internvl2-chat',
  system: 'You see.',
  suggestedQuestions: ['Describe the image.', 'Is there a nodule?'],
  file: { ...bundledFile, id: 'nano-vqa' },
  vision: { file: { ...bundledFile, id: 'nano-vqa-vision' } },
  sampleImages: [
    {
      url: 'https://site.test/samples/synthetic.png',
      name: 'Synthetic.png',
      description: 'A drawing',
      question: 'What kind of image is this?',
    },
  ],
};

/** A file of the reader's, described. */
export const ownFile: CatalogueEntry = {
  id: 'own-big',
  name: 'Big',
  summary: 'Your file.',
  kind: 'own',
  license: 'apache-2.0',
  template: 'internlm2-chat',
  includeHistory: true,
  contextTokens: 4096,
  suggestedQuestions: [],
  identity: { ...modelIdentity, name: 'Big' },
};

/** Two files of the reader's, described. */
export const ownSeeingFiles: CatalogueEntry = {
  ...ownFile,
  id: 'own-big-eyes',
  name: 'Big eyes',
  template: 'internvl2-chat',
  vision: {},
  visionIdentity: { ...modelIdentity, name: 'Eyes', architecture: 'clip', vocabulary: null },
};

/** Opened from two files of the reader's. */
export const ownSeeing: CatalogueEntry = {
  ...ownModel,
  id: 'big-eyes',
  name: 'Big eyes',
  template: 'internvl2-chat',
  vision: {},
  expects: { ...ownModel.expects!, vision: { bytesApprox: 6e8 } },
};

/** The hash is as long as a real one and different for different names. */
export function imageReportOf(name: string): ImageReport {
  const id = Array.from({ length: 64 }, (_, i) => (name.charCodeAt(i % name.length) % 16).toString(16)).join(
    '',
  );
  return { id, format: 'png', width: 640, height: 480, isAnimated: false };
}

export function visionUseOf(id: string, changes: Partial<VisionUse> = {}): VisionUse {
  return {
    images: [
      {
        id,
        views: chooseViews({ width: 640, height: 480 }, visionInfo, defaultTiling),
        keptTokens: 304,
        cached: false,
      },
    ],
    decodeMs: 20,
    encodeMs: 400,
    compressed: false,
    ...changes,
  };
}

export function outcomeOf(text: string, changes: Partial<GenerateOutcome> = {}): GenerateOutcome {
  const generatedTokens = text.split(/\s+/).filter(Boolean).length;
  return {
    text,
    ids: [...text].map(letter => letter.codePointAt(0)!),
    prompt: { parts: [{ text: 'What is asthma?', special: false }], ids: [1, 2, 2, 2, 3] },
    stopReason: 'end',
    usage: {
      promptTokens: 12,
      cachedTokens: 0,
      generatedTokens,
      prefillMs: 20,
      timeToFirstTokenMs: 25,
      decodeMs: 100,
      tokensPerSecond: 40,
    },
    droppedMessages: 0,
    contextTokens: 2048,
    usedTokens: 12 + generatedTokens,
    model: 'nano',
    computedOn: computedOn(gpuReport),
    ...changes,
  };
}

export function errorOf(code: ErrorCode): BedsideError {
  return new BedsideError(
    code,
    sentence`happened: What happened: ${{ code }}.`,
    `What to do about ${code}.`,
    `technical ${code}`,
  );
}
