import { type ErrorData, errorCodes } from '../engine/errors.ts';
import type { ChatMessage, StopReason, Usage, VisionUse } from '../engine/types.ts';
import { isRawObject } from './raw-object.ts';
import { isMessageImage, isVisionUse, type MessageImage } from './vision-records.ts';

/** The index record of a conversation; its messages are records of their own. */
export interface Conversation {
  v: 1;
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
}

export const modelKinds = ['demonstration', 'bring-your-own', 'installed'] as const;
export type ModelKind = (typeof modelKinds)[number];

/** One node of the tree. Messages with the same parent are alternatives: edited questions, other answers. */
export interface Message extends Omit<ChatMessage, 'images'> {
  v: 1;
  id: string;
  conversationId: string;
  /** Null for a first message. */
  parentId: string | null;
  /** Later than every earlier message of the conversation, so it also gives the order. */
  createdAt: number;
  /** Of questions only: what it asks about, in order. The pixels are records of their own. */
  images?: MessageImage[];
  /** Of answers only, as all below. Missing where the page went away while the answer was being written. */
  stopReason?: StopReason;
  usage?: Usage;
  /** The name of the model that answered. */
  model?: string;
  /** Which model it was: others can have the same name. Missing in what earlier versions stored. */
  modelKey?: string;
  /** Which kind of model it was when it answered; the catalogue may change. Missing as above. */
  modelKind?: ModelKind;
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
  /** Of an answer that was cut off: what it was made of, so that it can go on. */
  tokenIds?: number[];
  /** Why there is no answer, or only part of one. */
  error?: ErrorData;
}

/**
 * Reads a stored index record of any version. Undefined for what cannot be read, such as a record written by
 * a later version of Bedside: it stays in the store untouched. A later version adds its step from 1 here.
 */
export function migrateConversation(record: unknown): Conversation | undefined {
  if (!isRawObject(record) || record.v !== 1) return undefined;
  const { id, title, createdAt, updatedAt, modelId, rootIds, currentLeafId } = record;
  const valid =
    typeof id === 'string' &&
    typeof title === 'string' &&
    typeof createdAt === 'number' &&
    typeof updatedAt === 'number' &&
    (modelId === undefined || typeof modelId === 'string') &&
    Array.isArray(rootIds) &&
    rootIds.every(root => typeof root === 'string') &&
    (currentLeafId === null || typeof currentLeafId === 'string');
  return valid ? (record as unknown as Conversation) : undefined;
}

/** The same for a message. */
export function migrateMessage(record: unknown): Message | undefined {
  if (!isRawObject(record) || record.v !== 1) return undefined;
  const { id, conversationId, parentId, role, text, createdAt, images, tokenIds, usage, vision, error } =
    record;
  const { modelKey, modelKind } = record;
  const valid =
    typeof id === 'string' &&
    typeof conversationId === 'string' &&
    (parentId === null || typeof parentId === 'string') &&
    (role === 'user' || role === 'assistant') &&
    typeof text === 'string' &&
    typeof createdAt === 'number' &&
    (images === undefined || (Array.isArray(images) && images.every(isMessageImage))) &&
    (tokenIds === undefined || (Array.isArray(tokenIds) && tokenIds.every(isTokenId))) &&
    (usage === undefined || isRawObject(usage)) &&
    (modelKey === undefined || typeof modelKey === 'string') &&
    (modelKind === undefined || modelKinds.some(kind => kind === modelKind)) &&
    (vision === undefined || isVisionUse(vision)) &&
    (error === undefined || isErrorData(error));
  return valid ? (record as unknown as Message) : undefined;
}

function isTokenId(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isErrorData(value: unknown): value is ErrorData {
  return (
    isRawObject(value) &&
    errorCodes.some(code => code === value.code) &&
    typeof value.message === 'string' &&
    typeof value.advice === 'string'
  );
}
