import { Button, Skeleton, TextInput } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useId, useState } from 'react';
import { SectionMessage } from '../shell/section-message.tsx';
import styles from './catalogue.module.css';
import type { Template } from './template.ts';
import { matchingTemplates, templateTags } from './template-filter.ts';
import { TemplateTile } from './template-tile.tsx';
import { useTemplates } from './templates-provider.tsx';
import { useLaunch } from './use-launch.ts';

const LaunchDialog = lazy(async () => ({ default: (await import('./launch-dialog.tsx')).LaunchDialog }));

/** What can be started. */
export function Catalogue(): ReactNode {
  const headingId = useId();
  const { templates, problem, retry } = useTemplates();
  const [text, setText] = useState('');
  const [tag, setTag] = useState<string>();
  return (
    <section aria-labelledby={headingId}>
      <div className={styles['head']}>
        <h1 id={headingId}>Start a desktop</h1>
        <TextInput
          type="search"
          placeholder="Search"
          aria-label="Search the catalogue"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          className={styles['search'] ?? ''}
        />
      </div>
      {templates === undefined && problem !== undefined && (
        <SectionMessage
          title={problem.title}
          detail={problem.detail}
          action={<Button onClick={retry}>Try again</Button>}
        />
      )}
      {templates === undefined && problem === undefined && <LoadingTiles />}
      {templates !== undefined && (
        <>
          <TagRow tags={templateTags(templates)} chosen={tag} onChoose={setTag} />
          <Tiles templates={matchingTemplates(templates, { text, tag })} isEmpty={templates.length === 0} />
        </>
      )}
    </section>
  );
}

interface TagRowProps {
  readonly tags: readonly string[];
  readonly chosen: string | undefined;
  readonly onChoose: (tag: string | undefined) => void;
}

function TagRow({ tags, chosen, onChoose }: TagRowProps): ReactNode {
  return (
    <div className={styles['tags']} role="group" aria-label="Filter by tag">
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          className={styles['tag']}
          aria-pressed={tag === chosen}
          onClick={() => onChoose(tag === chosen ? undefined : tag)}
        >
          {tag}
        </button>
      ))}
    </div>
  );
}

function Tiles({
  templates,
  isEmpty,
}: {
  readonly templates: readonly Template[];
  readonly isEmpty: boolean;
}): ReactNode {
  const [configured, setConfigured] = useState<Template>();
  const { launch } = useLaunch();
  if (templates.length === 0) {
    return isEmpty ? (
      <SectionMessage
        title="There is nothing to start yet"
        detail="An administrator adds desktops as VDITemplate objects; they appear here when you may use them."
      />
    ) : (
      <SectionMessage title="Nothing matches" detail="Try fewer words, or another tag." />
    );
  }
  return (
    <>
      <ul className={styles['grid']}>
        {templates.map((template) => (
          <li key={template.name}>
            <TemplateTile
              template={template}
              onLaunch={() => launch(template)}
              onConfigure={() => setConfigured(template)}
            />
          </li>
        ))}
      </ul>
      {configured !== undefined && (
        <Suspense>
          <LaunchDialog template={configured} onClose={() => setConfigured(undefined)} />
        </Suspense>
      )}
    </>
  );
}

function LoadingTiles(): ReactNode {
  return (
    <div className={styles['grid']} aria-busy="true" aria-label="Fetching the catalogue" role="group">
      {[1, 2, 3].map((key) => (
        <Skeleton key={key} height={150} radius={12} />
      ))}
    </div>
  );
}
