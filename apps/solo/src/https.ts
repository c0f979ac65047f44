export { type HttpsService, serveOverHttps } from './http/serve-over-https.ts';
export { openLocalCertificate } from './certificates/local-certificate.ts';
