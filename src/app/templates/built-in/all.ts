import type { TaskTemplate } from '../../../client/index.ts';
import { compareImages } from './compare-images.ts';
import { describeImage } from './describe-image.ts';
import { differential } from './differential.ts';
import { examQuestion } from './exam-question.ts';
import { explainReport } from './explain-report.ts';
import { patientWording } from './patient-wording.ts';
import { summariseNote } from './summarise-note.ts';

export const builtInTemplates: readonly TaskTemplate[] = [
  examQuestion,
  differential,
  explainReport,
  summariseNote,
  describeImage,
  compareImages,
  patientWording,
];
