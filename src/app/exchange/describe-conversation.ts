/** What every file for people says of a conversation, in words. */
import {
  type AnswerRecord,
  type ConversationTree,
  type Message,
  type MessageImage,
  pathTo,
  presentationKey,
  readAnswerRecord,
  siblings,
  type VisionUse,
} from '../../client/index.ts';
import { authorOf, originInWords } from '../format/author.ts';
import { memoryNames } from '../format/memory-names.ts';
import { formatMoment } from '../format/moment.ts';
import { formatCount, plural } from '../format/quantities.ts';
import { samplingInWords } from '../format/sampling-in-words.ts';
import { stopReasonInWords } from '../format/stop-reason.ts';
import { viewsInWords } from '../format/vision.ts';
import type { OpenedConversation } from './open-records.ts';
import { pictureKey } from './pictures.ts';

export interface DescribedConversation {
  title: string;
  /** What it is, of when. */
  origin: string;
  turns: DescribedTurn[];
}

export interface DescribedTurn {
  role: Message['role'];
  /** Whose words these are. */
  heading: string;
  /** When, and what is known of how: one a line. */
  facts: string[];
  text: string;
  images: DescribedImage[];
}

export interface DescribedImage {
  /** What its picture is found by. */
  key: string;
  /** Its name and size, how it was shown, and what is marked on it. */
  label: string;
}

export interface ModelFacts {
  name: string;
  quantisation?: string;
  /** SHA-256 (hex) of its file, or of each of its parts. */
  sha256?: string[];
}

/** The models that answered, each once. */
export function modelsOf(messages: readonly Message[]): ModelFacts[] {
  const models = new Map<string, ModelFacts>();
  for (const message of messages) {
    const name = authorOf(message);
    if (message.role === 'user' || name === undefined) continue;
    const { quantisation, sha256 } = message.identity ?? {};
    const facts = { name, ...(quantisation ? { quantisation } : {}), ...(sha256 ? { sha256 } : {}) };
    models.set(JSON.stringify(facts), facts);
  }
  return [...models.values()];
}

export const answersNote =
  'Answers were written by a language model from its memory, without sources: check before use.';

/** The branch that is shown comes first where others are with it. */
export function describeConversation({ tree, answerRecords }: OpenedConversation): DescribedConversation {
  const { title, createdAt } = tree.conversation;
  const names = new Map(tree.messages.flatMap(message => (message.images ?? []).map(i => [i.id, i.name])));
  return {
    title: title || 'Conversation',
    origin: `Bedside, conversation of ${formatMoment(createdAt)}`,
    turns: inOrder(tree).map(message => ({
      role: message.role,
      heading: originInWords(message),
      facts: [
        ...factsOf(tree, message, names),
        ...madeInWords(readAnswerRecord(answerRecords.get(message.id), message.conversationId, message.id)),
      ],
      text: message.text,
      images: (message.images ?? []).map(image => ({
        key: pictureKey(image),
        label: imageInWords(image),
      })),
    })),
  };
}

function inOrder(tree: ConversationTree): Message[] {
  const shown = pathTo(tree);
  const ids = new Set(shown.map(({ id }) => id));
  return [...shown, ...tree.messages.filter(({ id }) => !ids.has(id))];
}

function factsOf(tree: ConversationTree, message: Message, names: ReadonlyMap<string, string>): string[] {
  const { identity, vision, stopReason, error, contextTokens = 0, droppedMessages = 0 } = message;
  const versions = siblings(tree, message.id);
  const parent = tree.messages.find(({ id }) => id === message.parentId);
  const ended = stopReason && stopReasonInWords(stopReason, contextTokens);
  const facts = [
    formatMoment(message.createdAt),
    versions.messages.length > 1 &&
      `Version ${versions.index + 1} of ${versions.messages.length}${parent ? ` after “${beginning(parent.text)}”` : ''}`,
    identity?.quantisation && `Weights: ${identity.quantisation}`,
    identity?.sha256 && `SHA-256 of the model: ${identity.sha256.join(', ')}`,
    identity?.template && `Asked with the template: ${identity.template}`,
    message.readAlone && 'The model read the question without the turns before it',
    droppedMessages > 0 && `${plural(droppedMessages, 'earlier message')} did not fit and was not read`,
    message.withoutImages && 'The model did not see the images',
    ...(vision ? seenInWords(vision, names) : []),
    ended && `The answer ${ended}`,
    error && `Not finished: ${error.message}`,
    message.condition === 'damaged' && 'Not all that was stored of this message could be read',
  ];
  return facts.filter(fact => typeof fact === 'string' && fact !== '') as string[];
}

/** How it was computed, where a record of that was kept. */
function madeInWords(record: AnswerRecord | undefined): string[] {
  if (!record) return [];
  const { device, request, product } = record;
  const { sampling } = request;
  const seed = sampling.temperature > 0 ? `, seed ${sampling.seed}` : '';
  return [
    `Words chosen by: ${samplingInWords(sampling)}${seed}`,
    `Memory of the conversation: ${memoryNames[device.precision]}; kernels: ${device.variant}`,
    `Bedside ${product.version}, build ${product.build}`,
  ];
}

const beginning = (text: string): string => {
  const characters = Array.from(text.replace(/\s+/g, ' ').trim());
  return characters.length > 40 ? `${characters.slice(0, 40).join('')}…` : characters.join('');
};

/** One line an image: "What the model saw of a.png: whole 1 × 1, parts 3 × 2; 7 tiles, 1,792 tokens, 512 of them kept". */
function seenInWords({ images }: VisionUse, names: ReadonlyMap<string, string>): string[] {
  return images.map(({ id, presentation, views, keptTokens }) => {
    const total = views.reduce((sum, view) => sum + view.tokens, 0);
    const parts = views.map(({ name, grid: [columns, rows], rectangle }) => {
      const where = rectangle
        ? ` of ${rectangle.width} × ${rectangle.height} pixels at ${rectangle.x}, ${rectangle.y}`
        : '';
      return `${name} ${columns} × ${rows}${where}`;
    });
    const kept = keptTokens < total ? `, ${formatCount(keptTokens)} of them kept` : '';
    const name = names.get(id) ?? 'an image';
    const shown = presentation ? presentationKey(presentation) : '';
    return `What the model saw of ${name}${shown && ` (${shown})`}: ${parts.join('; ')}; in all ${viewsInWords(views)}${kept}`;
  });
}

function imageInWords({ name, width, height, presentation, regions = [] }: MessageImage): string {
  const shown = presentation ? presentationKey(presentation) : '';
  const marked = regions.map(({ number, note }) => (note ? `${number} “${note}”` : `${number}`));
  return [
    `${name}, ${formatCount(width)} × ${formatCount(height)} pixels`,
    ...(shown ? [`shown as: ${shown}`] : []),
    ...(marked.length > 0 ? [`marked: ${marked.join(', ')}`] : []),
  ].join('; ');
}
