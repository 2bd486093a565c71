/** Is this machine fit, and does this endpoint tell the time right? */
export { type CheckEndpointOptions, checkEndpoint, type EndpointReport } from "./check-endpoint.ts";
export { checkMachine, type Finding } from "./check-machine.ts";
export { formatEndpoint, formatMachine } from "./format.ts";
export type { ShapeReport } from "./shape-report.ts";
export type { TimeVerdict } from "./verdict.ts";
