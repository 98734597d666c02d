import {
  type CatalogueEntry,
  pinnedSystem,
  type TemplateChoice as Template,
  type TemplateSummary,
} from '../../../client/index.ts';
import { fixedInWords, systemPlaceInWords } from '../../format/template-in-words.ts';
import { useApp, useSettings } from '../../state/app-context.tsx';
import { askingOf, thinksIn } from '../../state/model/asked-with.ts';
import { SystemField } from './system-field.tsx';
import { TemplateChoice } from './template-choice.tsx';
import { ThinkingSwitch } from './thinking-switch.tsx';

interface AskedAsProps {
  entry: CatalogueEntry;
  /** Of the template in its file; null of a file without one. */
  own: TemplateSummary | null;
}

/** The template and the system message of a model, as they are and as the reader wants them. */
export function AskedAs({ entry, own }: AskedAsProps) {
  const { settingsController } = useApp();
  const chosen = useSettings(({ settings }) => settings.askedAs[entry.id]);
  const { template } = askingOf(entry, chosen);
  // What is known of the catalogue's models, each of which has a card, and what alone has places for images, is not to choose.
  const isFixed = entry.kind === 'demonstration' || entry.card !== undefined || entry.vision !== undefined;
  const system = template === null ? null : systemOf(template, own, entry);
  const thinks = thinksIn({ template }, own, chosen);
  return (
    <>
      <section className="settings-section" aria-labelledby="asked-template">
        <h3 id="asked-template">Template</h3>
        {isFixed ? (
          <p>{fixedInWords(template, own)}</p>
        ) : (
          <TemplateChoice
            own={own}
            like={entry.looksLike ? entry.template : null}
            value={template}
            onChange={next => settingsController.askAs(entry.id, { ...chosen, template: next })}
          />
        )}
      </section>
      <section className="settings-section" aria-labelledby="asked-system">
        <h3 id="asked-system">Before the conversation</h3>
        {system ? (
          <SystemField
            place={system.place}
            byItself={system.byItself}
            value={chosen?.system}
            onChange={text => {
              const { system: _, ...rest } = chosen ?? {};
              settingsController.askAs(entry.id, text === undefined ? rest : { ...rest, system: text });
            }}
          />
        ) : (
          <p className="muted">
            {template === null
              ? 'Choose a template first.'
              : 'This form has no place for a system message: the question stands alone.'}
          </p>
        )}
      </section>
      {thinks !== undefined && (
        <section className="settings-section" aria-labelledby="asked-thinking">
          <h3 id="asked-thinking">Thinking</h3>
          <ThinkingSwitch
            isOn={thinks}
            onChange={next => settingsController.askAs(entry.id, { ...chosen, thinks: next })}
          />
        </section>
      )}
    </>
  );
}

/** What becomes of a system message, and what is said without one; null where it would not be read. */
function systemOf(
  template: Template,
  own: TemplateSummary | null,
  entry: CatalogueEntry,
): { place: string; byItself: string } | null {
  if (template === 'file') {
    if (!own || own.fault) return null;
    return { place: systemPlaceInWords(own), byItself: own.defaultSystem ?? '' };
  }
  const pinned = pinnedSystem(template);
  if (!pinned.isRead) return null;
  return { place: 'It stands before the conversation.', byItself: entry.system ?? pinned.text };
}
