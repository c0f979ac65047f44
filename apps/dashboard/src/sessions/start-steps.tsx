import type { ReactNode } from 'react';
import { formatElapsed } from '../time/format-elapsed.ts';
import type { StartTimeline, StepState } from './start-timeline.ts';
import styles from './start-steps.module.css';

const stateWords: Readonly<Record<StepState, string>> = {
  done: 'done',
  current: 'under way',
  waiting: 'to come',
  failed: 'failed',
};

/** Every stage of a start with its milliseconds, drawn where it lies in the whole. */
export function StartSteps({ timeline }: { readonly timeline: StartTimeline }): ReactNode {
  const spans = spansOf(timeline);
  return (
    <section className={styles['panel']} aria-label="Start">
      <div className={styles['head']}>
        <h2>{headingOf(timeline)}</h2>
        <span className={styles['total']}>{formatElapsed(timeline.totalMs)}</span>
      </div>
      <ol className={styles['steps']}>
        {timeline.steps.map((step, index) => (
          <li key={step.stage} data-state={step.state} aria-current={step.state === 'current' ? 'step' : undefined}>
            <span className={styles['mark']} aria-hidden="true" />
            <span>
              {step.label}
              <span className="visually-hidden">, {stateWords[step.state]}</span>
            </span>
            <span className={styles['track']} aria-hidden="true">
              <span className={styles['span']} style={spans[index]} />
            </span>
            <span className={styles['took']}>{step.tookMs === undefined ? '' : formatElapsed(step.tookMs)}</span>
            {step.message !== undefined && step.state !== 'done' && <p className={styles['message']}>{step.message}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function headingOf({ isReady, steps }: StartTimeline): string {
  if (isReady) return 'Started in';
  if (steps.some(({ state }) => state === 'failed')) return 'Stopped after';
  return steps.some(({ state, message }) => state === 'current' && message !== undefined) ? 'Waiting for' : 'Starting';
}

/** Where each stage begins and how long it is, in parts of the whole. */
function spansOf({
  steps,
  totalMs,
}: StartTimeline): readonly { readonly marginLeft: string; readonly width: string }[] {
  const percent = (ms: number): string => `${totalMs === 0 ? 0 : Math.min(100, (ms / totalMs) * 100)}%`;
  let begin = 0;
  return steps.map(({ tookMs = 0 }) => {
    const span = { marginLeft: percent(begin), width: percent(tookMs) };
    begin += tookMs;
    return span;
  });
}
