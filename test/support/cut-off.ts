import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket, connect as toSocket } from 'node:net';

export interface CutOff {
  readonly port: number;
  /** Cuts the line at the next statement that writes: before the server hears of it, or before we hear of what it did; null = no more. */
  lose(when: 'before' | 'after' | null): void;
  /** From now on nothing comes through in either direction, though the line stands; false = it does again. */
  stall(on: boolean): void;
  /** Ends every line that is open; new ones can be had. */
  drop(): void;
  close(): Promise<void>;
}

/** A line to a database that can be cut while a statement is on it. `target` is a port, or a Unix socket's path. */
export async function cutOff(
  target: { readonly host: string; readonly port: number } | { readonly path: string },
): Promise<CutOff> {
  let losing: 'before' | 'after' | null = null;
  let stalled = false;
  const open = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = toSocket(target);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    let doomed = false;
    near.on('data', (chunk) => {
      if (stalled) return;
      const writes = /(?:update|insert into) "/.test(chunk.toString('latin1'));
      if (losing === 'before' && writes) near.destroy();
      else far.write(chunk);
      doomed ||= losing === 'after' && writes;
    });
    far.on('data', (chunk) => {
      if (stalled) return;
      // A statement's end: the server has done it, and its word on that is lost.
      if (doomed && /UPDATE \d|INSERT 0 \d/.test(chunk.toString('latin1'))) near.destroy();
      else near.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    lose: (when) => {
      losing = when;
    },
    stall: (on) => {
      stalled = on;
    },
    drop: () => {
      for (const socket of open) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
