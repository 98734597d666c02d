import { Lexer, type Token } from 'marked';

/** Longer runs of inline text are shown as they are: emphasis matching is quadratic in their length. */
const inlineLimit = 20_000;
/** Deeper nesting would only exhaust the stack. */
const nestingLimit = /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])[ \t]*){40}/m;

/** The blocks of a Markdown text. Pathological input comes back as one plain block; this never throws. */
export function parseBlocks(text: string): Token[] {
  if (nestingLimit.test(text)) return [plainBlock(text)];
  try {
    const lexer = new Lexer({ gfm: true });
    lexer.blockTokens(text.replace(/\r\n?/g, '\n'), lexer.tokens);
    for (const { src, tokens } of lexer.inlineQueue) {
      if (src.length > inlineLimit) tokens.push(plainText(src));
      else lexer.inlineTokens(src, tokens);
    }
    return lexer.tokens.filter(token => token.type !== 'space' && token.type !== 'def');
  } catch {
    // A parser failure must not take the answer away: its words are shown without formatting.
    return [plainBlock(text)];
  }
}

function plainText(text: string): Token {
  return { type: 'text', raw: text, text, escaped: true };
}

function plainBlock(text: string): Token {
  return { type: 'paragraph', raw: text, text, tokens: [plainText(text)] };
}
