import { useEffect, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { answerOf, type Message } from '../../client/index.ts';
import { SpeakIcon, StopIcon } from '../controls/icons.tsx';
import { plainTextOf } from '../copying/plain-text.ts';
import { useApp, useChat } from '../state/app-context.tsx';
import { localVoices, onVoices, readAloud, readingStore, stopReading } from './reader.ts';

const hasVoice = () => localVoices().length > 0;

/** Absent where no voice of this machine is there. */
export function ReadAloudButton({ answer }: { answer: Message }) {
  const { ui } = useApp();
  const isThere = useSyncExternalStore(onVoices, hasVoice, () => false);
  const isReading = useStore(readingStore, ({ answerId }) => answerId === answer.id);
  const isBusy = useChat(({ run }) => run !== null);
  // It ends with its place on the page, and where the model is to work.
  useEffect(() => {
    if (isReading && isBusy) stopReading();
  }, [isReading, isBusy]);
  useEffect(
    () => () => {
      if (readingStore.getState().answerId === answer.id) stopReading();
    },
    [answer.id],
  );
  if (!isThere) return null;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={isReading ? 'Stop reading' : 'Read aloud'}
      title={isReading ? 'Stop reading' : 'Read aloud, with a voice of this device'}
      disabled={isBusy}
      onClick={() => {
        if (isReading) return stopReading();
        const why = readAloud(answer.id, plainTextOf(answerOf(answer.text)));
        if (why !== null) ui.getState().showToast(why);
      }}
    >
      {isReading ? <StopIcon size={18} /> : <SpeakIcon size={18} />}
    </button>
  );
}
