/** The studio's server: static pages and read-only logs on a loopback address. */
export { listRunFiles, type RunFile, type RunFileKind } from "./run-files.ts";
export { type StartOptions, type Studio, startStudio } from "./start-studio.ts";
export { contentSecurityPolicy, type StudioOptions, studioApp } from "./studio-app.ts";
