import { createTicketSigner, generateTicketKeys, TicketError } from '@vdi/identity';
import { expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { TicketGate } from './ticket-gate.ts';

it('opens once per ticket, and forgets spent tickets only after they expired', async () => {
  let now = new Date('2030-05-04T12:00:00.000Z');
  const { privateJwk, jwks } = await generateTicketKeys();
  const signer = await createTicketSigner(privateJwk, { now: () => now });
  const gate = new TicketGate({ keys: jwks, audience: 'session-1', clock: { ...systemClock, date: () => now } });
  const token = await signer.sign({ audience: 'session-1', user: 'alice@example.com', role: 'owner' });
  const ticket = await gate.check(token);
  expect([gate.spend(ticket), gate.spend(ticket)]).toEqual([true, false]);
  const checkedAgain = await gate.check(token);
  expect(gate.spend(checkedAgain)).toBe(false);
  now = new Date(now.getTime() + 66_000);
  expect(gate.spend(checkedAgain)).toBe(false);
  await expect(gate.check(token)).rejects.toThrow(TicketError);
  await expect(gate.check(undefined)).rejects.toThrow('no ticket');
});
