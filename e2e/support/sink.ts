import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A foreign origin on this machine that welcomes everyone and writes down who came. */
export interface Sink {
  url: string;
  /** Path of every request, upgrades to WebSocket included. */
  requests: string[];
  close(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Content-Type', 'text/javascript');
    response.end('');
  });
  server.on('upgrade', (request, socket) => {
    requests.push(request.url ?? '');
    socket.destroy();
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    close: () =>
      new Promise(closed => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
