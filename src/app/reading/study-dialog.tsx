import { useEffect, useRef, useState } from 'react';
import type { ImageReader, PickedFile } from '../../client/index.ts';
import { Modal } from '../controls/modal.tsx';
import { formatCount } from '../format/quantities.ts';
import { ReadingRoom } from './reading-room.tsx';
import type { AskedView } from './state/asked-view.ts';
import type { Study } from './study/image-facts.ts';
import { type ReadingProgress, readStudy } from './study/read-study.ts';

export interface StudyDialogProps {
  /** One study for the dialog's lifetime. */
  files: readonly PickedFile[];
  reader: ImageReader;
  onAsk: (view: AskedView) => Promise<void>;
  saveFile: (blob: Blob, name: string) => void;
  onClose: () => void;
}

/** Reads the headers of a study, then shows it. */
export function StudyDialog({ files, reader, onAsk, saveFile, onClose }: StudyDialogProps) {
  const [study, setStudy] = useState<Study | null>(null);
  const [progress, setProgress] = useState<ReadingProgress>({ done: 0, total: files.length, images: 0 });
  const stop = useRef<AbortController>(null);

  useEffect(() => {
    const controller = new AbortController();
    stop.current = controller;
    let isWanted = true;
    void readStudy(files, {
      describe: file => reader.lookAtFile(file),
      signal: controller.signal,
      onProgress: told => isWanted && setProgress(told),
    }).then(found => isWanted && setStudy(found));
    return () => {
      isWanted = false;
      controller.abort();
    };
  }, [files, reader]);

  if (!study)
    return <ReadingFiles progress={progress} onStop={() => stop.current?.abort()} onClose={onClose} />;
  if (study.files.length === 0) return <NothingToShow study={study} onClose={onClose} />;
  return <ReadingRoom study={study} reader={reader} onAsk={onAsk} saveFile={saveFile} onClose={onClose} />;
}

function ReadingFiles({
  progress: { done, total, images },
  onStop,
  onClose,
}: {
  progress: ReadingProgress;
  onStop: () => void;
  onClose: () => void;
}) {
  return (
    <Modal
      title="Reading the files"
      className="modal-small"
      onClose={onClose}
      footer={
        images > 0 && (
          <button type="button" className="button" onClick={onStop}>
            Stop, and show what was read
          </button>
        )
      }
    >
      <p>
        {formatCount(done)} of {formatCount(total)} files
      </p>
      <progress aria-label="Files read" value={done} max={total} />
    </Modal>
  );
}

function NothingToShow({ study: { refused, passedOver }, onClose }: { study: Study; onClose: () => void }) {
  return (
    <Modal title="There is nothing to show" className="modal-small" onClose={onClose}>
      {refused.slice(0, 20).map(({ path, error }) => (
        <p key={path} data-code={error.code} data-reason={error.reason}>
          <bdi>{path}</bdi>: <strong>{error.message}</strong> {error.advice}
        </p>
      ))}
      {passedOver > 0 && <p>{formatCount(passedOver)} files are no images.</p>}
    </Modal>
  );
}
