import { memo, useMemo, useState, useSyncExternalStore } from 'react';
import { TextBoundary } from '../errors/message-boundary.tsx';
import { hasAllEntityNames, onEntityNames } from './entity-names.ts';
import { headingLevels } from './heading-levels.ts';
import { MarkRenderer, type TextMarks } from './mark.tsx';
import { MarkdownBlock } from './markdown-block.tsx';
import { parseBlocks } from './parse-blocks.ts';
import { StreamingBlocks } from './streaming-blocks.ts';

/** A finished answer. */
export const Markdown = memo(({ text, marks }: { text: string; marks?: TextMarks | undefined }) => (
  <TextBoundary text={text}>
    <Parsed key={String(useAllNames())} text={text} marks={marks} />
  </TextBoundary>
));
Markdown.displayName = 'Markdown';

/** What was parsed before all names of characters were there is parsed again then. */
const useAllNames = () => useSyncExternalStore(onEntityNames, hasAllEntityNames, hasAllEntityNames);

function Parsed({ text, marks }: { text: string; marks: TextMarks | undefined }) {
  const parsed = useMemo(() => parseBlocks(text), [text]);
  const blocks = useMemo(() => marks?.put(parsed) ?? parsed, [parsed, marks]);
  return (
    <MarkRenderer value={marks?.render ?? null}>
      <Blocks blocks={blocks} marks={marks} />
    </MarkRenderer>
  );
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

interface BlocksProps {
  blocks: ReturnType<typeof parseBlocks>;
  marks?: TextMarks | undefined;
}

function Blocks({ blocks, marks }: BlocksProps) {
  const levels = headingLevels(blocks);
  return (
    <div className="markdown">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks only ever come at the end
        <TextBoundary key={index} text={block.raw}>
          <MarkdownBlock block={block} level={levels[index] ?? 0} marks={marks} />
        </TextBoundary>
      ))}
    </div>
  );
}
