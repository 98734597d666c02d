import { AttachIcon, FileIcon, FolderIcon, ImageIcon } from '../controls/icons.tsx';
import { MenuButton } from '../controls/menu-button.tsx';

/** Presses the button of this class; those are there too, and are not drawn where the window is narrow. */
const press = (name: string) => () =>
  document.querySelector<HTMLElement>(`.composer button.${name}`)?.click();

const items = [
  { label: 'Attach an image', icon: <ImageIcon />, run: press('attach') },
  { label: 'Attach a text', icon: <FileIcon />, run: press('attach-text') },
  { label: 'Look through a study', icon: <FolderIcon />, run: press('attach-study') },
];

/** In a narrow window, where the three buttons would leave no room for the question. */
export function AttachMenu() {
  return (
    <span className="attach-menu">
      <MenuButton label="Attach" icon={<AttachIcon />} items={items} />
    </span>
  );
}
