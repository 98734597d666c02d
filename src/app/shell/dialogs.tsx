import { useState } from 'react';
import { lateDialog } from '../controls/late-dialog.tsx';
import { DialogBoundary } from '../errors/panel-boundary.tsx';
import { ShownImageDialog } from '../images/view-image-dialog.tsx';
import { KeptMarks } from '../reading/state/kept-marks.ts';
import { useUi } from '../state/app-context.tsx';
import type { Dialog } from '../state/page/ui-store.ts';
import { LinkDialog } from './link-dialog.tsx';
import { NoticeDialog } from './notice-dialog.tsx';

const SettingsDialog = lateDialog(
  () => import('../settings/settings-dialog.tsx').then(({ SettingsDialog }) => SettingsDialog),
  'The settings',
);

const ModelDialog = lateDialog(
  () => import('../models/model-dialog.tsx').then(({ ModelDialog }) => ModelDialog),
  'The list of models',
);

const HardwarePage = lateDialog(
  () => import('../hardware/hardware-page.tsx').then(({ HardwarePage }) => HardwarePage),
  'The hardware page',
);

const AskingDialog = lateDialog(
  () => import('../models/asking/asking-dialog.tsx').then(({ AskingDialog }) => AskingDialog),
  'How it is asked',
);

const StudyRoom = lateDialog(
  () => import('./study-room.tsx').then(({ StudyRoom }) => StudyRoom),
  'The reading room',
);

const ShareDialog = lateDialog(
  () => import('../sharing/share-dialog.tsx').then(({ ShareDialog }) => ShareDialog),
  'The export of a conversation',
);

const PaletteDialog = lateDialog(
  () => import('../palette/palette-dialog.tsx').then(({ PaletteDialog }) => PaletteDialog),
  'The list of actions',
);

const KeysDialog = lateDialog(
  () => import('../palette/keys-dialog.tsx').then(({ KeysDialog }) => KeysDialog),
  'The sheet of keys',
);

const RecordDialog = lateDialog(
  () => import('../record/record-dialog.tsx').then(({ RecordDialog }) => RecordDialog),
  'The record of an answer',
);

const SamplesDialog = lateDialog(
  () => import('../confidence/samples-dialog.tsx').then(({ SamplesDialog }) => SamplesDialog),
  'Asking several times',
);

const RateDialog = lateDialog(
  () => import('../rating/rate-dialog.tsx').then(({ RateDialog }) => RateDialog),
  'The rating of an answer',
);

const TagsDialog = lateDialog(
  () => import('../listing/tags-dialog.tsx').then(({ TagsDialog }) => TagsDialog),
  'The tags',
);

const BinDialog = lateDialog(
  () => import('../listing/bin-dialog.tsx').then(({ BinDialog }) => BinDialog),
  'The bin',
);

const TemplatesDialog = lateDialog(
  () => import('../templates/templates-dialog.tsx').then(({ TemplatesDialog }) => TemplatesDialog),
  'The templates',
);

const PresetsDialog = lateDialog(
  () => import('../presets/presets-dialog.tsx').then(({ PresetsDialog }) => PresetsDialog),
  'The presets',
);

const DeleteAllDialog = lateDialog(
  () => import('../settings/delete-all-dialog.tsx').then(({ DeleteAllDialog }) => DeleteAllDialog),
  'The deletion of all conversations',
);

const StudiesDialog = lateDialog(
  () => import('../images/studies-dialog.tsx').then(({ StudiesDialog }) => StudiesDialog),
  'The choice of a study',
);

const SourceDialog = lateDialog(
  () => import('../sources/source-dialog.tsx').then(({ SourceDialog }) => SourceDialog),
  'The text',
);

export function Dialogs() {
  const dialog = useUi(state => state.dialog);
  const close = useUi(state => state.closeDialog);
  // As long as the page lives.
  const [keptMarks] = useState(() => new KeptMarks());
  return (
    <>
      {dialog && (
        <DialogBoundary key={dialog.kind} onClose={close}>
          <OpenDialog dialog={dialog} keptMarks={keptMarks} close={close} />
        </DialogBoundary>
      )}
      <NoticeDialog />
    </>
  );
}

interface OpenDialogProps {
  dialog: Dialog;
  keptMarks: KeptMarks;
  close: () => void;
}

function OpenDialog({ dialog, keptMarks, close }: OpenDialogProps) {
  const forgetStudy = useUi(state => state.forgetStudy);
  switch (dialog.kind) {
    case 'settings':
      return <SettingsDialog onClose={close} />;
    case 'models':
      return <ModelDialog onClose={close} />;
    case 'asking':
      return <AskingDialog onClose={close} />;
    case 'hardware':
      return <HardwarePage onClose={close} />;
    case 'palette':
      return <PaletteDialog onClose={close} />;
    case 'keys':
      return <KeysDialog onClose={close} />;
    case 'presets':
      return <PresetsDialog onClose={close} />;
    case 'templates':
      return (
        <TemplatesDialog
          {...(dialog.templateId === undefined ? {} : { templateId: dialog.templateId })}
          onClose={close}
        />
      );
    case 'link':
      return <LinkDialog url={dialog.url} onClose={close} />;
    case 'delete-all':
      return (
        <DeleteAllDialog
          onDelete={() => {
            keptMarks.forget();
            forgetStudy();
          }}
          onClose={close}
        />
      );
    case 'share':
      return <ShareDialog conversationId={dialog.conversationId} onClose={close} />;
    case 'rate':
      return <RateDialog answerId={dialog.answerId} onClose={close} />;
    case 'record':
      return <RecordDialog answerId={dialog.answerId} onClose={close} />;
    case 'samples':
      return <SamplesDialog answerId={dialog.answerId} onClose={close} />;
    case 'tags':
      return <TagsDialog conversationIds={dialog.conversationIds} onClose={close} />;
    case 'bin':
      return <BinDialog onClose={close} />;
    case 'source': {
      const { kind: _, ...shown } = dialog;
      return <SourceDialog {...shown} onClose={close} />;
    }
    case 'image':
      return <ShownImageDialog image={dialog.image} onClose={close} />;
    case 'studies':
      return <StudiesDialog onClose={close} />;
    case 'study':
      return <StudyRoom files={dialog.files} keptMarks={keptMarks} onClose={close} />;
  }
}
