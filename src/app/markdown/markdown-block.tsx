import type { Token, Tokens } from 'marked';
import { Fragment, memo, type ReactNode } from 'react';
import { CodeBlock } from './code-block.tsx';
import { DataTable } from './data-table.tsx';
import { renderInline } from './render-inline.tsx';

/** One block of an answer. `raw` and `level` decide what it shows, so a re-parsed equal block renders nothing. */
export const MarkdownBlock = memo(
  ({ token, level }: { token: Token; level: number }) => renderBlock(token, level),
  (before, after) =>
    before.token.raw === after.token.raw &&
    before.token.type === after.token.type &&
    before.level === after.level,
);
MarkdownBlock.displayName = 'MarkdownBlock';

function renderBlock(token: Token, level: number): ReactNode {
  switch (token.type) {
    case 'heading':
      return <Heading level={level}>{renderInline(token.tokens)}</Heading>;
    case 'paragraph':
      return <p dir="auto">{renderInline(token.tokens)}</p>;
    case 'text':
      return token.tokens ? renderInline(token.tokens) : <p dir="auto">{token.raw}</p>;
    case 'list':
      return <List list={token as Tokens.List} />;
    case 'blockquote':
      return <blockquote dir="auto">{renderBlocks(token.tokens ?? [])}</blockquote>;
    case 'code':
      return <CodeBlock text={(token as Tokens.Code).text} language={(token as Tokens.Code).lang} />;
    case 'table':
      return <DataTable table={token as Tokens.Table} />;
    case 'hr':
      return <hr />;
    default:
      // Raw HTML is what the model wrote, not what the page is made of.
      return <p className="md-raw">{token.raw}</p>;
  }
}

function renderBlocks(tokens: readonly Token[]): ReactNode {
  return tokens.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a token has no identity but its place
    <Fragment key={index}>
      {token.type === 'space' || token.type === 'def' ? null : renderBlock(token, 0)}
    </Fragment>
  ));
}

function Heading({ level, children }: { level: number; children: ReactNode }) {
  switch (level) {
    case 3:
      return <h3 dir="auto">{children}</h3>;
    case 4:
      return <h4 dir="auto">{children}</h4>;
    case 5:
      return <h5 dir="auto">{children}</h5>;
    case 6:
      return <h6 dir="auto">{children}</h6>;
    default:
      // Inside a quotation or a list it would break the page's outline.
      return (
        <p className="md-heading" dir="auto">
          {children}
        </p>
      );
  }
}

function List({ list }: { list: Tokens.List }) {
  const items = list.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: items only ever come at the end
    <li key={index} dir="auto" className={item.task ? 'md-task' : undefined}>
      {item.tokens[0]?.type === 'checkbox' ? renderInline(item.tokens.slice(0, 1)) : null}
      {renderBlocks(item.tokens[0]?.type === 'checkbox' ? item.tokens.slice(1) : item.tokens)}
    </li>
  ));
  if (!list.ordered) return <ul>{items}</ul>;
  return <ol start={typeof list.start === 'number' ? list.start : undefined}>{items}</ol>;
}
