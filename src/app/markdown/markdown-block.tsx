import { Fragment, memo, type ReactNode } from 'react';
import { CodeBlock } from './code-block.tsx';
import { DataTable } from './data-table.tsx';
import { Formula } from './formula.tsx';
import type { TextMarks } from './mark.tsx';
import { renderInline } from './render-inline.tsx';
import { directionOf } from './text-direction.ts';
import { textOf } from './text-of.ts';
import type { Block, List, ListItem, TopBlock } from './tokens.ts';

interface MarkdownBlockProps {
  block: TopBlock;
  level: number;
  /** What was put into it; it is compared alone. */
  marks?: TextMarks | undefined;
}

/** One block of an answer. What is compared here decides what it shows: a re-parsed equal block renders nothing. */
export const MarkdownBlock = memo(
  ({ block, level }: MarkdownBlockProps) =>
    block.type === 'plain' ? (
      <p className="md-raw" dir="auto">
        {block.raw}
      </p>
    ) : (
      renderBlock(block, level)
    ),
  (before, after) =>
    before.block.raw === after.block.raw &&
    before.block.type === after.block.type &&
    before.block.isOpen === after.block.isOpen &&
    before.marks === after.marks &&
    before.level === after.level,
);
MarkdownBlock.displayName = 'MarkdownBlock';

function renderBlock(block: Block, level: number): ReactNode {
  switch (block.type) {
    case 'heading':
      return <Heading level={level}>{renderInline(block.inlines)}</Heading>;
    case 'paragraph':
      return <p dir="auto">{renderInline(block.inlines)}</p>;
    case 'list':
      return <ListBlock list={block} />;
    case 'quote':
      return <blockquote dir={directionOf(textOf([block]))}>{renderBlocks(block.blocks)}</blockquote>;
    case 'code':
      return <CodeBlock text={block.text} language={block.language} />;
    case 'table':
      return <DataTable table={block} />;
    case 'rule':
      return <hr />;
    case 'formula':
      return (
        <p className="md-formula">
          <Formula raw={block.source} tex={block.tex} isDisplay />
          {block.after}
        </p>
      );
    case 'plain':
      return null;
  }
}

function renderBlocks(blocks: readonly Block[], isTight = false): ReactNode {
  return blocks.map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a block has no identity but its place
    <Fragment key={index}>
      {isTight && block.type === 'paragraph' ? (
        <>
          {index > 0 && blocks[index - 1]?.type === 'paragraph' && <br />}
          {renderInline(block.inlines)}
        </>
      ) : (
        renderBlock(block, 0)
      )}
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

/** Its numbers are the written ones, and its direction is that of all its text: the marks stand on one side. */
function ListBlock({ list }: { list: List }) {
  const dir = directionOf(textOf([list]));
  const items = list.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: items only ever come at the end
    <li key={index} value={numberOf(item)} className={classOf(item)}>
      {renderBlocks(item.blocks, !list.isLoose)}
    </li>
  ));
  if (!list.isOrdered) return <ul dir={dir}>{items}</ul>;
  const start = numberOf(list.items[0]!);
  const isInHundreds = list.items.some(({ marker }) => marker.length > 3);
  const classes = [list.items[0]!.marker.endsWith(')') && 'md-parenthesis', isInHundreds && 'md-hundreds'];
  return (
    <ol
      dir={dir}
      start={start === 1 ? undefined : start}
      className={classes.filter(Boolean).join(' ') || undefined}
    >
      {items}
    </ol>
  );
}

function numberOf({ marker }: ListItem): number | undefined {
  return marker.length > 1 ? Number.parseInt(marker, 10) : undefined;
}

function classOf(item: ListItem): string | undefined {
  if (item.isTask) return 'md-task';
  return item.isSign ? 'md-signed' : undefined;
}
