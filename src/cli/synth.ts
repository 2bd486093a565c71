/**
 * `zoetrope synth ...`: what can be synthesised, a file each.
 */
import type { Command } from "commander";
import type { CommandContext } from "./context.ts";
import { registerSynthCompass } from "./synth-compass.ts";
import { registerSynthHotpot } from "./synth-hotpot.ts";
import { registerSynthNumpro } from "./synth-numpro.ts";
import { registerSynthProbing } from "./synth-probing.ts";
import { registerSynthT3 } from "./synth-t3.ts";
import { registerSynthVtimellm } from "./synth-vtimellm.ts";

export function registerSynth(synth: Command, context: CommandContext): void {
  registerSynthProbing(synth, context);
  registerSynthHotpot(synth, context);
  registerSynthT3(synth, context);
  registerSynthCompass(synth, context);
  registerSynthNumpro(synth, context);
  registerSynthVtimellm(synth, context);
}
