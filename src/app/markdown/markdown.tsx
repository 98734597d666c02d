import { memo, useMemo, useState } from 'react';
import { TextBoundary } from '../errors/message-boundary.tsx';
import { headingLevels } from './heading-levels.ts';
import { MarkdownBlock } from './markdown-block.tsx';
import { parseBlocks } from './parse-blocks.ts';
import { StreamingBlocks } from './streaming-blocks.ts';

/** A finished answer. */
export const Markdown = memo(({ text }: { text: string }) => (
  <TextBoundary text={text}>
    <Parsed text={text} />
  </TextBoundary>
));
Markdown.displayName = 'Markdown';

function Parsed({ text }: { text: string }) {
  const blocks = useMemo(() => parseBlocks(text), [text]);
  return <Blocks blocks={blocks} />;
}

/** An answer that is being written: only its last blocks are parsed and rendered again. */
export function StreamingMarkdown({ text }: { text: string }) {
  return (
    <TextBoundary text={text}>
      <ParsedAsItGrows text={text} />
    </TextBoundary>
  );
}

function ParsedAsItGrows({ text }: { text: string }) {
  const [streaming] = useState(() => new StreamingBlocks());
  return <Blocks blocks={streaming.parse(text)} />;
}

function Blocks({ blocks }: { blocks: ReturnType<typeof parseBlocks> }) {
  const levels = headingLevels(blocks);
  return (
    <div className="markdown">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks only ever come at the end
        <TextBoundary key={index} text={block.raw}>
          <MarkdownBlock block={block} level={levels[index] ?? 0} />
        </TextBoundary>
      ))}
    </div>
  );
}
