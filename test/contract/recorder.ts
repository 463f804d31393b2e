import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Exchange } from './openapi.ts';

/** A server that passes everything on to `origin` and keeps what went by. */
export async function record(origin: string): Promise<{ readonly url: string; readonly kept: Exchange[] }> {
  const kept: Exchange[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { method = 'GET', url = '/' } = request;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
    );
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...passed } = headers;
    const sent = await fetch(origin + url, {
      method,
      headers: passed,
      redirect: 'manual',
      ...(body === '' ? {} : { body }),
    });
    const answer = await sent.text();
    const answerHeaders = Object.fromEntries(sent.headers);
    kept.push({ method, url, headers, body, status: sent.status, answerHeaders, answer });
    const { 'content-length': ____length, 'content-encoding': _____, ...back } = answerHeaders;
    response.writeHead(sent.status, back).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, kept };
}
