import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { verifyTicket } from '@vdi/identity';
import { ConfigError } from './config.ts';

/** What the session's Secret holds, mounted in this container only. */
export interface AgentSecrets {
  /** Public keys of the session door. */
  readonly ticketKeys: Parameters<typeof verifyTicket>[1];
  /** Bearer of the operator. */
  readonly agentToken: string;
}

const minimumTokenLength = 16;

/** @throws ConfigError naming the file that is missing or wrong. */
export async function readSecrets(directory: string): Promise<AgentSecrets> {
  const keysPath = join(directory, 'ticket-keys.json');
  const tokenPath = join(directory, 'agent-token');
  const ticketKeys = keySet(await readText(keysPath), keysPath);
  const agentToken = (await readText(tokenPath)).trim();
  if (agentToken.length < minimumTokenLength) {
    throw new ConfigError(`${tokenPath} must hold a token of at least ${minimumTokenLength} characters.`);
  }
  return { ticketKeys, agentToken };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${path} cannot be read. It comes from the session's Secret: mount it at VDI_SECRET_DIR.`, {
      cause,
    });
  }
}

function keySet(text: string, path: string): AgentSecrets['ticketKeys'] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`${path} is not JSON.`, { cause });
  }
  const keys = (value as { readonly keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new ConfigError(`${path} holds no keys. It must be a JSON Web Key Set with the door's public keys.`);
  }
  return value as AgentSecrets['ticketKeys'];
}
