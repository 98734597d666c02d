import { type RefObject, useState } from 'react';
import { type HubRepository, hubFileUrl, readHubAddress, toErrorData } from '../../../client/index.ts';
import { handleSubmit } from '../../input/input-method.ts';
import { privateText } from '../../input/private-text.ts';
import { useApp } from '../../state/app-context.tsx';
import { AdditionError } from './addition-error.tsx';
import { AddressField } from './address-field.tsx';
import { type HubChoice, listHubChoices } from './hub-choices.ts';
import { HubFiles } from './hub-files.tsx';
import { useAddition } from './use-addition.ts';

/** GGUF files on a server, by their own address or chosen in a repository of a hub: their beginning is read, and shown what they are. */
export function FromAddress() {
  const { libraryController, offerController } = useApp();
  const { error, setError, ref } = useAddition('address');
  const [url, setUrl] = useState('');
  const [visionUrl, setVisionUrl] = useState('');
  const [sha256, setSha256] = useState('');
  const [isAsking, setIsAsking] = useState(false);
  const [listed, setListed] = useState<{ repository: HubRepository; choices: HubChoice[] } | null>(null);
  const hub = readHubAddress(url);
  const repository = hub && hub.path === undefined ? hub.repository : undefined;

  const list = async (wanted: HubRepository) => {
    setIsAsking(true);
    setListed(null);
    try {
      const files = await libraryController.listRepository(wanted);
      setListed({ repository: wanted, choices: listHubChoices(files) });
      setError(null);
    } catch (thrown) {
      setError(toErrorData(thrown));
    }
    setIsAsking(false);
  };
  // What was typed stays: should it fail, it can be corrected.
  const look = () =>
    setError(
      offerController.offerAddress({
        url: fileAddress(url),
        ...(visionUrl.trim() ? { visionUrl: fileAddress(visionUrl) } : {}),
        ...(sha256.trim() ? { sha256 } : {}),
      }),
    );
  return (
    <form
      ref={ref as RefObject<HTMLFormElement>}
      className="add-source"
      onSubmit={handleSubmit(() => {
        if (isAsking) return;
        if (repository) void list(repository);
        else look();
      })}
    >
      <p className="muted">
        The address of the file itself, of a file that was split that of its first part; or a repository of
        Hugging Face (ORGANISATION/NAME), whose files can then be chosen from. Only the beginning is fetched
        to show what it is. Nothing else is asked for; an interrupted download goes on where it broke, also
        after days.
      </p>
      <AddressField
        label="Address of the GGUF file"
        value={url}
        onChange={value => {
          setUrl(value);
          setListed(null);
          // It was of another file.
          setSha256('');
        }}
      />
      {!repository && (
        <>
          <AddressField
            label="Address of its image half (mmproj), where it has one"
            isOptional
            value={visionUrl}
            onChange={setVisionUrl}
          />
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
        </>
      )}
      <AdditionError error={error} />
      {listed && (
        <HubFiles
          repository={listed.repository}
          choices={listed.choices}
          onChoose={(text, vision) =>
            offerController.offerFromHub(listed.repository, text.files, vision?.files ?? null)
          }
        />
      )}
      {!listed && (
        <button type="submit" className="button" aria-disabled={isAsking}>
          {repository
            ? isAsking
              ? 'Asking the server…'
              : `List the files of ${repository.id}`
            : 'Look what it is'}
        </button>
      )}
    </form>
  );
}

/** Of a page about a file, the file. */
function fileAddress(address: string): string {
  const hub = readHubAddress(address);
  return hub?.path === undefined ? address : hubFileUrl(hub.repository, hub.path);
}
