import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from './x509.ts';
import { readIfPresent, writePrivateFile } from '../state/private-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import type { CertificateAuthority } from './authority.ts';
import { exportPrivateKey, generateKeyPair, randomSerialNumber, signingAlgorithm } from './key-pair.ts';
import { dayMs, isDueForRenewal } from './validity.ts';

/** What a TLS server shows and proves, in PEM. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

const serverDays = 90;
const renewalDays = 30;

/** The certificate for this machine's loopback names: the one kept, while it is valid for another 30 days, else a new one. */
export async function openServerCertificate(
  state: StateDirectory,
  authority: CertificateAuthority,
  now: Date,
): Promise<ServerCertificate> {
  const certificate = readIfPresent(state.serverCertificate);
  const privateKey = readIfPresent(state.serverKey);
  if (certificate !== undefined && privateKey !== undefined && (await isUsable(certificate, authority, now))) {
    return { certificate, privateKey };
  }
  const issued = await issue(authority, now);
  writePrivateFile(state.serverKey, issued.privateKey);
  writePrivateFile(state.serverCertificate, issued.certificate);
  return issued;
}

async function isUsable(pem: string, authority: CertificateAuthority, now: Date): Promise<boolean> {
  const certificate = new X509Certificate(pem);
  if (isDueForRenewal(certificate, now, renewalDays)) return false;
  return await certificate.verify({ publicKey: authority.certificate, signatureOnly: true });
}

async function issue(authority: CertificateAuthority, now: Date): Promise<ServerCertificate> {
  const keys = await generateKeyPair();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: randomSerialNumber(),
    subject: 'CN=localhost, O=vdi-operator',
    issuer: authority.certificate.subject,
    // A day back, for machines whose clocks differ a little.
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(now.getTime() + serverDays * dayMs),
    signingKey: authority.privateKey,
    publicKey: keys.publicKey,
    signingAlgorithm,
    extensions: [
      new BasicConstraintsExtension(false),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await AuthorityKeyIdentifierExtension.create(authority.certificate),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, privateKey: await exportPrivateKey(keys.privateKey) };
}
