import type { CopyForm, Message } from '../../client/index.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { CheckIcon } from '../controls/icons.tsx';
import type { MenuItem } from '../controls/menu-button.tsx';
import { writeClipboard } from '../controls/write-clipboard.ts';
import { useApp, useSettings } from '../state/app-context.tsx';
import { answerCopy } from './answer-copy.ts';

const formNames: Readonly<Record<CopyForm, string>> = {
  markdown: 'Copy as Markdown',
  text: 'Copy as plain text',
  rich: 'Copy with formatting',
};

interface CopyProps {
  answer: Message;
  isDemonstration: boolean;
}

/** Copies in the form that was used last. */
export function CopyAnswer({ answer, isDemonstration }: CopyProps) {
  const { copyForm, copyProvenance } = useSettings(({ settings }) => settings);
  return (
    <CopyButton
      copy={() => answerCopy(answer, { form: copyForm, hasProvenance: copyProvenance, isDemonstration })}
      label="Copy answer"
    />
  );
}

/** All forms to copy it in, and whether its source goes with it. */
export function useCopyItems(answer: Message, isDemonstration: boolean): MenuItem[] {
  const { ui, settingsController } = useApp();
  const { copyForm, copyProvenance } = useSettings(({ settings }) => settings);

  async function copyAs(form: CopyForm): Promise<void> {
    void settingsController.update({ copyForm: form });
    const wished = answerCopy(answer, { form, hasProvenance: copyProvenance, isDemonstration });
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
  return [
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
          copyProvenance ? 'Copied without its source from now on' : 'Copied with its source from now on',
        );
      },
    },
  ];
}
