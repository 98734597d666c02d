import { type PickedFile, toErrorData } from '../../client/index.ts';
import type { AskedView } from '../reading/state/asked-view.ts';
import { StudyDialog } from '../reading/study-dialog.tsx';
import { useApp, useUi } from '../state/app-context.tsx';

/** A study in the reading room. */
export function StudyRoom({ files, onClose }: { files: readonly PickedFile[]; onClose: () => void }) {
  const { images, attachmentsController, saveFile } = useApp();
  const showToast = useUi(state => state.showToast);

  /**
   * The file goes beside the question, to be shown as it is shown here. Where something is covered, only the picture does: nothing of
   * the file is kept then. So it is where the file is attached already, in another window.
   */
  const attach = async ({ file, name, presentation }: AskedView) => {
    const isCovered = presentation.redactions.length > 0;
    const whole = new File([file], name, { type: file.type });
    if (!isCovered && !isAttached(name) && (await attachmentsController.addPresented(whole, presentation)))
      return;
    const picture = await images.pictureFile(file, presentation);
    attachmentsController.add([new File([picture], `${name}.png`, { type: 'image/png' })]);
  };
  const isAttached = (name: string) => attachmentsController.of().some(each => each.name === name);

  const ask = async (view: AskedView) => {
    try {
      await attach(view);
      onClose();
      document.querySelector<HTMLElement>('#question')?.focus();
    } catch (thrown) {
      showToast(toErrorData(thrown).message);
    }
  };
  return <StudyDialog files={files} reader={images} onAsk={ask} saveFile={saveFile} onClose={onClose} />;
}
