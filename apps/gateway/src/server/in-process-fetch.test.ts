import { describe, expect, it } from 'vitest';
import { inProcessFetch } from './in-process-fetch.ts';

/** Answers with what it was asked. */
const fetchEcho = inProcessFetch((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => (body += text));
  request.once('end', () => {
    const { method, url, headers } = request;
    response.writeHead(method === 'DELETE' ? 204 : 203, { 'set-cookie': ['a=1', 'b=2'], 'x-answer': 'yes' });
    response.end(method === 'DELETE' ? undefined : JSON.stringify({ method, url, host: headers.host, body }));
  });
});

describe('a request in the process', () => {
  it('reaches the handler as over HTTP, whatever its address', async () => {
    const response = await fetchEcho('https://nowhere.invalid:4443/a/b?c=%20d', { method: 'GET', headers: {} });
    expect(response.status).toBe(203);
    expect(response.headers.get('x-answer')).toBe('yes');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toEqual({
      method: 'GET',
      url: '/a/b?c=%20d',
      host: 'nowhere.invalid:4443',
      body: '',
    });
  });

  it('takes a form along', async () => {
    const body = new URLSearchParams({ code: 'x y' });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetchEcho('http://localhost/', { method: 'POST', headers, body });
    expect(await response.json()).toMatchObject({ method: 'POST', body: 'code=x+y' });
  });

  it('may have an answer without a body', async () => {
    const response = await fetchEcho('http://localhost/', { method: 'DELETE', headers: {} });
    expect([response.status, response.body]).toEqual([204, null]);
  });

  it('is broken off by its signal, and fails with the handler', async () => {
    const signal = AbortSignal.abort();
    await expect(fetchEcho('http://localhost/', { method: 'GET', headers: {}, signal })).rejects.toThrow(/abort/i);
    const broken = inProcessFetch((_request, response) => void response.destroy());
    await expect(broken('http://localhost/', { method: 'GET', headers: {} })).rejects.toThrow(/socket hang up|aborted/);
  });

  it('runs beside others', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => fetchEcho(`http://localhost/${index}`, { method: 'GET', headers: {} })),
    );
    const bodies = await Promise.all(answers.map((answer) => answer.json() as Promise<{ url: string }>));
    expect(bodies.map(({ url }) => url)).toEqual(Array.from({ length: 50 }, (_, index) => `/${index}`));
  });
});
