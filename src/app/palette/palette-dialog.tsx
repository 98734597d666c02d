import { useMemo } from 'react';
import { flushSync } from 'react-dom';
import { Modal } from '../controls/modal.tsx';
import { PickList } from '../controls/pick-list.tsx';
import { useApp } from '../state/app-context.tsx';
import { inWords } from './action.ts';
import { actionGroups, findAction } from './actions.ts';

/** Every action, found by what is typed. It closes first: what is done then finds the page, and the focus, as they were. */
export function PaletteDialog({ onClose }: { onClose: () => void }) {
  const app = useApp();
  // What can be done is asked once: under the dialog nothing is done.
  const items = useMemo(
    () =>
      actionGroups.flatMap(({ name: group, actions }) =>
        actions
          .filter(({ isKeyOnly }) => !isKeyOnly)
          .map(({ id, name, words, keys, whyNot }) => ({
            id,
            name,
            group,
            ...(words === undefined ? {} : { words }),
            ...(keys ? { keys: inWords(keys) } : {}),
            whyNot: whyNot?.(app) ?? null,
          })),
      ),
    [app],
  );
  const pick = (id: string) => {
    flushSync(onClose);
    findAction(id).run(app);
  };
  return (
    <Modal title="All actions" className="modal-palette" onClose={onClose}>
      <PickList
        label="Find an action"
        listName="Actions"
        none="No action has these words."
        items={items}
        onPick={pick}
      />
    </Modal>
  );
}
