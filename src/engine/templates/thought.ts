/**
 * What models write to themselves before they answer. It is part of the answer's text; how it is marked differs from model to model.
 */

interface ThoughtForm {
  /** What the text of an answer begins with. */
  opens: readonly string[];
  /** Where the thought ends: the first match. */
  closes: RegExp;
  /** Written where a thought is closed for the model. */
  closing: string;
  /** The opening is a line of its own: a heading, which other texts may begin with too. */
  isHeading?: boolean;
}

const forms: readonly ThoughtForm[] = [
  // Qwen 3, DeepSeek-R1 and those trained after them.
  { opens: ['<think>', '<thinking>'], closes: /<\/think(?:ing)?>/, closing: '</think>' },
  // MedGemma: pieces of its vocabulary that have no other use.
  { opens: ['<unused94>thought', '<unused94>'], closes: /<unused95>/, closing: '<unused95>' },
  // HuatuoGPT-o1.
  {
    opens: ['## Thinking'],
    closes: /^#{1,4}[ \t]*Final Response[ \t]*:?[ \t]*\n/m,
    closing: '## Final Response',
    isHeading: true,
  },
  // FineMedLM-o1.
  {
    opens: ['**Thought**', '### Thought', '## Thought'],
    closes: /^(?:#{1,4}[ \t]*)?(?:\*\*)?Summarization(?:\*\*)?[ \t]*:?(?:\*\*)?[ \t]*\n/m,
    closing: '**Summarization**',
    isHeading: true,
  },
];

/** The last words of a thought that was closed because it had reached its limit. */
export const thoughtCutNote = 'The limit for thinking is reached. The answer follows.';

/** The text of an answer, with its thought apart. */
export interface ThoughtfulText {
  /** Null where there is none; empty where it has only begun. */
  thought: string | null;
  answer: string;
  /** The text ends inside the thought: there is no answer (yet). */
  isOpen: boolean;
  /** The thought was closed because it had reached its limit. */
  wasCut: boolean;
}

/** @param isGrowing more may come: what could be the beginning of a mark is not shown as an answer */
export function readThought(text: string, { isGrowing = false } = {}): ThoughtfulText {
  if (isGrowing && text.trim() === '') return nothingYet;
  const opened = findOpening(text);
  if (opened === 'undecided') return isGrowing ? nothingYet : withoutThought(text);
  if (opened === undefined) return readLoneClosing(text);
  const { form, start } = opened;
  const found = searchFrom(text, form.closes, start);
  if (!found) return { thought: text.slice(start).trim(), answer: '', isOpen: true, wasCut: false };
  const thought = text.slice(start, found.start).trim();
  const answer = text.slice(found.end).replace(/^\s+/, '');
  return thought === '' ? withoutThought(answer) : closed(thought, answer);
}

/** The text without its thought: what is copied, exported, printed and read again. */
export function answerOf(text: string): string {
  return readThought(text).answer;
}

const nothingYet: ThoughtfulText = { thought: null, answer: '', isOpen: false, wasCut: false };

const withoutThought = (answer: string): ThoughtfulText => ({
  thought: null,
  answer,
  isOpen: false,
  wasCut: false,
});

/** The note is no thought of the model's. */
function closed(thought: string, answer: string): ThoughtfulText {
  const wasCut = thought.endsWith(thoughtCutNote);
  const own = wasCut ? thought.slice(0, -thoughtCutNote.length).trimEnd() : thought;
  return { thought: own, answer, isOpen: false, wasCut };
}

/** A thought that the prompt opened, in records which do not hold its opening. */
function readLoneClosing(text: string): ThoughtfulText {
  const end = text.indexOf('</think>');
  if (end < 0) return withoutThought(text);
  const answer = text.slice(end + '</think>'.length).replace(/^\s+/, '');
  const thought = text.slice(0, end).trim();
  return thought === '' ? withoutThought(answer) : closed(thought, answer);
}

interface Opening {
  form: ThoughtForm;
  /** Where the thought begins. */
  start: number;
}

function findOpening(text: string): Opening | 'undecided' | undefined {
  const begun = text.trimStart();
  const blanks = text.length - begun.length;
  let isUndecided = false;
  for (const form of forms) {
    for (const mark of form.opens) {
      if (mark.startsWith(begun)) isUndecided = begun !== '';
      if (!begun.startsWith(mark)) continue;
      if (!form.isHeading) return { form, start: blanks + mark.length };
      const rest = /^:?[ \t]*(\n)?/.exec(begun.slice(mark.length))!;
      if (rest[1]) return { form, start: blanks + mark.length + rest[0].length };
      if (rest[0].length === begun.length - mark.length) isUndecided = true;
    }
  }
  return isUndecided ? 'undecided' : undefined;
}

function searchFrom(text: string, pattern: RegExp, from: number): { start: number; end: number } | undefined {
  const search = new RegExp(pattern.source, `${pattern.flags}g`);
  search.lastIndex = from;
  const match = search.exec(text);
  return match ? { start: match.index, end: match.index + match[0].length } : undefined;
}

/** No mark that closes a thought is longer. */
const longestClosing = 64;

/** Follows an answer as it is written: whether it is inside its thought. */
export class ThoughtTracker {
  /** Until it is known how the answer begins, all of it; then the end, in which a mark may have begun. */
  #text = '';
  #form: ThoughtForm | undefined;
  #isPast = false;

  push(piece: string): void {
    if (this.#isPast) return;
    this.#text += piece;
    if (!this.#form) this.#begin();
    if (!this.#form) return;
    // Where the text was cut, no line begins.
    const isCut = this.#text.startsWith(cutHere);
    if (searchFrom(this.#text, this.#form.closes, isCut ? cutHere.length : 0)) this.#isPast = true;
    else this.#text = shortened(this.#text);
  }

  get isInside(): boolean {
    return this.#form !== undefined && !this.#isPast;
  }

  /** What closes the thought, so that the answer has to follow; only inside it. */
  get closing(): string {
    const { closing, isHeading } = this.#form!;
    return `\n\n${thoughtCutNote}${isHeading ? '\n\n' : '\n'}${closing}\n\n`;
  }

  #begin(): void {
    const opening = findOpening(this.#text);
    if (opening === 'undecided' || this.#text.trim() === '') return;
    if (opening === undefined) this.#isPast = true;
    else {
      this.#form = opening.form;
      this.#text = cutHere + (opening.form.isHeading ? '\n' : '') + this.#text.slice(opening.start);
    }
  }
}

/** Stands for what is left out. */
const cutHere = '\u2026';

const shortened = (text: string): string =>
  text.length > longestClosing ? cutHere + text.slice(-longestClosing) : text;
