/** The question families by name. */
import { anchor } from "./anchor.ts";
import { attribute } from "./attribute.ts";
import { control, controlHotpot } from "./control.ts";
import type { Family } from "./family.ts";
import { grounding } from "./grounding.ts";
import { order } from "./order.ts";
import { orderTemplate } from "./order-template.ts";
import { referring } from "./referring.ts";

const FAMILIES: readonly Family[] = [
  order,
  orderTemplate,
  attribute,
  referring,
  anchor,
  grounding,
  control,
  controlHotpot,
];

/** Names of all families; the last two are the non-temporal controls. */
export const T3_FAMILIES: readonly string[] = FAMILIES.map((family) => family.name);

/** The temporal families, which are the default. */
export const TEMPORAL_FAMILIES: readonly string[] = T3_FAMILIES.slice(0, 6);

/** The families of these names. Throws RangeError on an unknown one. */
export function familiesNamed(names: readonly string[]): Family[] {
  return names.map((name) => {
    const family = FAMILIES.find((each) => each.name === name);
    if (!family) throw new RangeError(`Expected families out of ${T3_FAMILIES.join(", ")}, got "${name}".`);
    return family;
  });
}
