import { useApp, useModel } from '../state/app-context.tsx';
import { StudyChoices } from './study-choices.tsx';

/** Drawings that come with the site, so that asking about an image can be tried without one. */
export function SampleImages() {
  const { chatController } = useApp();
  const samples = useModel(state => state.catalogue.find(entry => entry.sampleImages)?.sampleImages);
  if (!samples) return null;
  return (
    <section className="samples" aria-labelledby="samples-title">
      <h3 id="samples-title">Try a synthetic image</h3>
      <ul>
        {samples.map(sample => (
          <li key={sample.url}>
            <button type="button" onClick={() => void chatController.askAboutSample(sample)}>
              <img src={sample.url} alt={sample.description} width={64} height={64} loading="lazy" />
              <span>{sample.question}</span>
            </button>
          </li>
        ))}
      </ul>
      <StudyChoices />
      <p className="muted">Drawn by a program: no patient, no anatomy.</p>
    </section>
  );
}
