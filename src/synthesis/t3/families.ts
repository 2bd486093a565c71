/** The question families by name. */
import { anchor } from "./anchor.ts";
import { anchorTime } from "./anchor-time.ts";
import { attribute } from "./attribute.ts";
import { attributePhrased } from "./attribute-phrased.ts";
import { attributePlace } from "./attribute-place.ts";
import { control, controlHotpot } from "./control.ts";
import type { Family } from "./family.ts";
import { grounding } from "./grounding.ts";
import { order } from "./order.ts";
import { orderPhrased } from "./order-phrased.ts";
import { orderTemplate } from "./order-template.ts";
import { referring } from "./referring.ts";

const CORE: readonly Family[] = [order, orderTemplate, attribute, referring, anchor, grounding];
const FURTHER: readonly Family[] = [orderPhrased, attributePhrased, attributePlace, anchorTime];
const CONTROLS: readonly Family[] = [control, controlHotpot];
const FAMILIES = [...CORE, ...FURTHER, ...CONTROLS];
const namesOf = (families: readonly Family[]): readonly string[] => families.map((family) => family.name);

/** Names of all families; the last two are the non-temporal controls. */
export const T3_FAMILIES: readonly string[] = namesOf(FAMILIES);

/** The temporal families in the wordings that zoetrope-micro was taught; the default of synthesiseT3. */
export const TEMPORAL_FAMILIES: readonly string[] = namesOf(CORE);

/** Every temporal family: those above and further wordings and contexts of the paper. */
export const ALL_TEMPORAL_FAMILIES: readonly string[] = namesOf([...CORE, ...FURTHER]);

/** The families of these names. Throws RangeError on an unknown one. */
export function familiesNamed(names: readonly string[]): Family[] {
  return names.map((name) => {
    const family = FAMILIES.find((each) => each.name === name);
    if (!family) throw new RangeError(`Expected families out of ${T3_FAMILIES.join(", ")}, got "${name}".`);
    return family;
  });
}
