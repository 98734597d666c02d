import { Modal } from '../controls/modal.tsx';
import { PickList } from '../controls/pick-list.tsx';
import { useSettings } from '../state/app-context.tsx';
import { templateItems } from './built-in/template-items.ts';
import { TemplateFiles } from './template-files.tsx';

interface TemplateListProps {
  onPick: (id: string) => void;
  onNew: () => void;
  onClose: () => void;
}

export function TemplateList({ onPick, onNew, onClose }: TemplateListProps) {
  const own = useSettings(state => state.settings.ownTemplates);
  return (
    <Modal
      title="Templates"
      className="modal-palette"
      onClose={onClose}
      footer={
        <>
          <TemplateFiles />
          <button type="button" className="button" onClick={onNew}>
            New template…
          </button>
        </>
      }
    >
      <PickList
        label="Find a template"
        listName="Templates"
        none="No template has these words."
        items={templateItems(own)}
        onPick={onPick}
      />
    </Modal>
  );
}
