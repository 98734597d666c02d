import type { ReactNode } from 'react';

/** Our own line icons on a 20 px grid. They are decoration: the control that holds one carries the name. */
export function icon(paths: ReactNode) {
  return function Icon({ size = 20 }: { size?: number }) {
    return (
      <svg
        className="icon"
        aria-hidden="true"
        focusable="false"
        width={size}
        height={size}
        viewBox="0 0 20 20"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        {paths}
      </svg>
    );
  };
}

export const NewChatIcon = icon(
  <>
    <path d="M10.5 3.5H6A2.5 2.5 0 0 0 3.5 6v8A2.5 2.5 0 0 0 6 16.5h8a2.5 2.5 0 0 0 2.5-2.5V9.5" />
    <path d="M15.2 2.9a1.35 1.35 0 0 1 1.9 1.9L10.5 11.4l-2.6.7.7-2.6z" />
  </>,
);
export const MenuIcon = icon(<path d="M3.5 6h13M3.5 10h13M3.5 14h8" />);
export const SidebarIcon = icon(
  <>
    <rect x="2.75" y="3.75" width="14.5" height="12.5" rx="2.5" />
    <path d="M8 4v12" />
  </>,
);
export const RecordIcon = icon(
  <>
    <path d="M5.5 2.75h6l3.5 3.5v11H5.5z" />
    <path d="M8 9h5M8 11.75h5M8 14.5h3" />
  </>,
);
export const ClockIcon = icon(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 5.8V10l2.8 1.8" />
  </>,
);
export const ActionsIcon = icon(<path d="M4 6.5 7.5 10 4 13.5M10 14h6" />);
export const TemplateIcon = icon(
  <>
    <rect x="4" y="3" width="12" height="14" rx="2" />
    <path d="M7 7h6M7 10h6M7 13h3" />
  </>,
);
export const CloseIcon = icon(<path d="m5 5 10 10M15 5 5 15" />);
export const SettingsIcon = icon(
  <>
    <path d="M3 6h7M15 6h2M3 14h2M10 14h7" />
    <circle cx="12.5" cy="6" r="2.2" />
    <circle cx="7.5" cy="14" r="2.2" />
  </>,
);
export const SendIcon = icon(<path d="M10 16.5v-13M4.5 9 10 3.5 15.5 9" />);
export const StopIcon = icon(<rect x="5.5" y="5.5" width="9" height="9" rx="1.5" fill="currentColor" />);
export const ExportIcon = icon(
  <path d="M10 12V3.5M6.5 6.5 10 3l3.5 3.5M4 11.5v3A2 2 0 0 0 6 16.5h8a2 2 0 0 0 2-2v-3" />,
);
export const SearchIcon = icon(
  <>
    <circle cx="9" cy="9" r="5" />
    <path d="m12.8 12.8 3.7 3.7" />
  </>,
);
export const CopyIcon = icon(
  <>
    <rect x="7" y="7" width="9.5" height="9.5" rx="2" />
    <path d="M13 4.6A2 2 0 0 0 11.5 3.5h-6a2 2 0 0 0-2 2v6a2 2 0 0 0 1.1 1.8" />
  </>,
);
export const CheckIcon = icon(<path d="m4 10.5 4 4 8-9" />);
export const RegenerateIcon = icon(
  <>
    <path d="M16 10a6 6 0 1 1-1.9-4.4L16.5 7.8" />
    <path d="M16.5 3.8v4h-4" />
  </>,
);
export const EditIcon = icon(<path d="m12.5 4.5 3 3L7 16l-3.8.8L4 13zM11 6l3 3" />);
export const DeleteIcon = icon(
  <path d="M3.5 5.5h13M8 5.5V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.5M5 5.5l.8 10a1.6 1.6 0 0 0 1.6 1.5h5.2a1.6 1.6 0 0 0 1.6-1.5l.8-10M8.3 9v4.5M11.7 9v4.5" />,
);
export const MoreIcon = icon(<path d="M4.5 10h.1M10 10h.1M15.4 10h.1" strokeWidth="2.4" />);
export const PinIcon = icon(<path d="M7 3h6M8 3v5l-2.5 3.5h9L12 8V3M10 11.5V17" />);
export const ArchiveIcon = icon(
  <>
    <rect x="3" y="4" width="14" height="3.5" rx="1" />
    <path d="M4.5 7.5v7A1.5 1.5 0 0 0 6 16h8a1.5 1.5 0 0 0 1.5-1.5v-7M8 10.5h4" />
  </>,
);
export const TagIcon = icon(
  <>
    <path d="M3.5 4.5a1 1 0 0 1 1-1h5l7 7a1.2 1.2 0 0 1 0 1.7l-4.3 4.3a1.2 1.2 0 0 1-1.7 0l-7-7z" />
    <path d="M7 7h.1" strokeWidth="2.2" />
  </>,
);
export const PreviousIcon = icon(<path d="M12 5 7 10l5 5" />);
export const NextIcon = icon(<path d="m8 5 5 5-5 5" />);
export const DownIcon = icon(<path d="M10 3.5v13M4.5 11l5.5 5.5 5.5-5.5" />);
export const ChevronIcon = icon(<path d="m6 8 4 4 4-4" />);
export const ContinueIcon = icon(<path d="M4 5v10l7-5zM14 5v10" />);
export const FileIcon = icon(
  <>
    <path d="M5.5 2.75h5.8l4 4v9a1.5 1.5 0 0 1-1.5 1.5H5.5A1.5 1.5 0 0 1 4 15.75V4.25a1.5 1.5 0 0 1 1.5-1.5z" />
    <path d="M11 3v4h4" />
  </>,
);
export const ImageIcon = icon(
  <>
    <rect x="3" y="4" width="14" height="12" rx="2" />
    <circle cx="7.2" cy="8.2" r="1.3" />
    <path d="m3.5 14.5 4.2-4 3 2.8 2.3-2.1 3.5 3.3" />
  </>,
);
export const AttachIcon = icon(<path d="M10 4v12M4 10h12" />);
export const FolderIcon = icon(
  <path d="M2.8 15V5.4c0-.8.6-1.4 1.4-1.4h3.5l1.8 2h6.3c.8 0 1.4.6 1.4 1.4V15c0 .8-.6 1.4-1.4 1.4H4.2c-.8 0-1.4-.6-1.4-1.4z" />,
);
export const WarningIcon = icon(
  <>
    <path d="M10 3.2 17.3 16a.6.6 0 0 1-.5.9H3.2a.6.6 0 0 1-.5-.9z" />
    <path d="M10 8v4M10 14.3v.1" />
  </>,
);
export const LockIcon = icon(
  <>
    <rect x="4.5" y="9" width="11" height="7.5" rx="2" />
    <path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
  </>,
);
export const ChipIcon = icon(
  <>
    <rect x="5.5" y="5.5" width="9" height="9" rx="2" />
    <path d="M8 5.5v-2.5M12 5.5v-2.5M8 17v-2.5M12 17v-2.5M5.5 8h-2.5M5.5 12h-2.5M17 8h-2.5M17 12h-2.5" />
  </>,
);
export const InfoIcon = icon(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 9.3v4M10 6.6v.1" />
  </>,
);

/** The lamp by the bed: Bedside's mark. */
export function LampMark({ size = 28 }: { size?: number }) {
  return (
    <svg className="lamp" aria-hidden="true" focusable="false" width={size} height={size} viewBox="0 0 32 32">
      <rect width="32" height="32" rx="9" className="lamp-ground" />
      <path d="M11.4 15.5h9.2l2.6 8.5H8.8z" className="lamp-light" />
      <path
        d="M12.5 7.5h7c.4 0 .7.2.8.6l2.3 6.1c.2.5-.2 1-.7 1H10.1c-.5 0-.9-.5-.7-1l2.3-6.1c.1-.4.4-.6.8-.6zM15.3 15h1.4v8h2.1c.5 0 .8.3.8.8v.6h-7.2v-.6c0-.5.3-.8.8-.8h2.1z"
        className="lamp-body"
      />
    </svg>
  );
}

export const ZoomInIcon = icon(
  <>
    <circle cx="8.75" cy="8.75" r="5.25" />
    <path d="m12.6 12.6 4.15 4.15M8.75 6.5V11M6.5 8.75H11" />
  </>,
);
export const ZoomOutIcon = icon(
  <>
    <circle cx="8.75" cy="8.75" r="5.25" />
    <path d="m12.6 12.6 4.15 4.15M6.5 8.75H11" />
  </>,
);
export const FitIcon = icon(
  <>
    <path d="M3 7V4.5A1.5 1.5 0 0 1 4.5 3H7M13 3h2.5A1.5 1.5 0 0 1 17 4.5V7M17 13v2.5a1.5 1.5 0 0 1-1.5 1.5H13M7 17H4.5A1.5 1.5 0 0 1 3 15.5V13" />
    <rect x="6.5" y="6.5" width="7" height="7" rx="1" />
  </>,
);
export const TurnRightIcon = icon(
  <>
    <rect x="3" y="9" width="9" height="8" rx="1.5" />
    <path d="M8 5.5h5.5A2.5 2.5 0 0 1 16 8v4M13.5 9.8l2.5 2.5 2.3-2.5" />
  </>,
);
export const TurnLeftIcon = icon(
  <>
    <rect x="8" y="9" width="9" height="8" rx="1.5" />
    <path d="M12 5.5H6.5A2.5 2.5 0 0 0 4 8v4M6.5 9.8 4 12.3 1.7 9.8" />
  </>,
);
export const FlipIcon = icon(
  <>
    <path d="M10 2.75v14.5" strokeDasharray="1.5 2.6" />
    <path d="M7.5 5.5v9h-5z" />
    <path d="M12.5 5.5v9h5z" fill="currentColor" />
  </>,
);
export const InvertIcon = icon(
  <>
    <circle cx="10" cy="10" r="6.75" />
    <path d="M10 3.25a6.75 6.75 0 0 1 0 13.5z" fill="currentColor" />
  </>,
);
export const ResetIcon = icon(
  <>
    <path d="M4 10a6 6 0 1 0 1.9-4.4L3.5 7.8" />
    <path d="M3.5 3.8v4h4" />
  </>,
);
export const KeysIcon = icon(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M8 8a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M10 13.7v.1" />
  </>,
);

export const PrintIcon = icon(
  <>
    <path d="M6 7V3.5h8V7M6 14H4.5A1.5 1.5 0 0 1 3 12.5v-4A1.5 1.5 0 0 1 4.5 7h11A1.5 1.5 0 0 1 17 8.5v4a1.5 1.5 0 0 1-1.5 1.5H14" />
    <path d="M6 11.5h8v5H6z" />
  </>,
);

export const UnderlineIcon = icon(
  <>
    <path d="M6 3.5v5.5a4 4 0 0 0 8 0V3.5" />
    <path d="M4 16.5h12" strokeDasharray="2.4 2.4" />
  </>,
);

export const SamplesIcon = icon(<path d="M3.5 4.5h3.6v11H3.5zM8.2 4.5h3.6v11H8.2zM12.9 4.5h3.6v11h-3.6z" />);
export const RateIcon = icon(
  <path d="M6 9.5v6.5H3.5V9.5zM6 9.5l3.2-6.2c1.2 0 2 .9 2 2v2.7h4.3c.9 0 1.5.8 1.3 1.7l-1.1 5.1c-.2.7-.7 1.2-1.4 1.2H6" />,
);
export const SpeakIcon = icon(
  <path d="M3.5 8v4h2.8l3.7 3V5L6.3 8zM12.8 7.4a3.6 3.6 0 0 1 0 5.2M15 5.2a6.8 6.8 0 0 1 0 9.6" />,
);
