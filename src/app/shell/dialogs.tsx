import { HardwarePage } from '../hardware/hardware-page.tsx';
import { ShownImageDialog } from '../images/view-image-dialog.tsx';
import { ModelDialog } from '../models/model-dialog.tsx';
import { DeleteAllDialog } from '../settings/delete-all-dialog.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { useUi } from '../state/app-context.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { NoticeDialog } from './notice-dialog.tsx';

export function Dialogs() {
  const dialog = useUi(state => state.dialog);
  const close = useUi(state => state.closeDialog);
  return (
    <>
      {dialog?.kind === 'settings' && <SettingsDialog onClose={close} />}
      {dialog?.kind === 'models' && <ModelDialog onClose={close} />}
      {dialog?.kind === 'hardware' && <HardwarePage onClose={close} />}
      {dialog?.kind === 'link' && <LinkDialog url={dialog.url} onClose={close} />}
      {dialog?.kind === 'delete-all' && <DeleteAllDialog onClose={close} />}
      {dialog?.kind === 'image' && <ShownImageDialog image={dialog.image} onClose={close} />}
      <NoticeDialog />
    </>
  );
}
