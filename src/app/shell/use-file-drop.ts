import { useEffect, useState } from 'react';
import { droppedFolders, listEntries } from '../reading/study/picked-files.ts';
import { useApp } from '../state/app-context.tsx';

/** Images, folders of them and model files may be dropped anywhere on the page. Returns whether one hovers over it. */
export function useFileDrop(): boolean {
  const { openFiles, openFolder } = useApp();
  const [isHovering, setHovering] = useState(false);
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onDragOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setHovering(true);
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
  }, [openFiles, openFolder]);
  return isHovering;
}
