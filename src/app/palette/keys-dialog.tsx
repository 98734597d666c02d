import { Modal } from '../controls/modal.tsx';
import { useUi } from '../state/app-context.tsx';
import { actionGroups } from './actions.ts';
import { KeyList } from './key-list.tsx';

/** The sheet of keys. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const openDialog = useUi(state => state.openDialog);
  return (
    <Modal
      title="Keys"
      onClose={onClose}
      footer={
        <button type="button" className="button" onClick={() => openDialog({ kind: 'palette' })}>
          All actions…
        </button>
      }
    >
      <p className="muted">
        They work wherever you are on the page, but not under a dialog. What has no key is in the list of all
        actions.
      </p>
      {actionGroups.map(({ name, actions }) =>
        actions.some(({ keys }) => keys) ? (
          <section key={name} className="settings-section">
            <h3>{name}</h3>
            <KeyList actions={actions} />
          </section>
        ) : null,
      )}
    </Modal>
  );
}
