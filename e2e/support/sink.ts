import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A foreign origin on this machine that welcomes everyone and writes down who came. */
export interface Sink {
  url: string;
  /** Path of every request, upgrades to WebSocket included. */
  requests: string[];
  /** Connections that were opened, whether or not anything was asked, and datagrams to the port of the same number. */
  contacts: ('tcp' | 'udp')[];
  close(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const requests: string[] = [];
  const contacts: Sink['contacts'] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Content-Type', 'text/javascript');
    response.end('');
  });
  server.on('connection', () => contacts.push('tcp'));
  // What is not HTTP, a STUN request for one, ends here.
  server.on('clientError', (_, socket) => socket.destroy());
  server.on('upgrade', (request, socket) => {
    requests.push(request.url ?? '');
    socket.destroy();
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const datagrams = createSocket('udp4').on('message', () => contacts.push('udp'));
  await new Promise<void>(bound => datagrams.bind(port, '127.0.0.1', bound));
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    contacts,
    close: async () => {
      await new Promise<void>(closed => datagrams.close(closed));
      await new Promise<void>(closed => {
        server.close(() => closed());
        server.closeAllConnections();
      });
    },
  };
}

/** A proxy that lets nothing through and writes down the address of everything that the browser wanted. */
export interface LoggingProxy {
  server: string;
  wanted: string[];
  close(): Promise<void>;
}

export async function startLoggingProxy(): Promise<LoggingProxy> {
  const wanted: string[] = [];
  const server = createServer((request, response) => {
    wanted.push(request.url ?? '');
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    wanted.push(request.url ?? '');
    socket.destroy();
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  return {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    wanted,
    close: () =>
      new Promise(closed => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
