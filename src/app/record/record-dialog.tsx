import { useEffect, useMemo, useState } from 'react';
import { type AnswerRecord, findMessage, type Message, toErrorData, unpackIds } from '../../client/index.ts';
import { CopyTextButton } from '../controls/copy-text-button.tsx';
import { FactList } from '../controls/fact-list.tsx';
import { Modal } from '../controls/modal.tsx';
import { PromptText } from '../models/asking/prompt-text.tsx';
import { useApp, useChat } from '../state/app-context.tsx';
import { isAsEdited } from '../state/chat/answer-status.ts';
import { EditedWords } from './edited-words.tsx';
import { outcomeFacts, requestFacts, sightFacts, writerFacts } from './record-facts.ts';
import { Reproduction } from './reproduction.tsx';
import { writeRecord } from './write-record.ts';

type Shown = 'reading' | { record: AnswerRecord } | { words: string };

/** What an answer of the conversation that is shown was made of. */
export function RecordDialog({ answerId, onClose }: { answerId: string; onClose: () => void }) {
  const { reproducer, saveFile } = useApp();
  const answer = useChat(({ tree }) => findMessage(tree, answerId));
  const [shown, setShown] = useState<Shown>('reading');

  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer that has ended stays as it is
  useEffect(() => {
    if (!answer) return;
    let isWanted = true;
    reproducer.load(answer).then(
      record =>
        isWanted &&
        setShown(record ? { record } : { words: isAsEdited(answer) ? keptWithOriginal : nothingKept }),
      thrown => {
        const { message, advice } = toErrorData(thrown);
        if (isWanted) setShown({ words: `${message} ${advice}` });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [reproducer, answerId]);

  const record = typeof shown === 'object' && 'record' in shown ? shown.record : null;
  return (
    <Modal
      title="Record of this answer"
      className="modal-record"
      onClose={onClose}
      footer={
        record && answer ? (
          <>
            <CopyTextButton label="Copy as JSON" text={() => writeRecord(record, answer)} />
            <button
              type="button"
              className="button"
              onClick={() => {
                const name = `bedside-answer-${new Date(record.askedAt).toISOString().slice(0, 10)}.json`;
                saveFile(new Blob([writeRecord(record, answer)], { type: 'application/json' }), name);
              }}
            >
              Save as JSON
            </button>
          </>
        ) : undefined
      }
    >
      {record && answer ? (
        <RecordParts record={record} answer={answer} />
      ) : (
        <>
          {answer?.edit && <EditedWords answer={answer} />}
          <p role="status">{typeof shown === 'object' && 'words' in shown ? shown.words : 'Reading it…'}</p>
        </>
      )}
    </Modal>
  );
}

const nothingKept =
  'No record of this answer was kept: it was written by an earlier version of Bedside, or interrupted before it ended.';

const keptWithOriginal =
  'No model went on from here. What the model wrote has its own record, with that version.';

function RecordParts({ record, answer }: { record: AnswerRecord; answer: Message }) {
  const messages = useChat(({ tree }) => tree.messages);
  const { parts, ids, contextTokens, droppedMessages } = record.prompt;
  const prompt = useMemo(
    () => ({
      text: parts.map(({ text }) => text).join(''),
      parts,
      ids: unpackIds(ids) ?? [],
      contextTokens,
      droppedMessages,
      mendings: [],
    }),
    [parts, ids, contextTokens, droppedMessages],
  );
  const names = new Map(messages.flatMap(({ images = [] }) => images.map(image => [image.id, image.name])));
  return (
    <>
      {answer.edit && <EditedWords answer={answer} />}
      <Reproduction answer={answer} record={record} />
      <Part title="What wrote it" rows={writerFacts(record, answer)} />
      <Part title="How it was asked" rows={requestFacts(record)} />
      <Part title="What came of it" rows={outcomeFacts(record)} />
      {answer.vision && <Part title="What it saw of images" rows={sightFacts(answer.vision, names)} />}
      <section className="settings-section" aria-labelledby="record-prompt">
        <h3 id="record-prompt">What it read</h3>
        <PromptText prompt={prompt} />
      </section>
    </>
  );
}

function Part({ title, rows }: { title: string; rows: Parameters<typeof FactList>[0]['rows'] }) {
  return (
    <section className="settings-section">
      <h3>{title}</h3>
      <FactList rows={rows} />
    </section>
  );
}
