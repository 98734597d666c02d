import { useRef, useState } from 'react';
import { plural, toErrorData } from '../../client/index.ts';
import { FilePickerButton } from '../controls/file-picker-button.tsx';
import { useApp } from '../state/app-context.tsx';

interface Work {
  /** "Exporting", "Importing". */
  what: string;
  done: number;
  total: number;
}

/** All conversations out into files, and files in. What does it is fetched with the first of them. */
export function ConversationFiles({ count }: { count: number }) {
  const app = useApp();
  const [work, setWork] = useState<Work | null>(null);
  const [outcome, setOutcome] = useState('');
  const stop = useRef<AbortController>(null);

  async function run(what: string, task: (signal: AbortSignal) => Promise<string>): Promise<void> {
    if (work) return;
    const controller = new AbortController();
    stop.current = controller;
    setOutcome('');
    setWork({ what, done: 0, total: 0 });
    try {
      setOutcome(await task(controller.signal));
    } catch (thrown) {
      const { message, advice } = toErrorData(thrown);
      setOutcome(controller.signal.aborted ? `${what} was stopped.` : `${message} ${advice}`);
    } finally {
      setWork(null);
    }
  }

  const exportAll = () =>
    run('Exporting', async signal => {
      const { giveOutAll } = await import('./give-out.ts');
      const note = (progress: { done: number; total: number }) => setWork({ what: 'Exporting', ...progress });
      const { conversations, files } = await giveOutAll(app, Date.now(), note, signal);
      return `${plural(conversations, 'conversation')} in ${plural(files, 'file')} offered to be saved. Files are not encrypted.`;
    });

  const importFiles = (files: readonly File[]) =>
    run('Importing', async signal => {
      const { takeIn, takenInWords } = await import('./take-in.ts');
      const note = (progress: { done: number; total: number }) => setWork({ what: 'Importing', ...progress });
      const words: string[] = [];
      for (const file of files) {
        const said = await takeIn(app, file, Date.now(), note, signal).then(
          takenInWords,
          (thrown: unknown) => {
            if (signal.aborted) throw thrown;
            const { message, advice } = toErrorData(thrown);
            return `${message} ${advice}`;
          },
        );
        words.push(files.length > 1 ? `${file.name}: ${said}` : said);
      }
      return words.join(' ');
    });

  return (
    <>
      <button
        type="button"
        className="button"
        disabled={count === 0}
        aria-disabled={work !== null}
        onClick={() => void exportAll()}
      >
        Export all conversations…
      </button>
      <FilePickerButton
        label="Files of conversations"
        accept=".json,application/json"
        onPick={files => void importFiles(files)}
      >
        Import conversations…
      </FilePickerButton>
      <p className="muted">
        From files that Bedside has exported, or the conversations.json of a ChatGPT export.
      </p>
      {work && (
        <p className="share-work">
          <progress
            className="bar"
            aria-label={work.what}
            {...(work.total > 0 ? { value: work.done, max: work.total } : {})}
          />
          <button type="button" className="text-button" onClick={() => stop.current?.abort()}>
            Stop
          </button>
        </p>
      )}
      <p role="status">{outcome}</p>
    </>
  );
}
