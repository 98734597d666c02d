import { Lexer, type Token } from 'marked';
import remend from 'remend';
import { parseBlocks } from './parse-blocks.ts';

/** Only this much of the end is parsed again when text arrives. */
const openBlocks = 2;
/** A longer open end stays as it is: looking for what is unfinished takes quadratic time. */
const healLimit = 5_000;

/**
 * The blocks of a text that grows at its end. Settled blocks keep their identity from call to call, so that a
 * memoised component for each of them renders once; the cost of a call depends on the open end, not the whole.
 */
export class StreamingBlocks {
  #text = '';
  #settled: Token[] = [];
  #settledLength = 0;

  parse(text: string): Token[] {
    if (!text.startsWith(this.#text)) this.#reset();
    this.#text = text;
    const open = text.slice(this.#settledLength);
    const settling = settledPart(open);
    if (settling.length > 0) {
      this.#settled = [...this.#settled, ...parseBlocks(settling)];
      this.#settledLength += settling.length;
    }
    return [...this.#settled, ...parseBlocks(heal(text.slice(this.#settledLength)))];
  }

  #reset(): void {
    this.#settled = [];
    this.#settledLength = 0;
  }
}

/** The beginning that later text can no longer change: everything before the last few blocks. */
function settledPart(open: string): string {
  if (!open.includes('\n\n') || open.includes('\r')) return '';
  let blocks: Token[];
  try {
    const lexer = new Lexer({ gfm: true });
    lexer.blockTokens(open, lexer.tokens);
    blocks = lexer.tokens;
  } catch {
    // Nothing settles; parseBlocks will show it plainly.
    return '';
  }
  const tail = blocks.slice(-openBlocks * 2);
  const settledBlocks = blocks.slice(0, blocks.length - tail.length);
  const length = settledBlocks.reduce((sum, block) => sum + block.raw.length, 0);
  const part = open.slice(0, length);
  // The lexer may normalise what it keeps in `raw`; a cut anywhere else would lose or repeat text.
  return settledBlocks.map(block => block.raw).join('') === part ? part : '';
}

/**
 * Closes what the model has not finished writing. Links and images stay text until they are complete. HTML is
 * text anyway: what follows a "<" must not be held back as an unfinished tag.
 */
function heal(text: string): string {
  if (text.length > healLimit) return text;
  return remend(text, { linkMode: 'text-only', katex: false, htmlTags: false, comparisonOperators: false });
}
