import type { AddressInfo, Server } from 'node:net';

/** Listens on loopback; resolves with the port, a free one when 0 was asked for. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Takes no new connections; `drop` ends those that there are. Resolves when none is left. */
export async function closeServer(server: Server, drop: () => void): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  drop();
  await closed;
}
