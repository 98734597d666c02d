import { useState } from 'react';
import { handleSubmit } from '../../input/input-method.ts';
import { privateText } from '../../input/private-text.ts';
import { useApp } from '../../state/app-context.tsx';
import { AddressField } from './address-field.tsx';
import type { SourceProps } from './source-props.ts';

/** Fetches GGUF files from a server. */
export function FromAddress({ kind, onError }: SourceProps) {
  const { modelAdditions } = useApp();
  const [url, setUrl] = useState('');
  const [visionUrl, setVisionUrl] = useState('');
  const [sha256, setSha256] = useState('');
  const add = async () => {
    const error = await modelAdditions.addByAddress({
      entry: kind,
      url,
      ...(kind.vision ? { visionUrl } : {}),
      ...(sha256.trim() ? { sha256 } : {}),
    });
    onError(error);
    if (error) return;
    setUrl('');
    setVisionUrl('');
    setSha256('');
  };
  return (
    <form className="add-source" onSubmit={handleSubmit(() => void add())}>
      <h4>From an address</h4>
      <p className="muted">
        The address of the file itself; of a file that was split, that of its first part. It is asked for
        nothing else; an interrupted download goes on where it broke, also after days.
      </p>
      <AddressField
        label={kind.vision ? 'Address of the text half' : 'Address of the GGUF file'}
        value={url}
        onChange={setUrl}
      />
      {kind.vision && (
        <AddressField label="Address of the image half (mmproj)" value={visionUrl} onChange={setVisionUrl} />
      )}
      <label>
        SHA-256, where the publisher names it
        <input
          type="text"
          dir="ltr"
          {...privateText}
          value={sha256}
          onChange={event => setSha256(event.currentTarget.value)}
        />
      </label>
      <button type="submit" className="button">
        Fetch
      </button>
    </form>
  );
}
