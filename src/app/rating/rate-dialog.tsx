import { useId, useState } from 'react';
import { findMessage, noteLimit, type Verdict, verdicts } from '../../client/index.ts';
import { Modal } from '../controls/modal.tsx';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import { verdictNames } from '../format/edit-in-words.ts';
import { handleSubmit } from '../input/input-method.ts';
import { usePrivateText } from '../input/private-text.ts';
import { useApp, useChat } from '../state/app-context.tsx';
import { rateAnswer } from '../state/chat/reader-marks.ts';

type Choice = Verdict | 'none';

export function RateDialog({ answerId, onClose }: { answerId: string; onClose: () => void }) {
  const { chat, listController, ui } = useApp();
  const rating = useChat(({ tree }) => findMessage(tree, answerId)?.rating);
  const [verdict, setVerdict] = useState<Choice>(rating?.verdict ?? 'none');
  const [note, setNote] = useState(rating?.note ?? '');
  const privateText = usePrivateText();
  const formId = useId();
  const noteId = useId();

  async function save(): Promise<void> {
    const rated = verdict === 'none' ? null : { verdict, note };
    await rateAnswer({ chat, list: listController }, answerId, rated);
    ui.getState().announce(rated ? `Rated: ${verdictNames[rated.verdict].toLowerCase()}` : 'Not rated');
    onClose();
  }
  return (
    <Modal
      title="Rate this answer"
      className="modal-small"
      onClose={onClose}
      footer={
        <button type="submit" form={formId} className="button button-primary">
          Save
        </button>
      }
    >
      <form id={formId} className="rate" onSubmit={handleSubmit(() => void save())}>
        <SegmentedChoice
          legend="This answer is"
          name="verdict"
          options={[
            ...verdicts.map(value => ({ value: value as Choice, label: verdictNames[value] })),
            { value: 'none', label: 'Not rated' },
          ]}
          value={verdict}
          onChange={setVerdict}
        />
        <label htmlFor={noteId}>Note</label>
        <textarea
          id={noteId}
          value={note}
          rows={4}
          maxLength={noteLimit}
          disabled={verdict === 'none'}
          dir="auto"
          {...privateText}
          onChange={event => setNote(event.target.value)}
        />
        <p className="muted">Kept on this device, with the answer.</p>
      </form>
    </Modal>
  );
}
