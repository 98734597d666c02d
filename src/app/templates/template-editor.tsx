import { useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { type TaskTemplate, taskLimits } from '../../client/index.ts';
import { Modal } from '../controls/modal.tsx';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import { usePrivateText } from '../input/private-text.ts';
import { useApp, useSettings } from '../state/app-context.tsx';
import {
  type EditedField,
  editedOf,
  fieldOf,
  namedFields,
  newTemplate,
  templateOf,
  whyNotSaved,
} from './edited-template.ts';
import { FieldEditor } from './field-editor.tsx';
import { saveOwnTemplate } from './own-templates.ts';
import { keepUnsaved, unsavedTemplate } from './unsaved-templates.ts';

interface TemplateEditorProps {
  /** Null for a new one; of one that comes with Bedside a copy is made. */
  template: TaskTemplate | null;
  onSaved: (id: string) => void;
  onBack: () => void;
  onClose: () => void;
}

const imageCounts = ['None', 'One', 'Two'] as const;

/** A template is written as its text; each name in double braces becomes a field. */
export function TemplateEditor({ template, onSaved, onBack, onClose }: TemplateEditorProps) {
  const app = useApp();
  const id = useId();
  const privateText = usePrivateText();
  const own = useSettings(state => state.settings.ownTemplates);
  const before = own.find(each => each.id === template?.id) ?? null;
  const key = template?.id ?? '';
  const [stored] = useState(() => (template ? editedOf(template) : newTemplate));
  const [left, setLeft] = useState(() => unsavedTemplate(app, key));
  const [edited, setEdited] = useState(left ?? stored);
  const [refusal, setRefusal] = useState<string | null>(null);
  const change = (part: Partial<typeof edited>) => {
    const next = { ...edited, ...part };
    setRefusal(null);
    setEdited(next);
    keepUnsaved(app, key, next);
  };
  const startAgain = () => {
    keepUnsaved(app, key, null);
    setLeft(undefined);
    setEdited(stored);
    nameField.current?.focus();
  };
  const nameField = useRef<HTMLInputElement>(null);
  const isFull = before === null && own.length >= taskLimits.templates;

  const save = () => {
    const why = isFull ? `${taskLimits.templates} templates of your own are the most.` : whyNotSaved(edited);
    if (why !== null) return setRefusal(why);
    const saved = templateOf(edited, before);
    flushSync(() => saveOwnTemplate(app, saved));
    keepUnsaved(app, key, null);
    onSaved(saved.id);
  };

  return (
    <Modal
      title={before ? 'Edit a template' : 'New template'}
      className="modal-wide"
      onClose={onClose}
      footer={
        <>
          <button
            type="button"
            className="button"
            onClick={() => {
              keepUnsaved(app, key, null);
              onBack();
            }}
          >
            Cancel
          </button>
          <button type="button" className="button button-primary" onClick={save}>
            Save
          </button>
        </>
      }
    >
      {left && (
        <p className="unsaved-note">
          As you left it, not saved yet.{' '}
          <button type="button" className="button" onClick={startAgain}>
            Start again
          </button>
        </p>
      )}
      <p className="field-error" role="alert" hidden={refusal === null}>
        {refusal}
      </p>
      <div className="task-field">
        <label htmlFor={`${id}-name`}>Name</label>
        <input
          ref={nameField}
          id={`${id}-name`}
          data-focus-first
          type="text"
          dir="auto"
          maxLength={taskLimits.name}
          {...privateText}
          value={edited.name}
          onChange={event => change({ name: event.currentTarget.value })}
        />
      </div>
      <div className="task-field">
        <label htmlFor={`${id}-about`}>
          What it is for<span className="muted"> (optional)</span>
        </label>
        <input
          id={`${id}-about`}
          type="text"
          dir="auto"
          maxLength={taskLimits.about}
          {...privateText}
          value={edited.about}
          onChange={event => change({ about: event.currentTarget.value })}
        />
      </div>
      <div className="task-field">
        <label htmlFor={`${id}-text`}>Text of the question</label>
        <textarea
          id={`${id}-text`}
          rows={6}
          dir="auto"
          maxLength={taskLimits.text}
          aria-describedby={`${id}-how`}
          {...privateText}
          value={edited.text}
          onChange={event => change({ text: event.currentTarget.value })}
        />
        <p className="muted" id={`${id}-how`}>
          Write {'{{Presentation}}'} where something is to be filled in: each name in double braces becomes a
          field. A line whose fields are all left empty is left out. Keep patients’ data out of it.
        </p>
      </div>
      <SegmentedChoice
        legend="Images it needs"
        name={`${id}-images`}
        options={imageCounts.map(label => ({ value: label, label }))}
        value={imageCounts[edited.images] ?? 'None'}
        onChange={count => change({ images: imageCounts.indexOf(count) })}
      />
      {namedFields(edited)
        .slice(0, taskLimits.fields)
        .map(name => (
          <FieldEditor
            key={name}
            name={name}
            field={fieldOf(edited, name)}
            onChange={(field: EditedField) => change({ fields: new Map(edited.fields).set(name, field) })}
          />
        ))}
    </Modal>
  );
}
