import { X509Certificate as NodeCertificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateDirectory, type StateDirectory } from '../state/state-directory.ts';
import { openAuthority } from './authority.ts';
import { openServerCertificate } from './server-certificate.ts';
import { dayMs } from './validity.ts';

const now = new Date('2030-01-01T00:00:00Z');
const after = (days: number): Date => new Date(now.getTime() + days * dayMs);

let state: StateDirectory;
beforeEach(() => {
  state = openStateDirectory(mkdtempSync(join(tmpdir(), 'vdi-certificates-')));
});
afterEach(() => rmSync(state.path, { recursive: true }));

describe('the certificate authority', () => {
  it('is made once and kept', async () => {
    const first = await openAuthority(state, now);
    const second = await openAuthority(state, after(1));
    expect(second.certificatePem).toBe(first.certificatePem);
    expect(new NodeCertificate(first.certificatePem).ca).toBe(true);
  });

  it('is made anew in its last year', async () => {
    const first = await openAuthority(state, now);
    const second = await openAuthority(state, after(3650 - 364));
    expect(second.certificatePem).not.toBe(first.certificatePem);
  });

  it('keeps its keys from everybody else on the machine', async () => {
    await openServerCertificate(state, await openAuthority(state, now), now);
    for (const path of [state.authorityKey, state.serverKey]) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(state.path).mode & 0o777).toBe(0o700);
  });
});

describe('the server certificate', () => {
  it('is valid for the names and addresses of loopback, and no authority itself', async () => {
    const authority = await openAuthority(state, now);
    const { certificate } = await openServerCertificate(state, authority, now);
    const parsed = new NodeCertificate(certificate);
    expect(parsed.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(parsed.ca).toBe(false);
    expect(parsed.verify(new NodeCertificate(authority.certificatePem).publicKey)).toBe(true);
    expect(parsed.checkIssued(new NodeCertificate(authority.certificatePem))).toBe(true);
  });

  it('is kept while it is valid for another 30 days, and renewed after that', async () => {
    const authority = await openAuthority(state, now);
    const first = await openServerCertificate(state, authority, now);
    expect((await openServerCertificate(state, authority, after(59))).certificate).toBe(first.certificate);
    const renewed = await openServerCertificate(state, authority, after(61));
    expect(renewed.certificate).not.toBe(first.certificate);
    expect(readFileSync(state.serverCertificate, 'utf8')).toBe(renewed.certificate);
  });

  it('is renewed when another authority signed it', async () => {
    const first = await openServerCertificate(state, await openAuthority(state, now), now);
    rmSync(state.authorityKey);
    const authority = await openAuthority(state, now);
    const second = await openServerCertificate(state, authority, now);
    expect(second.certificate).not.toBe(first.certificate);
    expect(
      new NodeCertificate(second.certificate).verify(new NodeCertificate(authority.certificatePem).publicKey),
    ).toBe(true);
  });
});
