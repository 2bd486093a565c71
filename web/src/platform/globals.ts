/** Globals of Node that sources of src/ use. Imported first by the worker. */
import { Buffer } from "buffer/";

Object.assign(globalThis, { Buffer });
