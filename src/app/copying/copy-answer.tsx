import type { CopyForm, Message } from '../../client/index.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { CheckIcon, MoreIcon } from '../controls/icons.tsx';
import { MenuButton } from '../controls/menu-button.tsx';
import { writeClipboard } from '../controls/write-clipboard.ts';
import { useApp, useSettings } from '../state/app-context.tsx';
import { answerCopy } from './answer-copy.ts';

const formNames: Readonly<Record<CopyForm, string>> = {
  markdown: 'Copy as Markdown',
  text: 'Copy as plain text',
  rich: 'Copy with formatting',
};

/** Copies in the form that was used last; the menu has the others. */
export function CopyAnswer({ answer, isDemonstration }: { answer: Message; isDemonstration: boolean }) {
  const { ui, settingsController } = useApp();
  const { copyForm, copyProvenance } = useSettings(({ settings }) => settings);
  const copyOf = (form: CopyForm) =>
    answerCopy(answer, { form, hasProvenance: copyProvenance, isDemonstration });

  async function copyAs(form: CopyForm): Promise<void> {
    void settingsController.update({ copyForm: form });
    const wished = copyOf(form);
    try {
      const taken = await writeClipboard(wished);
      ui.getState().announce(
        wished.html !== undefined && taken === 'plain' ? 'Copied without formatting' : 'Copied',
      );
    } catch {
      ui.getState().showToast('This browser did not allow copying. Select the text and copy it instead.');
    }
  }

  const forms = Object.keys(formNames) as CopyForm[];
  const mark = (isOn: boolean) => (isOn ? <CheckIcon size={16} /> : <span className="menu-gap" />);
  return (
    <>
      <CopyButton copy={() => copyOf(copyForm)} label="Copy answer" />
      <MenuButton
        label="Ways to copy this answer"
        icon={<MoreIcon size={18} />}
        items={[
          ...forms.map(form => ({
            label: formNames[form],
            icon: mark(form === copyForm),
            run: () => void copyAs(form),
          })),
          {
            label: copyProvenance ? 'With model, hash and date: on' : 'With model, hash and date: off',
            icon: mark(copyProvenance),
            run: () => {
              void settingsController.update({ copyProvenance: !copyProvenance });
              ui.getState().announce(
                copyProvenance
                  ? 'Copied without its source from now on'
                  : 'Copied with its source from now on',
              );
            },
          },
        ]}
      />
    </>
  );
}
