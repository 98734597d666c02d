import { startTransition, useEffect, useRef, useState } from 'react';
import type { ImageReader } from '../../client/index.ts';
import { Modal } from '../controls/modal.tsx';
import { formatCount } from '../format/quantities.ts';
import type { FileListing } from '../state/images/file-listing.ts';
import { ReadingProgress } from './panels/reading-progress.tsx';
import { ReadingRoom } from './reading-room.tsx';
import type { SeriesSight } from './state/asked-series.ts';
import type { AskedView } from './state/asked-view.ts';
import type { KeptMarks } from './state/kept-marks.ts';
import type { Study } from './study/image-facts.ts';
import { readStudy } from './study/read-study.ts';

export interface StudyDialogProps {
  /** One study for the dialog's lifetime. */
  files: FileListing;
  reader: ImageReader;
  keptMarks: KeptMarks;
  onAsk: (view: AskedView) => Promise<void>;
  /** Of the loaded model; null where it does not see. */
  sight: SeriesSight | null;
  onAskSeries: (views: readonly AskedView[]) => Promise<void>;
  saveFile: (blob: Blob, name: string) => void;
  onClose: () => void;
}

/** Reads the headers of a study, and shows it from its first image on. */
export function StudyDialog(props: StudyDialogProps) {
  const { files, reader, keptMarks, onAsk, sight, onAskSeries, saveFile, onClose } = props;
  const [study, setStudy] = useState<Study>(() => ({ ...nothingRead, toCome: files.files.length }));
  const stop = useRef<AbortController>(null);

  useEffect(() => {
    const controller = new AbortController();
    stop.current = controller;
    let isWanted = true;
    // A room is much to build, and grows beside what its reader does in it.
    const tell = (found: Study) => {
      if (isWanted) startTransition(() => setStudy(found));
    };
    const describe = (file: Blob) => reader.lookAtFile(file);
    void readStudy(files, { describe, signal: controller.signal, onGrowth: tell }).then(tell);
    return () => {
      isWanted = false;
      controller.abort();
      reader.forgetFrames().catch(() => undefined);
    };
  }, [files, reader]);

  if (study.files.length === 0) {
    return study.isReading ? (
      <ReadingFiles study={study} onClose={onClose} />
    ) : (
      <NothingToShow study={study} onClose={onClose} />
    );
  }
  return (
    <ReadingRoom
      study={study}
      reader={reader}
      onStop={() => stop.current?.abort()}
      keptMarks={keptMarks}
      onAsk={onAsk}
      sight={sight}
      onAskSeries={onAskSeries}
      saveFile={saveFile}
      onClose={onClose}
    />
  );
}

const nothingRead: Study = { files: [], passedOver: 0, refused: [], toCome: 0, isReading: true };

function ReadingFiles({ study, onClose }: { study: Study; onClose: () => void }) {
  return (
    <Modal title="Reading the files" className="modal-small" onClose={onClose}>
      <ReadingProgress study={study} />
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
