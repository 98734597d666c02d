import { useState } from 'react';
import type { Message } from '../../client/index.ts';
import { FileIcon } from '../controls/icons.tsx';
import { usePrinting } from '../controls/use-near.ts';
import { sourceInWords } from '../format/source-in-words.ts';
import { useApp } from '../state/app-context.tsx';
import { SourceParts } from './source-parts.tsx';

/** The texts that a question was asked about, folded. On paper they are whole. */
export function QuestionSources({ question }: { question: Message }) {
  const { sources } = question;
  if (!sources) return null;
  return (
    <ul className="question-sources" aria-label="Texts of this question">
      {sources.map(source => (
        <SourceFold key={source.id} source={source} />
      ))}
    </ul>
  );
}

function SourceFold({ source }: { source: NonNullable<Message['sources']>[number] }) {
  const { ui } = useApp();
  const [words] = useState(() => sourceInWords(source));
  const isPrinted = usePrinting();
  return (
    <li>
      <button
        type="button"
        className="source-fold"
        onClick={() => ui.getState().openDialog({ kind: 'source', source })}
      >
        <FileIcon size={16} />
        <span dir="auto">{words}</span>
      </button>
      {isPrinted && (
        <div className="printed source-text" aria-hidden="true">
          <SourceParts source={source} />
        </div>
      )}
    </li>
  );
}
