/**
 * British spellings that the Penn Treebank tokeniser of CoreNLP writes the American way.
 *
 * A documented approximation of its `americanize` option: the regular endings, their exceptions, and the words that follow
 * no rule, as far as captions use them.
 */

/** "colour" -> "color"; words of fewer letters before "our" ("hour", "four", "tour") are none. */
export const ourEnding = /^([a-z]{3,})our(s|ed|ing|ful|ite|ites|able|less)?$/;

/** Words in -our that stay. */
export const ourExceptions: ReadonlySet<string> = new Set(
  "abatjour bonjour carrefour contour contours contoured contouring cornflour detour detours detoured detouring devour devours devoured devouring downpour downpours glamour outpour outpouring pandour paramour paramours pompadour scour scours scoured scouring troubadour troubadours velour velours".split(
    " ",
  ),
);

/** British -> American, lower case. */
export const americanWords: ReadonlyMap<string, string> = new Map(
  (
    "anaesthetic anesthetic,analogue analog,analogues analogs,analyse analyze,analysed analyzed,analysing analyzing,cancelled canceled," +
    "cancelling canceling,centre center,centres centers,centred centered,defence defense,encyclopaedia encyclopedia,fibre fiber," +
    "fibres fibers,grey gray,homologue homolog,homologues homologs,jewellery jewelry,labelled labeled,labelling labeling," +
    "manoeuvre maneuver,manoeuvres maneuvers,meagre meager,metre meter,metres meters,mould mold,moulds molds,moulded molded," +
    "moulding molding,organise organize,organised organized,organising organizing,paediatric pediatric,pyjamas pajamas," +
    "realise realize,realised realized,realises realizes,realising realizing,recognise recognize,recognised recognized," +
    "signalled signaled,signalling signaling,theatre theater,theatres theaters,titre titer,titres titers,travelled traveled," +
    "travelling traveling,programme program,programmes programs"
  )
    .split(",")
    .map((pair) => pair.split(" ") as [string, string]),
);
