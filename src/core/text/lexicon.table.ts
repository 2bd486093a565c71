/**
 * Word lists behind the noun-phrase chunker and the attribute editor. Written by hand for the language of image and video
 * captions; anything absent is treated as a possible noun.
 */
const list = (text: string): string[] => text.trim().split(/\s+/);

/** Words that open a noun phrase and are left out of its key phrase. */
export const DETERMINERS = new Set(
  list(`a an the this that these those his her its their our your my another each every some any several many few various
  multiple numerous both all`),
);

/** Determiners that only a singular head follows: "a boy throws" cannot be one noun phrase. */
export const SINGULAR_DETERMINERS = new Set(list("a an this that another each every one"));

/** Number words that open a plural noun phrase; kept out of the key phrase, used as an attribute. */
export const NUMBERS = new Set(list("two three four five six seven eight nine ten"));

/** Words that a bare noun phrase may follow. */
export const PREPOSITIONS = new Set(
  list(`of in on at with by from into onto over under near behind beside between through across along around against inside
  outside above below off without within toward towards upon beneath alongside amongst among amid atop down past holding
  wearing using riding playing`),
);

/** Closed-class words and frequent adverbs: they end a noun phrase and never belong to one. */
export const FUNCTION_WORDS = new Set(
  list(`and or but nor so yet while as then than if because since until unless although though when where which who whom whose
  what why how that to for about like during before after again also now still just very too more most less least only even
  ever never not no yes there here he she it they we i you him them us me himself herself itself themselves someone
  something everyone everything anyone anything nobody nothing each other's one's is are was were be been being am do does
  did done has have had having will would can could shall should may might must let's let up out away back forward together
  apart ahead eventually finally next later once twice soon always often sometimes meanwhile first second last another
  own same such else instead rather quite almost already well much lot lots etc via per don't doesn't isn't aren't it's he's
  she's they're there's we're that's`),
);

/** Verbs in their base form; all their regular forms end a phrase that already has a word. */
const VERBS =
  list(`walk talk run jump play perform show throw catch hit kick grab hold take put pull push lift drop pick carry
  bring move turn spin flip roll dance sing speak explain demonstrate begin start continue stop end finish lead follow go come
  get give make use try attempt want need look see watch stare view stand sit lay lie kneel lean bend stretch reach climb ride
  drive ski surf swim dive float paddle row sail skate skateboard snowboard slide glide fall land fly float hang swing shoot
  score win lose compete race cheer clap wave laugh smile cry yell scream eat drink chew bite pour mix stir chop cut slice peel
  cook bake fry boil add spread apply rub scrub wash rinse clean wipe dry brush comb braid shave trim mow rake dig plant
  shovel scrape paint draw write read sew knit wrap tie fold iron vacuum sweep mop fix repair attach remove tighten loosen
  screw unscrew hammer drill saw build place set lay open close enter leave exit arrive return appear disappear reappear fade
  zoom pan cut switch transition display describe discuss interview introduce state tell ask answer say mention point gesture
  nod shake hug kiss help assist join meet greet gather surround pass cross circle chase fight punch wrestle tackle block dodge
  duck bounce dribble serve bowl bat pitch toss juggle twirl twist rotate tumble crawl roll march pose celebrate bow rest
  relax sleep wake shrug collapse proceed prepare complete include contain feature consist capture record film explore travel
  approach fill empty load unload light blow inflate deflate strap buckle adjust check inspect examine test measure press
  squeeze tap touch feel pat pet feed train teach learn practice warm seem happen occur become remain stay keep manage decide
  wait wear dress undress hop skip leap balance step stomp tilt raise lower pedal steer crash break tear rip smash throw spray
  splash soak dip sprinkle season garnish stack arrange organize decorate hang shows speaks`);

const IRREGULAR =
  list(`sang sung ran sat stood laid lay threw thrown caught hit held took taken put brought began begun led went gone
  came got gotten gave given made saw seen knelt bent rode ridden drove driven swam dove fell fallen flew hung swung shot won lost
  ate eaten drank bit cut wrote read tied dug drew drawn sewn set left told said met fought slept woke kept wore worn broke
  broken tore torn became spoke spoken spun slid shook shaken rose risen lit blew blown fed taught stuck struck crept leads`);

const SILENT_E = /[^aeiou]e$|ee$|ue$|[aeiou]ce$|ide$|ate$|ove$|ake$|ose$|ase$|ure$/;

function verbForms(base: string): string[] {
  const stem = base.endsWith("e") && SILENT_E.test(base) ? base.slice(0, -1) : base;
  const y = /[^aeiou]y$/.test(base) ? base.slice(0, -1) : undefined;
  const doubled = /[^aeiou][aeiou][bdgklmnprt]$/.test(base) ? base + (base.at(-1) as string) : stem;
  const third = y ? `${y}ies` : /(?:s|x|z|ch|sh|o)$/.test(base) ? `${base}es` : `${base}s`;
  return [base, third, y ? `${y}ied` : `${doubled}ed`, `${stem}ed`, `${doubled}ing`, `${stem}ing`];
}

/** Every verb form that ends a noun phrase. */
export const VERB_FORMS = new Set([...VERBS.flatMap(verbForms), ...IRREGULAR]);

/** Words in -ing that are nouns. */
export const ING_NOUNS = new Set(
  list(
    "building ring string king wing swing ceiling painting clothing railing pudding icing wedding spring ping-pong thing",
  ),
);

/** Living beings: a phrase ends with them ("the man shovels snow"). */
export const ANIMATE = new Set(
  list(`man men woman women boy boys girl girls lady ladies guy guys male males female females person people persons child children
  kid kids baby babies toddler toddlers player players athlete athletes gymnast gymnasts dancer dancers skater skaters
  skateboarder skateboarders surfer surfers rider riders biker bikers cyclist cyclists swimmer swimmers diver divers runner
  runners climber climbers wrestler wrestlers boxer boxers fighter fighters referee referees coach coaches judge judges
  instructor instructors teacher teachers student students reporter reporters host hosts announcer announcers singer singers
  musician musicians drummer guitarist barber hairdresser chef cook worker workers doctor nurse soldier soldiers officer
  officers friend friends family families couple couples crowd crowds team teams audience spectators teammates opponent
  opponents individual individuals adult adults teenager teenagers teen teens father mother son daughter brother sister mom dad
  dog dogs cat cats kitten kittens puppy puppies horse horses cow cows bull bulls calf sheep goat goats bird birds fish camel
  camels elephant elephants monkey monkeys lion tiger bear bears rabbit rabbits duck ducks cowboy cowboys bride groom clown
  santa skier skiers snowboarder snowboarders kayaker kayakers rafter rafters rower rowers artist artists`),
);

/** Heads too common to tell one caption from another; used only when nothing better is there. */
export const GENERIC_HEADS = new Set([
  ...ANIMATE,
  ...list(
    "video videos camera cameras screen screens room rooms scene scenes image images picture clip clips shot shots",
  ),
]);

/** Heads that name nothing by themselves: "a group of people" goes on to its second noun. */
export const EMPTY_HEADS = new Set(
  list(`thing things one ones way ways time times lot lots kind kinds type types sort part parts piece pieces bit set sets pair
  pairs group groups bunch variety number series end ends front back side sides top bottom middle center beginning start rest
  close other others half section amount couple process area turn turns place right left hand step steps view credits moment
  body bodies pile edge angle angles event events bits moments minute minutes second seconds while job help order case point round fact day course`),
);

/** Adjectives that may stand last in a broken phrase ("a high" jump); never a head. */
export const ADJECTIVES = new Set(
  list(`red blue green yellow orange purple pink brown black white gray grey tan golden silver blonde blond dark bright light big
  large small little tiny huge giant long short tall high low wide narrow thick thin deep shallow old young new older younger
  elderly middle-aged fast slow quick hot cold warm cool wet dry full empty clean dirty open closed happy sad angry calm
  serious excited round square oval flat straight curly wooden metal plastic leather several different other another various
  many few good bad better best nice great beautiful pretty professional main real whole entire certain final initial next
  previous second third fourth similar large-scale asian african american male female outdoor indoor upper lower inner outer
  heavy soft hard strong fellow own shirtless close topless naked bald fat skinny rough smooth sharp short-haired long-haired
  dark-haired such more most able ready same able aerial local`),
);
