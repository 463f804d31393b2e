import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

type Alter = (body: unknown, path: string) => unknown;

/** Stands in front of a vendor and passes everything on; `alter` may change the JSON of its answers, from one moment to the next. */
export async function alteringProxy(
  target: () => string,
): Promise<{ readonly url: string; alter: Alter | null }> {
  const proxy: { url: string; alter: Alter | null } = { url: '', alter: null };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { host: _, connection: __, ...headers } = request.headers;
    const answer = await fetch(`${target()}${request.url}`, {
      method: request.method ?? 'GET',
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') && text !== '';
    const body =
      proxy.alter && isJson ? JSON.stringify(proxy.alter(JSON.parse(text), request.url ?? '')) : text;
    const kept = [...answer.headers].filter(
      ([name]) => !/^(content-length|content-encoding|transfer-)/.test(name),
    );
    response.writeHead(answer.status, Object.fromEntries(kept));
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}
