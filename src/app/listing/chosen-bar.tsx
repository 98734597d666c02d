import { useState } from 'react';
import { useStore } from 'zustand';
import { type Conversation, plural, toErrorData } from '../../client/index.ts';
import { ArchiveIcon, DeleteIcon, ExportIcon, TagIcon } from '../controls/icons.tsx';
import { useApp } from '../state/app-context.tsx';
import { useListing } from './listing-store.ts';

interface ChosenBarProps {
  /** In order. */
  listed: readonly Conversation[];
  isArchive: boolean;
  onDone: () => void;
}

/** What can be done with several conversations at once. Those that are not listed are left alone. */
export function ChosenBar({ listed, isArchive, onDone }: ChosenBarProps) {
  const app = useApp();
  const listing = useListing();
  const chosen = useStore(listing, state => state.chosen);
  const [isExporting, setExporting] = useState(false);
  const ids = listed.map(({ id }) => id).filter(id => chosen?.has(id));
  const hasAll = ids.length === listed.length && ids.length > 0;

  async function exportThem(): Promise<void> {
    if (isExporting) return;
    setExporting(true);
    const { ui } = app;
    try {
      const { giveOutAll } = await import('../sharing/give-out.ts');
      const none = () => undefined;
      const given = await giveOutAll(app, Date.now(), none, new AbortController().signal, ids);
      const count = plural(given.conversations, 'conversation');
      ui.getState().showToast(
        `${count} in ${plural(given.files, 'file')} offered to be saved. Files are not encrypted.`,
      );
      onDone();
    } catch (thrown) {
      const { message, advice } = toErrorData(thrown);
      ui.getState().showToast(`${message} ${advice}`);
    } finally {
      setExporting(false);
    }
  }

  const buttons = [
    { label: 'Export', icon: <ExportIcon size={18} />, run: exportThem },
    {
      label: 'Tags…',
      icon: <TagIcon size={18} />,
      run: () => app.ui.getState().openDialog({ kind: 'tags', conversationIds: ids }),
    },
    {
      label: isArchive ? 'Back from the archive' : 'Archive',
      icon: <ArchiveIcon size={18} />,
      run: async () => {
        if (await app.listController.file(ids, old => ({ ...old, isArchived: !isArchive }))) onDone();
      },
    },
    {
      label: 'Delete',
      icon: <DeleteIcon size={18} />,
      run: async () => {
        await app.chatController.remove(...ids);
        onDone();
      },
    },
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset: its buttons act at once
    <div className="chosen-bar" role="group" aria-label="Chosen conversations">
      <p role="status">{plural(ids.length, 'conversation')} chosen</p>
      <button
        type="button"
        className="button"
        onClick={() => listing.setState({ chosen: new Set(hasAll ? [] : listed.map(({ id }) => id)) })}
      >
        {hasAll ? 'None' : 'All'}
      </button>
      <div className="chosen-actions">
        {buttons.map(({ label, icon, run }) => (
          <button
            key={label}
            type="button"
            className="icon-button"
            aria-label={label}
            title={label}
            disabled={ids.length === 0}
            onClick={() => void run()}
          >
            {icon}
          </button>
        ))}
      </div>
      <button type="button" className="button" onClick={onDone}>
        Done
      </button>
    </div>
  );
}
