import { hasPages, type SourceText } from '../../client/index.ts';
import type { SourcePassage } from '../state/page/ui-store.ts';

interface SourcePartsProps {
  source: SourceText;
  passage?: SourcePassage;
}

/** Every page under its number; passages of a text without pages one behind the other, as the text goes on. */
export function SourceParts({ source, passage }: SourcePartsProps) {
  const isPaged = hasPages(source);
  return source.parts.map(({ number, text }, at) => {
    const isGap = !isPaged && number !== (source.parts[at - 1]?.number ?? 0) + 1;
    return (
      <section key={number} className="source-part" data-part={number}>
        {isPaged && <h3>Page {number}</h3>}
        {isGap && <p className="muted">[…]</p>}
        <p className="source-words" dir="auto">
          {passage?.part === number ? <Marked text={text} {...passage} /> : text}
        </p>
      </section>
    );
  });
}

/** The passage takes the focus first, so that it is read out and found by the keyboard. */
function Marked({ text, start, end }: { text: string } & SourcePassage) {
  return (
    <>
      {text.slice(0, start)}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what the dialog was opened for */}
      <mark tabIndex={0} data-focus-first="">
        {text.slice(start, end)}
      </mark>
      {text.slice(end)}
    </>
  );
}
