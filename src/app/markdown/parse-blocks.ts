import { Lexer, type Token, Tokenizer, type Tokens } from 'marked';

/** Inline text beyond these is shown as it is: emphasis matching is quadratic in the number of its marks. */
const inlineLimit = 20_000;
const emphasisLimit = 1000;
/**
 * Deeper nesting would only exhaust the stack. A list marker needs a space after it, or every long rule of
 * dashes would count; white space is matched in one place only, or the search would take exponential time.
 */
const nestingLimit = /^[ \t]*(?:(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))[ \t]*){40}/m;

/** The blocks of a Markdown text. Pathological input comes back as one plain block; this never throws. */
export function parseBlocks(text: string): Token[] {
  if (nestingLimit.test(text)) return [plainBlock(text)];
  try {
    const lexer = new Lexer({ gfm: true, tokenizer: new AnswerTokenizer() });
    lexer.blockTokens(text.replace(/\r\n?/g, '\n'), lexer.tokens);
    for (const { src, tokens } of lexer.inlineQueue) {
      if (isTooLong(src)) tokens.push(plainText(src));
      else lexer.inlineTokens(src, tokens);
    }
    return lexer.tokens.filter(token => token.type !== 'space' && token.type !== 'def');
  } catch {
    // A parser failure must not take the answer away: its words are shown without formatting.
    return [plainBlock(text)];
  }
}

/** "- > 25 mg/dL" means more than 25; as a quotation inside the list it would lose the sign. */
class AnswerTokenizer extends Tokenizer {
  override blockquote(src: string): Tokens.Blockquote | undefined {
    const isComparison = /^ {0,3}>=?[ \t]*[$€£]?\d+(?![.)][ \t]|\d)/.test(src);
    return isComparison && !this.lexer.state.top ? undefined : super.blockquote(src);
  }
}

function isTooLong(inline: string): boolean {
  return inline.length > inlineLimit || (inline.match(/[*_~]+/g)?.length ?? 0) > emphasisLimit;
}

function plainText(text: string): Token {
  return { type: 'text', raw: text, text, escaped: true };
}

function plainBlock(text: string): Token {
  return { type: 'paragraph', raw: text, text, tokens: [plainText(text)] };
}
