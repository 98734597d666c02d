import { useMemo } from 'react';
import { flushSync } from 'react-dom';
import { Modal } from '../controls/modal.tsx';
import { PickList } from '../controls/pick-list.tsx';
import { useApp, useSettings } from '../state/app-context.tsx';
import { templateItems } from '../templates/built-in/template-items.ts';
import { inWords } from './action.ts';
import { actionGroups, findAction } from './actions.ts';

/** No action has it in its id, whatever a template is called. */
const templatePrefix = 'template/';

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
  const own = useSettings(state => state.settings.ownTemplates);
  const templates = templateItems(own).map(item => ({
    ...item,
    id: `${templatePrefix}${item.id}`,
    group: 'Templates',
  }));
  const pick = (id: string) => {
    flushSync(onClose);
    if (id.startsWith(templatePrefix)) {
      app.ui.getState().openDialog({ kind: 'templates', templateId: id.slice(templatePrefix.length) });
    } else findAction(id).run(app);
  };
  return (
    <Modal title="All actions" className="modal-palette" onClose={onClose}>
      <PickList
        label="Find an action"
        listName="Actions"
        none="No action has these words."
        items={[...items, ...templates]}
        onPick={pick}
      />
    </Modal>
  );
}
