/** A question asked several times at once: its answers are kept beside the one that is there. */
import {
  type AnswerSample,
  addMessage,
  type ConversationTree,
  computedOn,
  type GenerateOutcome,
  type Message,
  mildSampling,
  type SampleOutcome,
  type SamplingSettings,
} from '../../client/index.ts';
import { askedAgain } from '../state/chat/asked-again.ts';
import { recordAnswer } from '../state/chat/record-answer.ts';
import type { App } from '../state/create-app.ts';
import { signatureOf } from '../state/model/model-identity.ts';
import { requireRecord, type ScoringProgress } from './requested-scores.ts';

export const fewestSamples = 2;
export const mostSamples = 5;

/** Where the most likely word is chosen every time, several answers would be one. */
export function drawnSampling(sampling: SamplingSettings): SamplingSettings {
  const { temperature, minP } = mildSampling;
  return sampling.temperature > 0 ? sampling : { ...sampling, temperature, minP };
}

/** Another draw each time that it is asked. */
export function newSeeds(count: number): number[] {
  return [...crypto.getRandomValues(new Uint32Array(count))];
}

export interface SamplingEvents {
  signal: AbortSignal;
  onProgress: (progress: ScoringProgress) => void;
  onText: (sample: number, text: string) => void;
}

/**
 * Asks the question of an answer again, once a seed, with the request of that answer. Each is stored as another version of it, in
 * the order of the seeds; the version that is shown stays. What a stop cuts off is kept as far as it is. Returns the new versions.
 */
export async function askSeveralTimes(
  app: App,
  answer: Message,
  seeds: readonly number[],
  { signal, onProgress, onText }: SamplingEvents,
): Promise<Message[]> {
  const { answerParts } = app;
  const record = await requireRecord(app, answer);
  const { request, model, info } = await askedAgain(answer, record, answerParts);
  const askedAt = Date.now();
  const drawn = { ...request, sampling: drawnSampling(request.sampling) };
  const outcome = await answerParts.services.engine.sample(
    { request: drawn, seeds },
    {
      signal,
      onVision: progress =>
        onProgress(
          progress.phase === 'decoding'
            ? { step: 'images', done: progress.image - 1, total: progress.images }
            : { step: 'images', done: progress.done, total: progress.total },
        ),
      onPrefill: (done, total) => onProgress({ step: 'prompt', done, total }),
      onText: (sample, text) => onText(sample, text),
    },
  );
  const written = outcome.samples.filter(({ text }) => text.trim() !== '');
  const signature = signatureOf(model, { info, template: request.template });
  const { tree } = app.chat.getState();
  // Deleted in another tab meanwhile, or left: nothing is written into another conversation.
  if (tree.conversation.id !== answer.conversationId) return [];
  let grown = tree;
  const added: Message[] = [];
  for (const { seed, text, ids, stopReason } of written) {
    const whole = wholeOutcome(outcome, { text, ids, stopReason });
    const sample: AnswerSample = { of: seeds.length, seed };
    const { usage, droppedMessages, contextTokens, usedTokens, vision } = whole;
    const next = addMessage(grown, {
      parentId: answer.parentId,
      role: 'assistant',
      text,
      stopReason,
      usage,
      droppedMessages,
      contextTokens,
      usedTokens,
      ...signature,
      computedOn: [whole.computedOn ?? computedOn(info.device)],
      ...(vision ? { vision } : {}),
      ...(answer.readAlone ? { readAlone: true } : {}),
      sample,
    });
    grown = next.tree;
    added.push(next.message);
  }
  const shown = keepShown(grown, tree);
  app.chat.setState({ tree: shown });
  await answerParts.conversationList.save(shown.conversation, ...added);
  for (const [place, message] of added.entries()) {
    const sampled = written[place]!;
    const sampling = { ...drawn.sampling, seed: sampled.seed };
    const asked = { ...drawn, sampling };
    await answerParts.conversationList.saveAnswerRecord(
      recordAnswer({
        answer: message,
        askedAt,
        model,
        info,
        request: asked,
        outcome: wholeOutcome(outcome, sampled),
      }),
    );
  }
  return added;
}

/** The version that was shown, among more of them. */
function keepShown(grown: ConversationTree, before: ConversationTree): ConversationTree {
  const { currentLeafId } = before.conversation;
  return { ...grown, conversation: { ...grown.conversation, currentLeafId } };
}

/** As if one of them had been the only one; how fast it was is not known of one alone. */
function wholeOutcome(
  { samples: _, usage, ...shared }: SampleOutcome,
  own: Pick<GenerateOutcome, 'text' | 'ids' | 'stopReason'>,
): GenerateOutcome {
  const { tokensPerStep: __, ...measured } = usage;
  return {
    ...shared,
    ...own,
    usage: { ...measured, generatedTokens: own.ids.length, tokensPerSecond: 0 },
    usedTokens: shared.prompt.ids.length + own.ids.length,
  };
}
