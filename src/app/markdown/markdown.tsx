import { memo, useMemo, useState, useSyncExternalStore } from 'react';
import { TextBoundary } from '../errors/message-boundary.tsx';
import { hasAllEntityNames, onEntityNames } from './entity-names.ts';
import { headingLevels } from './heading-levels.ts';
import { MarkdownBlock } from './markdown-block.tsx';
import { parseBlocks } from './parse-blocks.ts';
import { StreamingBlocks } from './streaming-blocks.ts';

/** A finished answer. */
export const Markdown = memo(({ text }: { text: string }) => (
  <TextBoundary text={text}>
    <Parsed key={String(useAllNames())} text={text} />
  </TextBoundary>
));
Markdown.displayName = 'Markdown';

/** What was parsed before all names of characters were there is parsed again then. */
const useAllNames = () => useSyncExternalStore(onEntityNames, hasAllEntityNames, hasAllEntityNames);

function Parsed({ text }: { text: string }) {
  const blocks = useMemo(() => parseBlocks(text), [text]);
  return <Blocks blocks={blocks} />;
}

/** An answer that is being written: only its last blocks are parsed and rendered again. */
export function StreamingMarkdown({ text }: { text: string }) {
  const hasAllNames = useAllNames();
  return (
    <TextBoundary text={text}>
      <ParsedAsItGrows key={String(hasAllNames)} text={text} />
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
