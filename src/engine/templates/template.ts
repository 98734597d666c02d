import type { ChatMessage } from '../types/chat-message.ts';
import type { EncoderKind } from '../types/model.ts';
import type { Mending } from '../types/prompt-text.ts';
import type { Conversation, PromptPart } from './conversation.ts';
import type { TemplateId } from './template-ids.ts';

/** How the conversations are written that models of one kind were trained on. */
export interface Template {
  /**
   * Whether the prompt begins with the vocabulary's start piece, where the template has not written it: always, or as the
   * vocabulary has it of any text.
   */
  readonly bos: 'always' | 'by-vocabulary';
  /** Texts before which an answer is cut: the model has begun to write the next turn. */
  readonly stopStrings: readonly string[];
  /** Pieces, by their text, that end an answer besides the vocabulary's own; absent ones do not matter. */
  readonly stopPieces: readonly string[];
  /** A piece that training with it adds to a vocabulary: by it the template of a checkpoint is guessed. */
  readonly addedPiece?: string;
  /** Names of models that were trained with it, for those whose vocabulary does not show it. */
  readonly modelNames?: RegExp;
  /** Absent where the template has no place for images. */
  readonly images?: ImagePlaces;
  /** The system message that models were trained with, where none is asked for. */
  readonly system?: string;
  /** The same of models that were trained with another, by the name in their file. */
  readonly systemByModel?: Readonly<Record<string, string>>;
  /** Whether the thoughts of earlier answers belong into a prompt. */
  readonly keepsThoughts?: boolean;
  /** Without the start piece. What people and the model wrote must be `plain`: role markers in it stay text. */
  render(turns: Turns): PromptPart[];
  /** How `render` changes a conversation that the template would refuse; absent of templates that take every one. */
  mendingsOf?(turns: Turns): Mending[];
}

export interface ImagePlaces {
  /** Whose visual tokens they are. */
  readonly encoder: EncoderKind;
  /** One visual token: its embedding is overwritten with a row of an image's features. */
  readonly token: string;
  /** Before the first and after the last of an image. */
  readonly start: string;
  readonly end: string;
  /** All pieces that such prompts are made of: a vocabulary must have them. */
  readonly pieces: readonly string[];
  /** Images stand among the text of a question, where it says (ChatMessage), and not before all of it. */
  readonly isAmongText?: true;
  /** The template of the same models without their image half. */
  readonly textForm?: TemplateId;
}

/** What a template renders. */
export interface Turns extends Pick<Conversation, 'imageTokens' | 'date' | 'options'> {
  question: ChatMessage;
  /** Oldest first; none where the question stands alone. */
  earlier: readonly ChatMessage[];
  /** What was asked for, or the template's own; empty where none is wanted, undefined where nobody says. */
  system: string | undefined;
}

/** Whether a prompt begins with the start piece where the template has not written it. */
export function addsBos({ bos }: Pick<Template, 'bos'>, vocabulary: { addsBos: boolean }): boolean {
  return bos === 'always' || vocabulary.addsBos;
}

/** Text of the template: pieces in it become special tokens. */
export function markup(text: string): PromptPart {
  return { text, special: true };
}

/** Text that somebody wrote. */
export function plain(text: string): PromptPart {
  return { text, special: false };
}
