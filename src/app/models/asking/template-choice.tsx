import { useId } from 'react';
import {
  type TemplateChoice as Choice,
  type TemplateSummary,
  templateNames,
  templatesToOffer,
} from '../../../client/index.ts';
import { templateInWords, templateLooks } from '../../format/template-in-words.ts';

interface TemplateChoiceProps {
  /** Of the template in the file; null where it brings none. */
  own: TemplateSummary | null;
  /** The one that models are asked with that the file looks like; null where there is none to suggest. */
  like?: Choice | null;
  /** Null: not chosen yet. */
  value: Choice | null;
  onChange: (template: Choice) => void;
}

const asWhatItLooksLike = 'As the model is asked that this file looks like.';

/** How the prompt of a reader's own model is written: by the template in its file, or by one of those that many models share. */
export function TemplateChoice({ own, like = null, value, onChange }: TemplateChoiceProps) {
  const name = useId();
  const isOwnUsable = own !== null && own.fault === undefined;
  const first = isOwnUsable ? 'file' : like;
  const options: Choice[] = [
    ...(first === null ? [] : [first]),
    ...templatesToOffer.filter(id => id !== first),
  ];
  return (
    <fieldset className="template-choice">
      <legend>How the conversation is written for it</legend>
      {own === null && (
        <p>
          This file says nothing of how it is asked. Models answer well only in the form that they were
          trained with: look where it is published.
        </p>
      )}
      {own?.fault && (
        <p className="field-error" role="alert">
          {own.fault.message} {own.fault.advice}
        </p>
      )}
      {options.map(option => (
        <label key={option}>
          <input
            type="radio"
            name={name}
            value={option}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          <span>
            <span className="template-name">{templateNames[option]}</span>{' '}
            <span className="muted">
              {option === 'file' && own ? templateInWords(own) : (templateLooks[option] ?? asWhatItLooksLike)}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
