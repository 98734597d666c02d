import { useState } from 'react';
import type { TaskTemplate } from '../../client/index.ts';
import { useSettings } from '../state/app-context.tsx';
import { builtInTemplates } from './built-in/all.ts';
import { TemplateEditor } from './template-editor.tsx';
import { TemplateForm } from './template-form.tsx';
import { TemplateList } from './template-list.tsx';

interface TemplatesDialogProps {
  /** Opened with the form of this one. */
  templateId?: string;
  onClose: () => void;
}

type Place = { at: 'list' } | { at: 'form'; id: string } | { at: 'editor'; template: TaskTemplate | null };

/** The list of templates, the form of one, or the editor of one of the reader's own. */
export function TemplatesDialog({ templateId, onClose }: TemplatesDialogProps) {
  const own = useSettings(state => state.settings.ownTemplates);
  const [place, go] = useState<Place>(
    templateId === undefined ? { at: 'list' } : { at: 'form', id: templateId },
  );
  const toList = () => go({ at: 'list' });
  const toForm = (id: string) => go({ at: 'form', id });
  if (place.at === 'editor') {
    return <TemplateEditor template={place.template} onSaved={toForm} onBack={toList} onClose={onClose} />;
  }
  const template =
    place.at === 'form' ? [...builtInTemplates, ...own].find(({ id }) => id === place.id) : undefined;
  if (!template) {
    return (
      <TemplateList onPick={toForm} onNew={() => go({ at: 'editor', template: null })} onClose={onClose} />
    );
  }
  return (
    <TemplateForm
      key={template.id}
      template={template}
      isOwn={own.includes(template)}
      onEdit={() => go({ at: 'editor', template })}
      onBack={toList}
      onClose={onClose}
    />
  );
}
