/**
 * What an answer was made of, in a record of its own beside its message: prompts are long, and a conversation is opened without
 * them. With it the answer can be accounted for, and computed again.
 */
import { isInRange } from '../engine/sampling/validate-sampling.ts';
import type { TemplateChoice } from '../engine/templates/template-ids.ts';
import { type StopReason, stopReasons, type Usage } from '../engine/types/answer.ts';
import type { ComputedOn } from '../engine/types/computed-on.ts';
import { type Precision, precisions } from '../engine/types/precision.ts';
import type { PromptText } from '../engine/types/prompt-text.ts';
import { greedySampling, type SamplingSettings } from '../engine/types/sampling.ts';
import type { TilingSettings } from '../engine/types/tiling.ts';
import { computer, usage } from './conversation-records.ts';
import type { Database } from './database.ts';
import { templateChoice } from './identity-fields.ts';
import { unpackIds } from './packed-ids.ts';
import { isRawObject } from './raw-object.ts';
import {
  count,
  type FieldReader,
  type FieldReaders,
  flag,
  listOf,
  objectOf,
  oneOf,
  readFields,
  text,
  time,
} from './record-fields.ts';
import { tilingModes, tilingPresets } from './settings-record.ts';

export interface AnswerRecord {
  v: 1;
  /** Of the answer. */
  id: string;
  conversationId: string;
  /** When the model was asked; of an answer that went on, the last time. */
  askedAt: number;
  product: ProductVersion;
  model: RecordedModel;
  device: RecordedDevice;
  request: RecordedRequest;
  prompt: RecordedPrompt;
  answer: RecordedTokens;
}

export interface ProductVersion {
  version: string;
  /** Names the content of the site, which differs where any of its scripts does. */
  build: string;
}

export interface RecordedModel {
  name: string;
  /** As `Message.modelKey`. */
  key: string;
  quantisation: string;
  parameterCount: number;
  /** SHA-256 (hex) of the file, or of each of its parts, where they were known. */
  sha256?: string[];
}

export interface RecordedDevice {
  computedOn: ComputedOn;
  /** Of the KV cache. */
  precision: Precision;
  /** The kernels in use, in words. */
  variant: string;
  /** The forms of kernels that were chosen on the device, "kind size: form" each; empty where all were the standard ones. */
  forms: string[];
}

export interface RecordedRequest {
  template: TemplateChoice;
  system?: string;
  includeHistory: boolean;
  templateOptions?: Record<string, string | boolean>;
  /** Milliseconds since 1970: the day that a template may write. */
  date: number;
  sampling: SamplingSettings;
  /** Of the whole answer, with what was begun before. */
  maxTokens: number;
  thoughtTokens: number;
  /** Of questions with images. */
  tiling?: TilingSettings;
  compressImages?: boolean;
  /** Tokens that were written before the model was asked the last time. */
  begunTokens: number;
}

export interface RecordedPrompt {
  parts: PromptText['parts'];
  /** As `packIds` writes them. */
  ids: string;
  contextTokens: number;
  droppedMessages: number;
}

export interface RecordedTokens {
  /** As `packIds` writes them. */
  ids: string;
  stopReason: StopReason;
  usage: Usage;
}

const everyRecord = 'answer-record/';
export const answerRecordPrefix = (conversationId: string): string => `${everyRecord}${conversationId}/`;
export const answerRecordKey = (conversationId: string, id: string): string =>
  `${answerRecordPrefix(conversationId)}${id}`;

export async function loadAnswerRecord(
  database: Database,
  conversationId: string,
  id: string,
): Promise<AnswerRecord | undefined> {
  return readAnswerRecord(await database.get(answerRecordKey(conversationId, id)), conversationId, id);
}

/** All of it, or undefined: half a record proves nothing. */
export function readAnswerRecord(
  record: unknown,
  conversationId: string,
  id: string,
): AnswerRecord | undefined {
  if (!isRawObject(record) || record.v !== 1 || record.id !== id) return undefined;
  if (record.conversationId !== conversationId) return undefined;
  const { fields, unreadable } = readFields<RecordFields>(record, recordFields);
  const isWhole = Object.keys(recordFields).every(name => name in fields) && unreadable.length === 0;
  return isWhole ? { v: 1, id, conversationId, ...(fields as RecordFields) } : undefined;
}

type RecordFields = Omit<AnswerRecord, 'v' | 'id' | 'conversationId'>;

const packedIds: FieldReader<string> = value =>
  typeof value === 'string' && unpackIds(value) ? value : undefined;

const options: FieldReader<Record<string, string | boolean>> = value =>
  isRawObject(value) &&
  Object.values(value).every(each => typeof each === 'string' || typeof each === 'boolean')
    ? (value as Record<string, string | boolean>)
    : undefined;

const sampling: FieldReader<SamplingSettings> = value => {
  if (!isRawObject(value)) return undefined;
  const found = { ...greedySampling };
  for (const name of Object.keys(found) as (keyof SamplingSettings)[]) {
    const said = value[name];
    if (!isInRange(name, said)) return undefined;
    found[name] = said;
  }
  return found;
};

const tiling = objectOf<TilingSettings>({ mode: oneOf(tilingModes), preset: oneOf(tilingPresets) }, [
  'mode',
  'preset',
]);

const recordFields: FieldReaders<RecordFields> = {
  askedAt: time,
  product: objectOf<ProductVersion>({ version: text, build: text }, ['version', 'build']),
  model: objectOf<RecordedModel>(
    { name: text, key: text, quantisation: text, parameterCount: count, sha256: listOf(text) },
    ['name', 'key', 'quantisation', 'parameterCount'],
  ),
  device: objectOf<RecordedDevice>(
    { computedOn: computer, precision: oneOf(precisions), variant: text, forms: listOf(text) },
    ['computedOn', 'precision', 'variant', 'forms'],
  ),
  request: objectOf<RecordedRequest>(
    {
      template: templateChoice,
      system: text,
      includeHistory: flag,
      templateOptions: options,
      date: time,
      sampling,
      maxTokens: count,
      thoughtTokens: count,
      tiling,
      compressImages: flag,
      begunTokens: count,
    },
    ['template', 'includeHistory', 'date', 'sampling', 'maxTokens', 'thoughtTokens', 'begunTokens'],
  ),
  prompt: objectOf<RecordedPrompt>(
    {
      parts: listOf(
        objectOf<{ text: string; special: boolean }>({ text, special: flag }, ['text', 'special']),
      ),
      ids: packedIds,
      contextTokens: count,
      droppedMessages: count,
    },
    ['parts', 'ids', 'contextTokens', 'droppedMessages'],
  ),
  answer: objectOf<RecordedTokens>({ ids: packedIds, stopReason: oneOf(stopReasons), usage }, [
    'ids',
    'stopReason',
    'usage',
  ]),
};
