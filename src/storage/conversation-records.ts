import { type ErrorData, errorCodes } from '../engine/errors.ts';
import type { SentenceValues } from '../engine/sentence.ts';
import { type StopReason, stopReasons, type Usage } from '../engine/types/answer.ts';
import type { ChatMessage } from '../engine/types/chat-message.ts';
import type { ComputedOn } from '../engine/types/computed-on.ts';
import { activationBits } from '../engine/types/device-choice.ts';
import type { LoadChoice } from '../engine/types/memory.ts';
import { precisions } from '../engine/types/precision.ts';
import type { SamplingSettings } from '../engine/types/sampling.ts';
import type { SourceText } from '../engine/types/source-text.ts';
import type { VisionUse } from '../engine/types/vision-use.ts';
import { type Filing, filing } from './filing.ts';
import { type AnswerIdentity, answerIdentity } from './identity-fields.ts';
import { type OptionLikelihood, optionLikelihoods } from './option-likelihoods.ts';
import { type Preset, readPreset } from './presets.ts';
import { isRawObject, type RawObject } from './raw-object.ts';
import { type AnswerEdit, type AnswerRating, answerEdit, answerRating } from './reader-marks.ts';
import {
  amount,
  type Condition,
  conditionOf,
  count,
  type FieldReader,
  type FieldReaders,
  flag,
  listOf,
  objectOf,
  oneOf,
  orNull,
  readFields,
  sizeUpTo,
  text,
  time,
} from './record-fields.ts';
import { samplingChoice } from './sampling-choice.ts';
import { sourceText } from './source-records.ts';
import { readTaskUse, type TaskUse } from './task-templates.ts';
import { type MessageImage, messageImage, visionUse } from './vision-records.ts';

/** Of the index record and the messages alike: an earlier Bedside writes to no conversation whose index is of a later version. */
export const conversationVersion = 4;

/** The index record of a conversation; its messages are records of their own. */
export interface Conversation {
  v: typeof conversationVersion;
  id: string;
  title: string;
  /** Milliseconds since 1970, as all times here. */
  createdAt: number;
  updatedAt: number;
  modelId?: string;
  /** First messages, oldest first; more than one when the first question was edited. */
  rootIds: string[];
  /** The last message of the branch that is shown; null while there is none. */
  currentLeafId: string | null;
  /** How words are chosen in it, where the reader wants that otherwise than in the others. */
  sampling?: SamplingSettings;
  /** The preset that was chosen for it, as it was then. `sampling` goes before that of the preset. */
  preset?: Preset;
  /** How it is kept in the list: changed by filing alone. Missing in what earlier versions stored. */
  filing?: Filing;
  /** Ids of notices that are not shown in it any more. */
  dismissedNotices?: string[];
  /** Of what was read, never stored. Of a later version: it is shown and not written to. */
  condition?: Condition;
}

/** `own`: a file that the reader opened, by its own name. */
export const modelKinds = ['demonstration', 'bring-your-own', 'installed', 'own'] as const;
export type ModelKind = (typeof modelKinds)[number];

/** An answer that was asked for several times at once; the others are beside it. */
export interface AnswerSample {
  of: number;
  seed: number;
}

/** One node of the tree. Messages with the same parent are alternatives: edited questions, other answers. */
export interface Message extends Omit<ChatMessage, 'images' | 'asksAbout'> {
  v: typeof conversationVersion;
  id: string;
  conversationId: string;
  /** Null for a first message. */
  parentId: string | null;
  /** Later than every earlier message of the conversation, so it also gives the order. */
  createdAt: number;
  /** Of questions only: what it asks about, in order. The pixels are records of their own. */
  images?: MessageImage[];
  /** Of questions only: texts of the reader's own, which the model is given in front of it. */
  sources?: SourceText[];
  /** Of questions only: the template with which it was made. */
  task?: TaskUse;
  /** Of answers only, as all below. Missing where the page went away while the answer was being written. */
  stopReason?: StopReason;
  usage?: Usage;
  /**
   * The name of the model that answered: its own. Until version 3, of a file of the reader's that of the entry under which it was
   * opened; `modelKind` says so.
   */
  model?: string;
  /** Which model it was: others can have the same name. Missing in what earlier versions stored. */
  modelKey?: string;
  /**
   * Which kind of model it was when it answered; the catalogue may change. Missing as above. No answer is of the kind
   * 'bring-your-own' since version 3.
   */
  modelKind?: ModelKind;
  /** What else was known of it then. Missing in what earlier versions stored. */
  identity?: AnswerIdentity;
  /**
   * What computed it, in order: more than one where the answer went on on another device. Missing where that was not known of all
   * of it, as in what earlier versions stored.
   */
  computedOn?: ComputedOn[];
  /** Earlier messages that did not fit into the prompt. */
  droppedMessages?: number;
  contextTokens?: number;
  /** Positions used after the answer. */
  usedTokens?: number;
  /** The model read the question without the turns before it. */
  readAlone?: boolean;
  /** What the model was shown of the images. */
  vision?: VisionUse;
  /** Earlier turns have images, and this model reads text alone. */
  withoutImages?: boolean;
  /** What the model made of the question's options, where that was asked for. */
  optionLikelihoods?: OptionLikelihood[];
  /** Of one of several that were written at once: how many, and its seed. */
  sample?: AnswerSample;
  /** Of an answer that was cut off: what it was made of, so that it can go on. */
  tokenIds?: number[];
  /** The reader has changed its words: which of them. Never in what a model wrote alone. */
  edit?: AnswerEdit;
  /** What the reader thinks of it. */
  rating?: AnswerRating;
  /** Why there is no answer, or only part of one. */
  error?: ErrorData;
  /** Of what was read, never stored: not all of it could be. */
  condition?: Condition;
}

/** What a stored record of a message says, and which of the fields that place it in the tree it does not. */
export interface MessageReading {
  message: Message;
  lacks: { role: boolean; parentId: boolean; createdAt: boolean };
}

/**
 * Reads a stored index record of any version, whatever lies there: what cannot be read takes a neutral value, and `condition`
 * says so. It stays in the store as it is.
 */
export function readConversation(record: unknown, id: string): Conversation {
  const raw = isRawObject(record) ? migrate(record) : {};
  const { fields, unreadable } = readFields<IndexFields>(raw, indexFields);
  const {
    title,
    createdAt,
    updatedAt,
    rootIds,
    currentLeafId,
    modelId,
    sampling,
    preset,
    filing,
    dismissedNotices,
  } = fields;
  const isWhole =
    unreadable.length === 0 &&
    raw.id === id &&
    [title, createdAt, updatedAt, rootIds, currentLeafId].every(field => field !== undefined);
  const condition = conditionOf(raw, conversationVersion, isWhole);
  return {
    v: conversationVersion,
    id,
    title: title ?? 'Untitled conversation',
    createdAt: createdAt ?? updatedAt ?? 0,
    updatedAt: updatedAt ?? createdAt ?? 0,
    ...(modelId === undefined ? {} : { modelId }),
    rootIds: rootIds ?? [],
    currentLeafId: currentLeafId ?? null,
    ...(sampling ? { sampling } : {}),
    ...(preset ? { preset } : {}),
    ...(filing ? { filing } : {}),
    ...(dismissedNotices ? { dismissedNotices } : {}),
    ...(condition ? { condition } : {}),
  };
}

/** The same for a message: its text always, as far as there is one. */
export function readMessage(record: unknown, conversationId: string, id: string): MessageReading {
  // A text alone is better than nothing.
  const raw = isRawObject(record) ? migrate(record) : { text: record };
  const { fields, unreadable } = readFields<MessageFields>(raw, messageFields);
  const { role, text: written, parentId, createdAt, ...optional } = fields;
  const isWhole =
    unreadable.length === 0 &&
    raw.id === id &&
    raw.conversationId === conversationId &&
    [role, written, parentId, createdAt].every(field => field !== undefined);
  const condition = conditionOf(raw, conversationVersion, isWhole);
  const message: Message = {
    v: conversationVersion,
    id,
    conversationId,
    parentId: parentId ?? null,
    role: role ?? 'user',
    text: written ?? '',
    createdAt: createdAt ?? 0,
    ...optional,
    ...(condition ? { condition } : {}),
  };
  const lacks = {
    role: role === undefined,
    parentId: parentId === undefined,
    createdAt: createdAt === undefined,
  };
  return { message, lacks };
}

/**
 * Version 1 differs in what a message says of images, which `visionUse` reads in both forms; version 2 in what it says of the
 * model alone, where nothing was stored of which version 3 knows more; version 3 showed every image as its file does, as one without
 * a presentation is shown.
 */
function migrate(record: RawObject): RawObject {
  return [1, 2, 3].includes(record.v as number) ? { ...record, v: conversationVersion } : record;
}

type IndexFields = Omit<Conversation, 'v' | 'id' | 'condition'>;

const indexFields: FieldReaders<IndexFields> = {
  title: text,
  createdAt: time,
  updatedAt: time,
  modelId: text,
  rootIds: listOf(text),
  currentLeafId: orNull(text),
  sampling: samplingChoice,
  preset: readPreset,
  filing,
  dismissedNotices: listOf(text),
};

type MessageFields = Omit<Message, 'v' | 'id' | 'conversationId' | 'condition'>;

export const usage = objectOf<Usage>(
  {
    promptTokens: count,
    cachedTokens: count,
    generatedTokens: count,
    prefillMs: amount,
    timeToFirstTokenMs: amount,
    decodeMs: amount,
    tokensPerSecond: amount,
    tokensPerStep: amount,
  },
  [
    'promptTokens',
    'cachedTokens',
    'generatedTokens',
    'prefillMs',
    'timeToFirstTokenMs',
    'decodeMs',
    'tokensPerSecond',
  ],
);

const choice = objectOf<LoadChoice>(
  { precision: oneOf(precisions), contextTokens: count, totalBytes: count },
  ['precision', 'contextTokens', 'totalBytes'],
);

const sentenceValues: FieldReader<SentenceValues> = value =>
  isRawObject(value) &&
  Object.values(value).every(each => typeof each === 'string' || typeof each === 'number')
    ? (value as SentenceValues)
    : undefined;

const readError = objectOf<ErrorData>(
  {
    // A code of another version: what it says can be read all the same.
    code: value => oneOf(errorCodes)(value) ?? (typeof value === 'string' ? 'internal' : undefined),
    reason: text,
    message: text,
    values: sentenceValues,
    advice: text,
    cause: text,
    choices: listOf(choice),
  },
  ['code', 'message', 'advice'],
);

export const computer = objectOf<ComputedOn>(
  {
    kind: oneOf(['gpu', 'processor'] as const),
    adapter: text,
    threads: count,
    activationBits: oneOf(activationBits),
  },
  ['kind'],
);

/** Errors were stored without the reason of their sentence once: such a one is shown with its words. */
const error: FieldReader<ErrorData> = value => {
  const read = readError(value);
  return read && { ...read, reason: read.reason ?? 'unnamed', values: read.values ?? {} };
};

const messageFields: FieldReaders<MessageFields> = {
  role: oneOf(['user', 'assistant'] as const),
  text,
  parentId: orNull(text),
  createdAt: time,
  images: listOf(messageImage),
  imagePlaces: listOf(count),
  sources: listOf(sourceText),
  task: readTaskUse,
  stopReason: oneOf(stopReasons),
  usage,
  model: text,
  modelKey: text,
  modelKind: oneOf(modelKinds),
  identity: answerIdentity,
  computedOn: listOf(computer),
  droppedMessages: count,
  contextTokens: count,
  usedTokens: count,
  readAlone: flag,
  vision: visionUse,
  withoutImages: flag,
  optionLikelihoods,
  sample: objectOf<AnswerSample>({ of: sizeUpTo(8), seed: count }, ['of', 'seed']),
  tokenIds: listOf(count),
  edit: answerEdit,
  rating: answerRating,
  error,
};
