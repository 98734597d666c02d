import { CopyButton } from '../controls/copy-button.tsx';

export function CodeBlock({ text, language }: { text: string; language: string | undefined }) {
  const name = language?.match(/^[\w+#-]{1,20}/)?.[0];
  return (
    <div className="md-code">
      <div className="md-code-bar">
        <span>{name ?? 'text'}</span>
        <CopyButton text={text} label="Copy code" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, with the keyboard too */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </div>
  );
}
