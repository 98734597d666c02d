/** On each answer of a demonstration model: the header tells of the model on duty, which may be another one by then. */
export function DemonstrationMark({ model }: { model: string }) {
  return (
    <p className="demonstration-mark">
      <span className="tag">demonstration</span>{' '}
      <span>
        <span dir="auto">{model}</span> is often wrong: not for clinical use.
      </span>
    </p>
  );
}
