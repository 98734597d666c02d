import { useEffect, useState } from 'react';
import { droppedFolders, listEntries } from '../reading/study/picked-files.ts';
import { useApp } from '../state/app-context.tsx';

/** Images, folders of them and model files may be dropped anywhere on the page. Returns whether one hovers over it. */
export function useFileDrop(): boolean {
  const { openFiles, openFolder, images } = useApp();
  const [isHovering, setHovering] = useState(false);
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onDragOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setHovering(true);
      if (mayBeStudy(event.dataTransfer)) warm();
    };
    let isWarm = false;
    // What comes down is read once it is here: what reads it is fetched and started while it is in the air.
    const warm = () => {
      if (isWarm) return;
      isWarm = true;
      import('./study-room.tsx').catch(() => undefined);
      images.prepareFrames([]).catch(() => undefined);
    };
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setHovering(false);
    };
    const onDrop = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      // Without this the browser would leave the page and show the file.
      event.preventDefault();
      setHovering(false);
      const folders = droppedFolders(event.dataTransfer);
      if (folders) void openFolder(listEntries(folders));
      else void openFiles([...(event.dataTransfer?.files ?? [])]);
    };
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('dragleave', onDragLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('dragleave', onDragLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, [openFiles, openFolder, images]);
  return isHovering;
}

/** Folders, and files of a scanner, are of no type that a browser knows. */
function mayBeStudy(transfer: DataTransfer | null): boolean {
  return [...(transfer?.items ?? [])].some(({ kind, type }) => kind === 'file' && type === '');
}
