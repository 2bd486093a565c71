/** The studio on a port of this machine, until it is closed. */
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { type StudioOptions, studioApp } from "./studio-app.ts";

export type StartOptions = Omit<StudioOptions, "hosts"> &
  Readonly<{
    /** Default 127.0.0.1: reached from this machine alone. */
    host?: string;
    /** 0 takes any free one. */
    port: number;
  }>;

export type Studio = Readonly<{ url: string; close: () => Promise<void> }>;

/** Throws an Error with a remedy where the port is taken. */
export function startStudio({ host = "127.0.0.1", port, ...options }: StartOptions): Promise<Studio> {
  const hosts = [...new Set([host, "127.0.0.1", "::1", "localhost"])];
  const { fetch } = studioApp({ ...options, hosts });
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, ({ port: bound }: AddressInfo) => {
      const name = host.includes(":") ? `[${host}]` : host;
      const close = () =>
        new Promise<void>((done) => {
          server.close(() => done());
          if ("closeAllConnections" in server) server.closeAllConnections();
        });
      resolve({ url: `http://${name}:${bound}/`, close });
    });
    server.on("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      const reason = taken ? "it is taken" : error.message;
      reject(new Error(`Expected to listen on ${host}, port ${port}: ${reason}. Pass another one with --port.`));
    });
  });
}
