/** What every file for people says of a conversation, in words. */
import {
  type AnswerRecord,
  answerOf,
  type ConversationTree,
  type Message,
  type MessageImage,
  pathTo,
  plainPresentation,
  presentationKey,
  presentedSize,
  readAnswerRecord,
  type Size,
  siblings,
  textWithPlaces,
  type VisionUse,
} from '../../client/index.ts';
import { authorOf, originInWords } from '../format/author.ts';
import { editInWords, ratingInWords } from '../format/edit-in-words.ts';
import { imageInWords } from '../format/image-in-words.ts';
import { memoryNames } from '../format/memory-names.ts';
import { formatMoment } from '../format/moment.ts';
import { comparisonAsText } from '../format/option-comparison.ts';
import { formatCount, plural } from '../format/quantities.ts';
import { samplingInWords } from '../format/sampling-in-words.ts';
import { sourceInWords } from '../format/source-in-words.ts';
import { sourceBody } from '../format/source-prompt.ts';
import { stopReasonInWords } from '../format/stop-reason.ts';
import { termsNoticeOf } from '../format/terms-notice.ts';
import { viewsInWords } from '../format/vision.ts';
import { drawnPlaces, foundIn, imagesToPointAt, placesIn } from '../state/images/answer-places.ts';
import { type DrawnShape, drawnMarks } from '../state/images/drawn-shapes.ts';
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
  /** As it was written. */
  text: string;
  /** With words where places are written as data. */
  readText: string;
  /** Those of a question; of an answer those in which it names places. */
  images: DescribedImage[];
  /** That a question was asked about. */
  sources: DescribedSource[];
}

export interface DescribedSource {
  /** Its name, and how much of it there is. */
  label: string;
  /** Whole, with numbers before its pages. */
  text: string;
}

export interface DescribedImage {
  /** What its picture is found by. */
  key: string;
  /** Its name and size, and how it was shown. */
  label: string;
  /** Of the picture, in pixels. */
  size: Size;
  /** Marks of the reader's and places that the model named, in pixels of the picture. */
  shapes: DrawnShape[];
}

export interface ModelFacts {
  name: string;
  quantisation?: string;
  /** SHA-256 (hex) of its file, or of each of its parts. */
  sha256?: string[];
  /** What its terms of use want said with what it wrote. */
  notice?: string;
}

/** The models that answered, each once. */
export function modelsOf(messages: readonly Message[]): ModelFacts[] {
  const models = new Map<string, ModelFacts>();
  for (const message of messages) {
    const name = authorOf(message);
    if (message.role === 'user' || name === undefined) continue;
    const { quantisation, sha256 } = message.identity ?? {};
    const notice = termsNoticeOf(message);
    const facts = {
      name,
      ...(quantisation ? { quantisation } : {}),
      ...(sha256 ? { sha256 } : {}),
      ...(notice ? { notice } : {}),
    };
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
      sources: (message.sources ?? []).map(source => ({
        label: sourceInWords(source),
        text: sourceBody(source),
      })),
      ...(message.role === 'user' ? ofQuestion(message) : ofAnswer(tree, message)),
    })),
  };
}

function ofQuestion({ text, images = [] }: Message): Pick<DescribedTurn, 'readText' | 'images'> {
  return { readText: text, images: images.map(image => describeImage(image, drawnMarks(image))) };
}

/** Of several images, places are drawn on each: nothing says which one the model means. */
function ofAnswer(tree: ConversationTree, answer: Message): Pick<DescribedTurn, 'readText' | 'images'> {
  const drawn = placesOfAnswer(tree, answer);
  const [first] = drawn;
  if (!first) return { readText: answer.text, images: [] };
  const words = answerOf(answer.text);
  const thought = answer.text.endsWith(words) ? answer.text.slice(0, -words.length) : '';
  return {
    readText: thought + textWithPlaces(words, foundIn(words, first.image)),
    images: drawn.map(({ image, places }) =>
      describeImage(image, [...drawnMarks(image), ...drawnPlaces(places)]),
    ),
  };
}

/** The images in which an answer may mean the places that it names. */
function placesOfAnswer(tree: ConversationTree, answer: Message) {
  return imagesToPointAt(pathTo(tree, answer.id), answer)
    .map(image => ({ image, places: placesIn(answer.text, image) }))
    .filter(({ places }) => places.length > 0);
}

/** Said where a place may lie in more than one of them. */
function whichImageInWords(tree: ConversationTree, message: Message): string | false {
  const drawn = message.role === 'assistant' ? placesOfAnswer(tree, message) : [];
  if (drawn.length < 2) return false;
  const names = new Intl.ListFormat('en-GB').format(drawn.map(({ image }) => `“${image.name}”`));
  return `Places: the model did not say in which image they are, so they are shown in each: ${names}`;
}

function describeImage(image: MessageImage, shapes: DrawnShape[]): DescribedImage {
  const size = presentedSize(image, image.presentation ?? plainPresentation);
  return { key: pictureKey(image), label: imageInWords(image), size, shapes };
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
    termsNoticeOf(message),
    identity?.template && `Asked with the template: ${identity.template}`,
    editInWords(message),
    message.rating && ratingInWords(message.rating),
    message.readAlone && 'The model read the question without the turns before it',
    droppedMessages > 0 && `${plural(droppedMessages, 'earlier message')} did not fit and was not read`,
    message.withoutImages && 'The model did not see the images',
    ...(vision ? seenInWords(vision, names) : []),
    whichImageInWords(tree, message),
    ended && `The answer ${ended}`,
    message.sample &&
      `One of ${message.sample.of} answers that were written at once, seed ${message.sample.seed}`,
    message.optionLikelihoods &&
      `The options, compared: ${comparisonAsText(message.optionLikelihoods).replaceAll('\n', '; ')}`,
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
