import { Button, NativeSelect, Switch, TextInput } from '@mantine/core';
import { type ReactNode, type SyntheticEvent, useState } from 'react';
import { Dialog } from '../shell/dialog.tsx';
import { cpuChoices, formatCores, formatMemory, memoryChoices } from './amounts.ts';
import { type LaunchFields, launchChoices } from './launch-choices.ts';
import styles from './launch-dialog.module.css';
import type { Template } from './template.ts';
import { useLaunch } from './use-launch.ts';

interface LaunchDialogProps {
  readonly template: Template;
  readonly onClose: () => void;
}

const untouched: LaunchFields = {
  displayName: '',
  cpu: undefined,
  memory: undefined,
  gpu: undefined,
  isPersistent: undefined,
};

/** What somebody may choose for one desktop, within what the template allows. */
export function LaunchDialog({ template, onClose }: LaunchDialogProps): ReactNode {
  const [fields, setFields] = useState(untouched);
  const { launchWith, isLaunching } = useLaunch();
  const change = (some: Partial<LaunchFields>): void => setFields((before) => ({ ...before, ...some }));
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void launchWith(template, launchChoices(fields)).then((isAccepted) => {
      if (isAccepted) onClose();
    });
  };
  return (
    <Dialog title={`Launch ${template.displayName}`} isOpen onClose={onClose}>
      <form className={styles['form']} onSubmit={submit}>
        <TextInput
          label="Name"
          description="So that you find it again; leave it empty for the usual one"
          placeholder={template.displayName}
          maxLength={63}
          value={fields.displayName}
          onChange={(event) => change({ displayName: event.currentTarget.value })}
          data-autofocus
        />
        <ResourceFields template={template} fields={fields} onChange={change} />
        <Switch
          label="Mount my home"
          description="Without it, files are gone when the desktop stops"
          checked={fields.isPersistent ?? template.isPersistent}
          onChange={(event) => change({ isPersistent: event.currentTarget.checked })}
        />
        <div className={styles['buttons']}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isLaunching}>
            Launch
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ResourceFieldsProps {
  readonly template: Template;
  readonly fields: LaunchFields;
  readonly onChange: (some: Partial<LaunchFields>) => void;
}

function ResourceFields({ template, fields, onChange }: ResourceFieldsProps): ReactNode {
  const { defaultCPU, maxCPU, defaultMemory, maxMemory, defaultGPU, maxGPU } = template.resources;
  return (
    <div className={styles['row']}>
      <AmountSelect
        label="CPU"
        value={fields.cpu}
        standard={defaultCPU}
        amounts={cpuChoices(defaultCPU, maxCPU)}
        format={formatCores}
        onChange={(cpu) => onChange({ cpu })}
      />
      <AmountSelect
        label="Memory"
        value={fields.memory}
        standard={defaultMemory}
        amounts={memoryChoices(defaultMemory, maxMemory)}
        format={formatMemory}
        onChange={(memory) => onChange({ memory })}
      />
      <AmountSelect
        label="GPU slices"
        value={fields.gpu?.toString()}
        standard={String(defaultGPU)}
        amounts={Array.from({ length: maxGPU + 1 }, (_, count) => String(count))}
        format={(count) => (count === '0' ? 'None' : count)}
        onChange={(gpu) => onChange({ gpu: gpu === undefined ? undefined : Number(gpu) })}
      />
    </div>
  );
}

interface AmountSelectProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly standard: string | undefined;
  readonly amounts: readonly string[];
  readonly format: (amount: string) => string;
  readonly onChange: (amount: string | undefined) => void;
}

function AmountSelect({ label, value, standard, amounts, format, onChange }: AmountSelectProps): ReactNode {
  const usual = standard === undefined ? 'Usual' : `${format(standard)} (usual)`;
  const others = amounts.filter((amount) => amount !== standard);
  return (
    <NativeSelect
      label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      data={[{ value: '', label: usual }, ...others.map((amount) => ({ value: amount, label: format(amount) }))]}
    />
  );
}
