import {
  type AnswerRecord,
  type GenerateOutcome,
  type GenerateRequest,
  type Message,
  type ModelInfo,
  packIds,
  productVersion,
  type RecordedDevice,
  type RecordedModel,
} from '../../../client/index.ts';
import type { ModelChoice } from '../model/model-choice.ts';
import { signatureOf } from '../model/model-identity.ts';

/** An answer that has ended, with all that it was made of. */
export interface EndedAnswer {
  answer: Pick<Message, 'id' | 'conversationId'>;
  askedAt: number;
  model: ModelChoice;
  info: ModelInfo;
  request: GenerateRequest & { date: number; thoughtTokens: number };
  outcome: GenerateOutcome;
}

/** What is kept of how an answer was made. Pixels are the conversation's already, and what was seen of them is the message's. */
export function recordAnswer({ answer, askedAt, model, info, request, outcome }: EndedAnswer): AnswerRecord {
  const begunTokens = request.begun?.tokenIds.length ?? 0;
  const { template, system, includeHistory, templateOptions, date, sampling, thoughtTokens } = request;
  const { ids, parts } = outcome.prompt;
  const { contextTokens, droppedMessages, stopReason, usage } = outcome;
  return {
    v: 1,
    id: answer.id,
    conversationId: answer.conversationId,
    askedAt,
    product: productVersion(),
    model: recordedModel(model, info),
    device: { ...recordedDevice(info), computedOn: outcome.computedOn },
    request: {
      template,
      ...(system === undefined ? {} : { system }),
      includeHistory,
      ...(templateOptions ? { templateOptions: templateOptions as Record<string, string | boolean> } : {}),
      date,
      sampling,
      maxTokens: request.maxTokens + begunTokens,
      thoughtTokens,
      ...(request.images && request.tiling ? { tiling: request.tiling } : {}),
      ...(request.images ? { compressImages: request.compressImages ?? false } : {}),
      begunTokens,
    },
    prompt: { parts, ids: packIds(ids), contextTokens, droppedMessages },
    answer: { ids: packIds(outcome.ids), stopReason, usage },
  };
}

/** As it is loaded. */
export function recordedModel(model: ModelChoice, info: ModelInfo): RecordedModel {
  const { modelKey, identity } = signatureOf(model, { info, template: null });
  const { quantisation, parameterCount } = info.identity;
  return {
    name: model.entry.name,
    key: modelKey,
    quantisation,
    parameterCount,
    ...(identity.sha256 ? { sha256: identity.sha256 } : {}),
  };
}

/** Of the loaded model: how it is kept and computed. */
export function recordedDevice({
  precision,
  variant,
  tuning,
}: ModelInfo): Omit<RecordedDevice, 'computedOn'> {
  const chosen = (tuning?.classes ?? []).filter(({ chosen, default: standard }) => chosen !== standard);
  const forms = chosen.map(({ kind, size, chosen: form }) => `${kind}${size ? ` ${size}` : ''}: ${form}`);
  return { precision, variant, forms: forms.sort() };
}
