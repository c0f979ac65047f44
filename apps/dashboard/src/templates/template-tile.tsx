import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatCores, formatMemory } from './amounts.ts';
import type { Template, TemplateResources } from './template.ts';
import { TemplateIcon } from './template-icon.tsx';
import styles from './template-tile.module.css';

interface TemplateTileProps {
  readonly template: Template;
  readonly onLaunch: () => void;
  readonly onConfigure: () => void;
}

/** One kind of desktop: started by one press, or after some choices. */
export function TemplateTile({ template, onLaunch, onConfigure }: TemplateTileProps): ReactNode {
  const { displayName, description, tags } = template;
  return (
    <article className={styles['tile']} aria-label={displayName}>
      <div className={styles['head']}>
        <TemplateIcon icon={template.icon} name={displayName} />
        <div>
          <h2>{displayName}</h2>
          <p className={styles['resources']}>{resourceLine(template.resources)}</p>
        </div>
      </div>
      {description !== undefined && <p className={styles['description']}>{description}</p>}
      <p className={styles['notes']}>
        {[template.isPersistent ? 'With your home' : 'Leaves nothing behind', ...tags].join(' · ')}
      </p>
      <div className={styles['buttons']}>
        <Button size="compact-md" h={34} onClick={onLaunch} aria-label={`Launch ${displayName}`}>
          Launch
        </Button>
        <Button
          size="compact-md"
          h={34}
          variant="default"
          onClick={onConfigure}
          aria-label={`Launch ${displayName} with options`}
        >
          Options…
        </Button>
      </div>
    </article>
  );
}

function resourceLine({ defaultCPU, defaultMemory, defaultGPU }: TemplateResources): string {
  const parts = [
    ...(defaultCPU === undefined ? [] : [formatCores(defaultCPU)]),
    ...(defaultMemory === undefined ? [] : [formatMemory(defaultMemory)]),
    ...(defaultGPU === 0 ? [] : [defaultGPU === 1 ? '1 GPU slice' : `${defaultGPU} GPU slices`]),
  ];
  return parts.length === 0 ? 'Standard size' : parts.join(' · ');
}
