import { useEffect, useState } from 'react';
import { type BinnedConversation, binDays, plural } from '../../client/index.ts';
import { Modal } from '../controls/modal.tsx';
import { formatMoment } from '../format/moment.ts';
import { useApp } from '../state/app-context.tsx';

const dayMs = 24 * 60 * 60 * 1000;

/** What was deleted: put back, or deleted for good. */
export function BinDialog({ onClose }: { onClose: () => void }) {
  const { listController } = useApp();
  const [binned, setBinned] = useState<readonly BinnedConversation[] | null>(null);
  const [isSure, setSure] = useState(false);
  const [said, setSaid] = useState('');

  useEffect(() => {
    void listController.listBin().then(setBinned);
  }, [listController]);

  async function act(action: Promise<void>, outcome: string): Promise<void> {
    await action;
    setBinned(await listController.listBin());
    setSaid(outcome);
    setSure(false);
  }

  const empty = () =>
    act(listController.deleteForGood((binned ?? []).map(({ id }) => id)), 'The bin is empty.');
  const isEmpty = binned !== null && binned.length === 0;
  return (
    <Modal
      title="Bin"
      onClose={onClose}
      footer={
        <>
          <p className="share-outcome" role="status">
            {said}
          </p>
          {isSure ? (
            <>
              <button type="button" className="button" onClick={() => setSure(false)}>
                Keep them
              </button>
              <button type="button" className="button button-danger" onClick={() => void empty()}>
                Delete {plural(binned?.length ?? 0, 'conversation')} for good
              </button>
            </>
          ) : (
            <button
              type="button"
              className="button"
              disabled={!binned || isEmpty}
              onClick={() => setSure(true)}
            >
              Empty the bin…
            </button>
          )}
        </>
      }
    >
      <p>
        What is deleted stays here for {binDays} days, on this device alone, with its images. Then nothing of
        it is left.
      </p>
      {isEmpty && <p className="muted">Nothing is in the bin.</p>}
      {binned && !isEmpty && (
        <ul className="bin-list" aria-label="In the bin">
          {binned.map(({ id, title, binnedAt }) => (
            <li key={id}>
              <div className="bin-what">
                <span dir="auto">{title}</span>
                <span className="muted">
                  Deleted {formatMoment(binnedAt)}, kept for {plural(daysLeft(binnedAt), 'more day')}
                </span>
              </div>
              <button
                type="button"
                className="button"
                aria-label={`Restore “${title}”`}
                onClick={() => void act(listController.restore(id), `“${title}” is back in the list.`)}
              >
                Restore
              </button>
              <button
                type="button"
                className="button button-danger"
                aria-label={`Delete “${title}” for good`}
                onClick={() =>
                  void act(listController.deleteForGood([id]), `“${title}” was deleted for good.`)
                }
              >
                Delete for good
              </button>
            </li>
          ))}
        </ul>
      )}
    </Modal>
  );
}

const daysLeft = (binnedAt: number): number =>
  Math.max(0, Math.ceil((binnedAt + binDays * dayMs - Date.now()) / dayMs));
