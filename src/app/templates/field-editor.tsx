import { useId } from 'react';
import { type TaskField, taskFieldKinds, taskLimits } from '../../client/index.ts';
import { usePrivateText } from '../input/private-text.ts';
import type { EditedField } from './edited-template.ts';

const kindNames: Readonly<Record<TaskField['kind'], string>> = {
  text: 'Several lines',
  line: 'One line',
  choice: 'A choice',
};

interface FieldEditorProps {
  /** As the text has it. */
  name: string;
  field: EditedField;
  onChange: (field: EditedField) => void;
}

/** What one field of a template is. */
export function FieldEditor({ name, field, onChange }: FieldEditorProps) {
  const id = useId();
  const privateText = usePrivateText();
  return (
    <fieldset className="task-field-editor">
      <legend>
        Field <bdi>{name}</bdi>
      </legend>
      <div className="task-field">
        <label htmlFor={`${id}-label`}>Label</label>
        <input
          id={`${id}-label`}
          type="text"
          dir="auto"
          maxLength={taskLimits.label}
          {...privateText}
          value={field.label}
          onChange={event => onChange({ ...field, label: event.currentTarget.value })}
        />
      </div>
      <div className="task-field">
        <label htmlFor={`${id}-kind`}>Kind</label>
        <select
          id={`${id}-kind`}
          value={field.kind}
          onChange={event => {
            const kind = taskFieldKinds.find(each => each === event.currentTarget.value);
            if (kind) onChange({ ...field, kind });
          }}
        >
          {taskFieldKinds.map(kind => (
            <option key={kind} value={kind}>
              {kindNames[kind]}
            </option>
          ))}
        </select>
      </div>
      {field.kind === 'choice' && (
        <div className="task-field">
          <label htmlFor={`${id}-options`}>Choices, one a line</label>
          <textarea
            id={`${id}-options`}
            rows={3}
            dir="auto"
            maxLength={taskLimits.options * (taskLimits.option + 1)}
            {...privateText}
            value={field.options}
            onChange={event => onChange({ ...field, options: event.currentTarget.value })}
          />
        </div>
      )}
      {field.kind !== 'choice' && (
        <label className="task-check">
          <input
            type="checkbox"
            checked={field.isRequired}
            onChange={event => onChange({ ...field, isRequired: event.currentTarget.checked })}
          />
          It has to be filled in
        </label>
      )}
    </fieldset>
  );
}
