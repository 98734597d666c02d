import { useEffect, useRef } from 'react';
import type { SourceText } from '../../client/index.ts';
import { Modal } from '../controls/modal.tsx';
import { sourceInWords } from '../format/source-in-words.ts';
import type { SourcePassage } from '../state/page/ui-store.ts';
import { PartChoice } from './part-choice.tsx';
import { SourceParts } from './source-parts.tsx';

interface SourceDialogProps {
  source: SourceText;
  /** Of a text that is not sent yet. */
  draftKey?: string;
  passage?: SourcePassage;
  onClose: () => void;
}

/** A text of the reader's own, whole; opened at a passage, that is marked and in sight. */
export function SourceDialog({ source, draftKey, passage, onClose }: SourceDialogProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const mark = ref.current?.querySelector<HTMLElement>('mark');
    mark?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <Modal title={source.name} className="modal-source" onClose={onClose}>
      <div className="source-text" ref={ref}>
        <p className="muted">{sourceInWords(source)}</p>
        {draftKey !== undefined && source.parts.length > 1 && (
          <PartChoice source={source} draftKey={draftKey} />
        )}
        <SourceParts source={source} {...(passage ? { passage } : {})} />
      </div>
    </Modal>
  );
}
