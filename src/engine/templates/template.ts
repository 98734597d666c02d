import type { ChatMessage } from '../types/chat-message.ts';
import type { Conversation, PromptPart } from './conversation.ts';
import type { TemplateId } from './template-ids.ts';

/** How the conversations are written that models of one kind were trained on. */
export interface Template {
  /** The prompt begins with the vocabulary's start piece. */
  readonly addBos: boolean;
  /** Texts before which an answer is cut: the model has begun to write the next turn. */
  readonly stopStrings: readonly string[];
  /** Pieces, by their text, that end an answer besides the vocabulary's own; absent ones do not matter. */
  readonly stopPieces: readonly string[];
  /** A piece that training with it adds to a vocabulary: by it the template of a checkpoint is guessed. */
  readonly addedPiece?: string;
  /** Absent where the template has no place for images. */
  readonly images?: ImagePlaces;
  /** The system message that models were trained with, where none is asked for. */
  readonly system?: string;
  /** The same of models that were trained with another, by the name in their file. */
  readonly systemByModel?: Readonly<Record<string, string>>;
  /** Without the start piece. What people and the model wrote must be `plain`: role markers in it stay text. */
  render(turns: Turns): PromptPart[];
}

export interface ImagePlaces {
  /** One visual token: its embedding is overwritten with a row of an image's features. */
  readonly token: string;
  /** Before the first and after the last of an image. */
  readonly start: string;
  readonly end: string;
  /** All pieces that such prompts are made of: a vocabulary must have them. */
  readonly pieces: readonly string[];
  /** The template of the same models without their image half. */
  readonly textForm?: TemplateId;
}

/** What a template renders. */
export interface Turns extends Pick<Conversation, 'imageTokens'> {
  question: ChatMessage;
  /** Oldest first; none where the question stands alone. */
  earlier: readonly ChatMessage[];
  /** What was asked for, or the template's own; empty where there is neither. */
  system: string;
}

/** Text of the template: pieces in it become special tokens. */
export function markup(text: string): PromptPart {
  return { text, special: true };
}

/** Text that somebody wrote. */
export function plain(text: string): PromptPart {
  return { text, special: false };
}
