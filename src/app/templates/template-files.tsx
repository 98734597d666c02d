import { plural, toErrorData } from '../../client/index.ts';
import { FilePickerButton } from '../controls/file-picker-button.tsx';
import { useApp, useSettings } from '../state/app-context.tsx';
import type { App } from '../state/create-app.ts';
import { builtInTemplates } from './built-in/all.ts';
import { addOwnTemplates } from './own-templates.ts';
import { placeTemplates, readTemplateFile, writeTemplateFile } from './template-file.ts';

/** The reader's own templates out into a file, and files in. */
export function TemplateFiles() {
  const app = useApp();
  const own = useSettings(state => state.settings.ownTemplates);
  const { showToast } = app.ui.getState();
  return (
    <>
      <FilePickerButton
        label="Files of templates"
        accept="application/json,.json"
        onPick={async files => {
          for (const file of files) showToast(await takeIn(app, file));
        }}
      >
        Import…
      </FilePickerButton>
      <button
        type="button"
        className="button"
        disabled={own.length === 0}
        onClick={() => app.saveFile(writeTemplateFile(own), 'bedside-templates.json')}
      >
        Export your own…
      </button>
    </>
  );
}

/** What came of it, in words. */
async function takeIn(app: App, file: File): Promise<string> {
  try {
    const templates = await readTemplateFile(file);
    const { ownTemplates } = app.settings.getState().settings;
    const { added, known } = placeTemplates(templates, ownTemplates, builtInTemplates);
    if (added.length > 0) addOwnTemplates(app, added);
    const already =
      known > 0
        ? ` ${plural(known, 'template')} of the file ${known === 1 ? 'is' : 'are'} here already.`
        : '';
    return `${plural(added.length, 'template')} added.${already}`;
  } catch (thrown) {
    const { message, advice } = toErrorData(thrown);
    return `${message} ${advice}`;
  }
}
