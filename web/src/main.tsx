import { call } from "./engine/engine.ts";

(globalThis as unknown as { call: typeof call }).call = call;
