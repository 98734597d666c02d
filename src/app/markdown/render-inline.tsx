import type { Token, Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';
import { decodeEntities } from './decode-entities.ts';
import { InertLink } from './inert-link.tsx';
import { safeUrl } from './safe-url.ts';

/** Inline tokens as React elements. HTML stays text, images are named but never fetched, links are inert. */
export function renderInline(tokens: readonly Token[] | undefined): ReactNode {
  return tokens?.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a token has no identity but its place
    <Fragment key={index}>{renderToken(token as InlineToken)}</Fragment>
  ));
}

type InlineToken =
  | Tokens.Strong
  | Tokens.Em
  | Tokens.Del
  | Tokens.Codespan
  | Tokens.Br
  | Tokens.Link
  | Tokens.Image
  | Tokens.Escape
  | Tokens.Text
  | Tokens.Checkbox
  | Tokens.Tag;

function renderToken(token: InlineToken): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{renderInline(token.tokens)}</strong>;
    case 'em':
      return <em>{renderInline(token.tokens)}</em>;
    case 'del':
      return <del>{renderInline(token.tokens)}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'checkbox':
      return (
        <span className="md-check">
          <span aria-hidden="true">{token.checked ? '☑ ' : '☐ '}</span>
          <span className="visually-hidden">{token.checked ? 'Done: ' : 'To do: '}</span>
        </span>
      );
    case 'image':
      return <span className="md-image">[image not shown{token.text ? `: ${token.text}` : ''}]</span>;
    case 'link': {
      const url = safeUrl(decodeEntities(token.href));
      if (url === null) return <span className="md-dead-link">{renderInline(token.tokens)}</span>;
      return <InertLink url={url}>{renderInline(token.tokens)}</InertLink>;
    }
    case 'text':
      if ('tokens' in token && token.tokens) return renderInline(token.tokens);
      return token.escaped ? token.text : decodeEntities(token.text);
    case 'escape':
      return token.text;
    default:
      // HTML, and whatever a later version of the lexer may add.
      return (token as Token).raw;
  }
}
