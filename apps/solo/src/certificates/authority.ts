import type { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from './x509.ts';
import { readIfPresent, writePrivateFile } from '../state/private-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import {
  exportPrivateKey,
  generateKeyPair,
  importPrivateKey,
  randomSerialNumber,
  signingAlgorithm,
} from './key-pair.ts';
import { dayMs, isDueForRenewal } from './validity.ts';

/** The installation's own certificate authority. Its key never leaves the state directory. */
export interface CertificateAuthority {
  readonly certificate: X509Certificate;
  readonly certificatePem: string;
  readonly privateKey: webcrypto.CryptoKey;
}

const authorityDays = 3650;

/** The authority kept in the state directory, made at the first start and again a year before it ends. */
export async function openAuthority(state: StateDirectory, now: Date): Promise<CertificateAuthority> {
  const certificatePem = readIfPresent(state.authorityCertificate);
  const keyPem = readIfPresent(state.authorityKey);
  if (certificatePem !== undefined && keyPem !== undefined) {
    const certificate = new X509Certificate(certificatePem);
    if (!isDueForRenewal(certificate, now, 365)) {
      return { certificate, certificatePem, privateKey: await importPrivateKey(keyPem) };
    }
  }
  return await createAuthority(state, now);
}

async function createAuthority(state: StateDirectory, now: Date): Promise<CertificateAuthority> {
  const keys = await generateKeyPair();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerialNumber(),
    name: `CN=vdi ${randomSerialNumber().slice(0, 8)}, O=vdi-operator`,
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(now.getTime() + authorityDays * dayMs),
    keys,
    signingAlgorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const certificatePem = `${certificate.toString('pem')}\n`;
  // The key first: a certificate without its key would be kept for years and could sign nothing.
  writePrivateFile(state.authorityKey, await exportPrivateKey(keys.privateKey));
  writePrivateFile(state.authorityCertificate, certificatePem);
  return { certificate, certificatePem, privateKey: keys.privateKey };
}
