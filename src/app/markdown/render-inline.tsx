import { Fragment, type ReactNode } from 'react';
import { Formula } from './formula.tsx';
import { InertLink } from './inert-link.tsx';
import { Mark } from './mark.tsx';
import type { Inline } from './tokens.ts';

type RenderText = (text: string) => ReactNode;
const asItIs: RenderText = text => text;

/** Inline text as React elements. HTML stays text, images are named but never fetched, links are inert. */
export function renderInline(inlines: readonly Inline[], renderText: RenderText = asItIs): ReactNode {
  return inlines.map((inline, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a token has no identity but its place
    <Fragment key={index}>{renderToken(inline, renderText)}</Fragment>
  ));
}

function renderToken(inline: Inline, renderText: RenderText): ReactNode {
  switch (inline.type) {
    case 'text':
      return renderText(inline.text);
    case 'strong':
      return <strong>{renderInline(inline.children, renderText)}</strong>;
    case 'em':
      return <em>{renderInline(inline.children, renderText)}</em>;
    case 'del':
      return <del>{renderInline(inline.children, renderText)}</del>;
    case 'code':
      return <code>{inline.text}</code>;
    case 'formula':
      return <Formula raw={inline.raw} tex={inline.tex} isDisplay={inline.isDisplay} />;
    case 'mark':
      return <Mark mark={inline.mark} />;
    case 'break':
      return <br />;
    case 'check':
      return (
        <span className="md-check">
          <span aria-hidden="true">{inline.isChecked ? '☑ ' : '☐ '}</span>
          <span className="visually-hidden">{inline.isChecked ? 'Done: ' : 'To do: '}</span>
        </span>
      );
    case 'image':
      return <span className="md-image">[image not shown{inline.text ? `: ${inline.text}` : ''}]</span>;
    case 'link': {
      const children = renderInline(inline.children, renderText);
      return inline.url === null ? children : <InertLink url={inline.url}>{children}</InertLink>;
    }
  }
}
