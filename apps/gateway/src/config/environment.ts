import { UserError } from '@vdi/api';

/** Variables of the environment, read with errors that name the variable, say why it is wrong, and what to do. */
export class Environment {
  readonly #values: Readonly<Record<string, string | undefined>>;

  constructor(values: Readonly<Record<string, string | undefined>>) {
    this.#values = values;
  }

  /** Empty counts as not set, as in a Deployment whose value was left out. */
  text(name: string): string | undefined {
    return this.#values[name] || undefined;
  }

  /** @param what completes "Set it to …" */
  required(name: string, what: string): string {
    return this.text(name) ?? fail(name, 'it is not set', `Set it to ${what}`);
  }

  port(name: string, fallback: number): number {
    const text = this.text(name) ?? String(fallback);
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (port < 1 || port > 65_535) fail(name, `"${text}" is no port`, 'Write a number from 1 to 65535');
    return port;
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const text = this.text(name) ?? fallback;
    return (
      choices.find((candidate) => candidate === text) ??
      fail(name, `"${text}" is none of its values`, `Write one of ${choices.join(', ')}`)
    );
  }

  /** What stands between commas; spaces around it do not count. */
  list(name: string, fallback: readonly string[]): readonly string[] {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const items = text.split(',').map((item) => item.trim());
    if (items.includes('')) fail(name, `"${text}" has an empty item`, 'Write names with commas between them');
    return items;
  }

  isTrue(name: string): boolean {
    return this.choice(name, ['true', 'false'], 'false') === 'true';
  }
}

/** @throws UserError always */
export function fail(name: string, why: string, whatToDo: string): never {
  throw new UserError('GatewayConfigWrong', { what: `The gateway cannot start with ${name}`, why, whatToDo });
}
