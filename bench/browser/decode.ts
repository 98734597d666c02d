import { wrap } from 'comlink';
import {
  createEngineClient,
  createLibraryClient,
  type EngineClient,
  greedySampling,
} from '../../src/client/index.ts';
import { bytesSource } from '../../src/engine/formats/byte-source.ts';
import { parseGguf } from '../../src/engine/formats/gguf.ts';
import { renderPrompt } from '../../src/engine/templates/render-prompt.ts';
import { addsBos } from '../../src/engine/templates/template.ts';
import type { TemplateId } from '../../src/engine/templates/template-ids.ts';
import { templateOf } from '../../src/engine/templates/templates.ts';
import { createTokenizer, type Tokenizer } from '../../src/engine/tokenizer/tokenizer.ts';
import { readVocabulary } from '../../src/engine/tokenizer/vocabulary.ts';
import type { DecodeMode, OnnxWorkerApi } from './onnx-worker.ts';

export interface DecodePlan {
  modelUrl: string;
  /** Of onnxruntime-web's module. */
  libraryUrl: string;
  template: TemplateId;
  question: string;
  tokens: number;
  rounds: number;
  modes: DecodeMode[];
}

export interface PeerDecode {
  mode: DecodeMode;
  sameText: boolean;
  text: string;
  msPerToken: number[];
}

/** Milliseconds of a decoded token after the first, one figure a round; of the peer's slower modes only the first round's. */
export interface DecodeReport {
  adapter: string;
  peerVersion: string;
  promptTokens: number;
  generatedTokens: number;
  text: string;
  bedsideMsPerToken: number[];
  peers: PeerDecode[];
}

const contextTokens = 512;

/**
 * The same greedy answer by Bedside, through the client and the worker that the page uses, and by onnxruntime-web in a
 * worker of its own. They take turns, after each has warmed up. From the second round on only the two fastest of the peer's
 * modes go on.
 */
export async function measureDecode(plan: DecodePlan): Promise<DecodeReport> {
  const file = new Uint8Array(await (await fetch(plan.modelUrl)).arrayBuffer());
  const tokenizer = createTokenizer(readVocabulary((await parseGguf(bytesSource(file))).metadata));
  const prompt = promptIds(tokenizer, plan);
  const library = createLibraryClient();
  const client = createEngineClient({ library });
  const worker = new Worker(new URL('./onnx-worker.ts', import.meta.url), { type: 'module' });
  const onnx = wrap<OnnxWorkerApi>(worker);
  try {
    await client.loadModel({
      source: { kind: 'file', file: new File([file], 'model.gguf') },
      precision: 'f32',
      contextTokens,
    });
    const { adapter } = await client.probeDevice();
    let version = '';
    for (const choice of new Set(plan.modes.map(mode => mode.choice))) {
      ({ version } = await onnx.load(plan.libraryUrl, plan.modelUrl, choice));
    }
    const { text, usage } = await askBedside(client, plan);
    const peers: PeerDecode[] = plan.modes.map(mode => ({ mode, sameText: false, text: '', msPerToken: [] }));
    for (const { mode } of peers) await onnx.decode(prompt, 3, mode);
    const bedsideMsPerToken: number[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      const { usage } = await askBedside(client, plan);
      bedsideMsPerToken.push(1000 / usage.tokensPerSecond);
      for (const peer of round === 0 ? peers : fastest(peers)) {
        const { ids, decodeMs } = await onnx.decode(prompt, usage.generatedTokens, peer.mode);
        const { addsSpacePrefix } = tokenizer;
        peer.text = tokenizer.decode(ids, { stripLeadingSpace: addsSpacePrefix });
        peer.sameText = peer.text === text;
        peer.msPerToken.push(decodeMs / (usage.generatedTokens - 1));
      }
    }
    return {
      adapter,
      peerVersion: version,
      promptTokens: prompt.length,
      generatedTokens: usage.generatedTokens,
      text,
      bedsideMsPerToken,
      peers,
    };
  } finally {
    client.dispose();
    library.dispose();
    worker.terminate();
  }
}

function fastest(peers: readonly PeerDecode[]): PeerDecode[] {
  return [...peers].sort((a, b) => a.msPerToken[0]! - b.msPerToken[0]!).slice(0, 2);
}

function promptIds(tokenizer: Tokenizer, { template, question }: DecodePlan): number[] {
  const parts = renderPrompt(templateOf(template), {
    messages: [{ role: 'user', text: question }],
    includeHistory: true,
  });
  return tokenizer.encodeParts(parts, { addBos: addsBos(templateOf(template), tokenizer) });
}

async function askBedside(client: EngineClient, { template, question, tokens }: DecodePlan) {
  return client.generate(
    {
      template,
      includeHistory: false,
      messages: [{ role: 'user', text: question }],
      sampling: greedySampling,
      maxTokens: tokens,
    },
    { onText: () => undefined },
  );
}
