"""Words of English in which documents put numbers, hedges, units and names.

Tables alone: which of these may stand beside which is the grammar of the modules that read. Another
language is another module of these names. In phrases, `(a|b)` is either, and a space any white
space.
"""

from __future__ import annotations

from fractions import Fraction

Quantifier = tuple[str, int | Fraction, str]  # unit, value, bound


def _numbered(words: str, *, start: int, step: int = 1) -> dict[str, int]:
    return {word: start + step * place for place, word in enumerate(words.split())}


# Numbers

DIGITS = _numbered("one two three four five six seven eight nine", start=1)
TEENS = _numbered(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", start=10
)
TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", start=20, step=10)
NONE = {"zero": 0, "nil": 0, "nought": 0, "naught": 0}
HUNDREDS = {"hundred": 100, "dozen": 12}
SCALES = {
    "thousand": 10**3, "lakh": 10**5, "million": 10**6, "crore": 10**7, "billion": 10**9,
    "trillion": 10**12, "quadrillion": 10**15,
}  # fmt: skip
LARGE = HUNDREDS | SCALES
# "Two lakhs fifty thousand" is a number; "lakhs of people" says how large one is.
INDIAN_PLURALS = {"lakhs": "lakh", "lacs": "lakh", "lac": "lakh", "crores": "crore"}
# Behind digits. An "m" may be metres too, and a "b" of no money bytes: `numerals` looks around.
SCALE_SIGNS = {
    "k": 10**3, "m": 10**6, "mm": 10**6, "mn": 10**6, "mln": 10**6, "mio": 10**6, "b": 10**9,
    "bn": 10**9, "bln": 10**9, "mrd": 10**9, "t": 10**12, "tn": 10**12, "trn": 10**12,
    "lakhs": 10**5, "lac": 10**5, "lacs": 10**5, "crores": 10**7, "cr": 10**7, "tr": 10**12,
    "mil": 10**6, "bil": 10**9, "thousands": 10**3, "millions": 10**6, "billions": 10**9,
    "trillions": 10**12,
}  # fmt: skip
PLURALS = {f"{word}s": value for word, value in LARGE.items()} | {"tens": 10, "scores": 20}
ORDINALS = _numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", start=1
)
ORDINALS |= {f"{word}th": n for word, n in TEENS.items() if n > 12}
ORDINALS |= {f"{word[:-1]}ieth": value for word, value in TENS.items()}
ORDINALS |= {f"{word}th": value for word, value in LARGE.items() if word != "dozen"}
PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
PARTS |= {f"{word}{s}": n for word, n in ORDINALS.items() if n > 2 for s in ("", "s")}
_TIMES_OVER = (
    ("doubl", 2), ("tripl", 3), ("trebl", 3), ("quadrupl", 4), ("quintupl", 5), ("sextupl", 6),
    ("septupl", 7), ("octupl", 8),
)  # fmt: skip
MULTIPLES = {
    f"{stem}{end}": Fraction(n) for stem, n in _TIMES_OVER for end in ("e", "ed", "es", "ing")
}
MULTIPLES |= {"once": Fraction(1), "twice": Fraction(2), "thrice": Fraction(3)}
MULTIPLES |= {f"{word}fold": Fraction(n) for word, n in (DIGITS | TEENS | TENS | LARGE).items()}
MULTIPLES |= {f"halv{end}": Fraction(1, 2) for end in ("e", "ed", "ing")}
ARTICLES = frozenset({"a", "an", "one"})
VAGUE = frozenset({"few", "several", "many", "multi"})  # an unstated number of hundreds
NUMBER_OF_DIGITS = {"single": 1, "double": 2, "triple": 3}  # "double-digit growth"
# Behind "a third" these make it an ordinal.
ORDINAL_ADJECTIVES = (
    "consecutive|straight|successive|annual|quarterly|monthly|weekly|global|national|international"
    "|possible|alternative|independent|separate|such|new|major|world|term|round|post|large|largest"
    "|smaller|final|further|additional|wave|season|running|biennial|periodic"
)
ORDINAL_NOUNS = (
    "year|time|party|person|day|week|month|round|edition|strike|instance|case|offen[cs]e"
    "|anniversary|country|state|term|quarter|generation|wave|attempt|rise|fall|increase|decrease"
    "|decline|gain|loss|drop|win|victory|defeat|member|man|woman|child|dose|report|review|phase"
    "|stage|option|trial|test|site|plant|group|option|category|study|survey|factor|reason|way|one"
    "|place|position|court|judge|hearing|appeal|vote|candidate|bid|defendant|suspect|charge|count"
    "|list|ship|vessel|law|bill|book|version|draft|company|firm|city|town|school|meeting|visit|kind"
    "|element|chapter|letter|goal|example|player|team|witness|victim|document|column|paragraph"
)
FUNCTION_WORDS = (
    "of|since|running|in|at|for|after|before|by|this|as|was|is|has|had|to|on|from|with|within"
)
# Behind "a third" these leave it a part: words of function, comparisons and common verbs.
BEHIND_A_PART = (
    "of|more|less|fewer|higher|lower|larger|smaller|longer|shorter|greater|bigger|faster|slower"
    "|as|in|at|on|to|by|for|from|with|than|and|or|but|are|is|were|was|have|has|had|do|did|does|will"
    "|would|could|can|may|might|said|say|who|that|which|each|those|these|off|up|down|below|above|over"
    "|under|since|during|between|among|live|lived|work|worked|use|used|believe|support|think|report"
    "|want|voted|own|came|come|went|go|died|feel|felt|share|part|portion|again|extra|also|not|only"
    "|went|went|still|now|never|ever|cent|point|percentage"
)
# Verbs of many, which no ordinal stands before: "a fifth stayed, a tenth sank", "a third agree".
VERBS_OF_A_PART = (
    r"[a-z]+[^e\W]ed|[a-z]+ly|(?!species|series|means|lens|news)[a-z]+[^sui\W]s"
    "|arose|ate|became|began|bent|bled|blew|bought|bred|brought|built|burnt|caught|chose|clung|crept"
    "|dealt|drank|drew|drove|dug|fed|fell|fled|flew|forgot|fought|found|froze|gave|got|grew|heard"
    "|held|hid|hung|kept|knew|laid|lay|leapt|learnt|led|left|lent|lost|made|meant|met|overcame|paid"
    "|quit|ran|rang|rode|rose|sang|sank|sat|saw|sent|shook|shot|shrank|slept|sold|sought|spent|spoke"
    "|spread|stole|stood|stuck|struck|swam|swore|taught|thought|threw|told|took|tore|understood"
    "|withdrew|woke|won|wore|wrote"
    "|agree|become|begin|bring|buy|choose|consist|continue|depend|differ|disagree|disappear|drown|earn"
    "|eat|emigrate|exist|expect|follow|forget|get|give|grow|happen|hear|include|keep|know|learn|lose"
    "|make|meet|occur|oppose|owe|pay|perish|prefer|receive|recover|refuse|rely|remain|see|sell|send"
    "|sink|smoke|speak|spend|stay|suffer|survive|take|tell|understand|vanish|wear|write"
)
# Words that say how many and are no numerals: nothing is left over where one stands uncited.
QUANTIFIERS: dict[str, Quantifier] = {
    "no": ("", 0, "exact"),
    "none": ("", 0, "exact"),
    "both": ("", 2, "exact"),
    "a (pair|brace|duo) of": ("", 2, "exact"),
    "a (trio|threesome) of": ("", 3, "exact"),
    "a quartet of": ("", 4, "exact"),
    "a quintet of": ("", 5, "exact"),
    "a score of": ("", 20, "exact"),
    "all": ("fraction", 1, "exact"),
    "every": ("fraction", 1, "exact"),
    "virtually all": ("fraction", 1, "about"),
    "practically all": ("fraction", 1, "about"),
    "nearly all": ("fraction", 1, "nearly"),
    "almost all": ("fraction", 1, "nearly"),
    "most": ("fraction", Fraction(1, 2), "more than"),
    "the (vast|great|overwhelming) majority": ("fraction", Fraction(1, 2), "more than"),
    "every (second|other)": ("fraction", Fraction(1, 2), "exact"),
    "(largest|biggest|highest|smallest|lowest|best|worst|fastest|longest|richest)": (
        "place", 1, "exact"
    ),
    "(a|the|last|past) decade": ("years", 10, "exact"),
    "(a|the|last|past) century": ("years", 100, "exact"),
    **{f"(a|an) {each}": (f"{each}s", 1, "exact") for each in "year month week day hour".split()},
}  # fmt: skip
# Behind one of these, a number in brackets is negative: "net loss (3.4)".
LOSSES = (
    "loss losses deficit deficits shortfall outflow outflows decrease decreases decline declines"
    " impairment impairments disposals expense expenses write-down write-downs negative"
)

# Directly before a sum in brackets these make it negative, as accounts print it.
ACCOUNTS = r"(?:" + LOSSES.replace(" ", "|") + r")|cash\s+flows?|profit/\(loss|surplus/\(deficit"

# Units that go with any number

PERCENT = r"per\s?cent|percentage|pct\.?|pc"
POINTS = (
    r"(?:percentage|per\s?cent)[\s-](?:points?|pts?)|%[\s-]?(?:points?|pts?)|p\.p\.|p\.?pts?|pps?"
    r"|pct\.?[\s-]?(?:pts?|points?)|%[\s-]?ppts?"
)
BASIS_POINTS = r"basis[\s-]points?|bps?"
ONLY_POINTS = r"(?:points?|pts?)(?!\s+of\s)"
TIMES = r"times|-?fold|[x×]"
UNITS_OF_TIME = "second minute hour day week month year decade"
IN_SHORT = {
    "yrs": "years", "yr": "years", "hrs": "hours", "hr": "hours", "mins": "minutes",
    "min": "minutes", "secs": "seconds", "sec": "seconds", "wks": "weeks", "mths": "months",
}  # fmt: skip
KINDS_OF_TIME = "business|working|calendar|full|consecutive|straight|successive|trading|school"
MORE = r"more|greater|higher|larger|bigger|longer|better|faster|likelier"
LESS = r"less|fewer|lower|smaller|shorter|slower"
GROWTH = "increase|rise|growth|gain|jump"
GREW = r"(?:increas|grow|jump|ris|multipl)\w*\s+(?:by\s+)?|(?:rose|grew)\s+(?:by\s+)?"
PEOPLE = (
    "people|persons?|adults?|children|child|women|men|boys|girls|kids|infants|those|individuals"
    "|patients|residents|workers|pupils|students|teenagers|deaths|anyone|everyone|youths?|males"
    "|females|drivers|voters"
)

# Hedges. Of several that could stand before a number, the longest does.

HEDGES = {
    "more than": "(over|above) the age of"
    "|(more|greater|higher|larger|bigger|longer|better|older) than|over|above|exceed"
    "|exceed(s|ed|ing)|in excess of|upwards? of|surpass|surpass(es|ed|ing)|topp(ed|ing)|tops"
    "|beyond|north of|(past|hit) the|>|＞|barely above"
    "|(pass|cross|breach)(es|ed|ing)( the)?|(broke|broken|breaks|breaking)( through)? the"
    "|(broke|broken|breaks|breaking) through"
    "|(went|gone|goes|moved|climbed|rose|risen|grew|grown|got) past( the)?",
    "less than": "(under|below) the age of"
    "|(less|fewer|lower|smaller|shorter|younger) than|under|below|south of|<|＜"
    "|fell short of|falling short of|sub-|nowhere near|a fraction of",
    "at least": "at least|at the very least|at a minimum|(a )?minimum( of)?|≥|≧|>=|⩾"
    "|(more|greater|higher|larger|bigger|longer|better) than or equal to"
    "|equal to or (more|greater|higher|larger|bigger|longer|better) than"
    "|at or (above|over)|equal to or (above|over)"
    "|as (few|little|low|small|short|early|young) as|(no|not) (earlier|sooner) than"
    "|a floor of",
    "up to": "up to|up to and including|at or (below|under)|equal to or (below|under)"
    "|at (the )?most|(a )?maximum( of)?|≤|≦|<=|⩽|capped at|a cap of|a ceiling of"
    "|(less|fewer|lower|smaller|shorter) than or equal to"
    "|equal to or (less|fewer|lower|smaller|shorter) than"
    "|as (many|much|high|large|long|late|old|far|great) as|(no|not) later than",
    "nearly": "nearly|almost|approach|approach(es|ed|ing)|nearing|just (under|below|short of)"
    "|(just )?shy of|not quite|short of|close to reaching|nigh on|near-|getting on for|pushing"
    "|coming up (to|on|for)|close on|(verging|bordering) on|not far (short of|off)"
    "|the (better|best|greater) part of",
    "on the order of": "(on|in|of|to) the order of",
    "about": "about|around|roughly|approximately|approx[.]?|circa|ca[.]?|c[.]?|some|virtually"
    "|close to|closer to|somewhere (near|around|about)|practically"
    "|(an )?estimated|(an )?estimated (at|to be|total of)|est[.]?|~|≈|～"
    "|∼|in the (region|vicinity|neighborhood|neighbourhood|area|range) of|more or less"
    "|give or take|almost exactly|anywhere near|broadly|loosely|something like|a good|an average of"
    " around|to the tune of|a rough",
    "exact": "exactly|precisely",
}
# "no more than" and "did not exceed" state the opposite, and its end is included.
NEGATIONS = r"no|not|nor|neither|never|without|cannot|\w+n['’]t"
WITHIN = r"(?:within|inside)(?:\s+(?:just|only))?(?:\s+(?:the\s+)?(?:last|past|next))?"
# Between a hedge and its number, saying nothing of how it is stated.
FILLERS = (
    "an?|a (total|record|further|net|combined|mean|median|staggering) (of )?|an additional|another"
)
OLDER, YOUNGER = "older|over|above|up|upwards", "younger|under|below"

# What stands between two numbers

TO = "to|through|thru|till|until|up to"
# Behind these, "from 30 to 40" are two figures, one before and one after.
CHANGES = (
    r"r[io]se|risen|rises|rising|f[ae]ll|fallen|falls|falling|gr[eo]w|grown|grows|growing"
    r"|increas\w*|decreas\w*|declin\w*|drop\w*|jump\w*|climb\w*|improv\w*|reduc\w*|cut|cuts"
    r"|mov\w*|chang\w*|shr[iau]nk\w*|surg\w*|dipp?\w*|slipp?\w*|edg\w*|rais\w*|lower\w*|expand\w*"
    r"|sl[iu]d\w*|widen\w*|narrow\w*|went|gone|goes|up|down|doubl\w*|tripl\w*|halv\w*|quadrupl\w*"
    r"|soar\w*|plung\w*|tumbl\w*|advanc\w*|ease\w*|accelerat\w*|slow\w*|weaken\w*|strengthen\w*"
    r"|revis\w*|upgrad\w*|downgrad\w*|swing\w*|swung|shift\w*|swell\w*|contract\w*|boost\w*"
    r"|progress\w*|recover\w*|rebound\w*|amend\w*|adjust\w*|extend\w*|bring\w*|brought|took|taken"
)
INTERVALS = (
    r"CIs?|UIs?|CrIs?|CLs?|HDIs?|PIs?|C\.I\.|(?:confidence|uncertainty|credible|credibility"
    r"|prediction|probability)\s+(?:intervals?|limits?|levels?|ranges?)"
    r"|(?:very\s+|extremely\s+)?likely\s+range|interquartile\s+range|IQR|range"
)
ERRORS = {
    "standard error": r"standard\s+errors?|s\.?e\.?(?:m\.?)?",
    "standard deviation": r"standard\s+deviations?|s\.?d\.?",
}
PLUS_OR_MINUS = r"±|\+\s?/\s?[-−–]|\+[-−]|plus\s+or\s+minus|plus/minus"
CHANCE = r"(?<!\w)p(?:[-\s]values?)?\s*(?:of|=)?\s*$"  # before a probability: "P=0.04"
PER = r"per|for\s+(?:each|every)"
EACH = r"an?|each|every"  # "$45 a barrel", with one of these behind it
OF_EACH = (
    r"seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|quarters?|nights?|head|person"
    r"|barrel|tonne|ton|lit(?:re|er)|gallon|pint|kilo|kg|pound|ounce|mile|kilomet(?:re|er)|met(?:re|er)"
    r"|hectare|acre|unit|share|piece|pill|dose|ticket|visit|household|family|employee|worker|customer"
    r"|patient|pupil|student|child|vehicle|car|trip|shift|season|game|meal|session|time|vote|seat|bed"
)
# What stands behind a rate and is nothing that it is a rate of: "9.8 per 100,000 between".
NO_NOUN = frozenset(
    "between in and to of by for during per with from at on or over was were as than compared among"
    " is are against since this last each but while which that who a an the up down had has have"
    " across under within before after until versus vs nor neither".split()
)
# What documents say something is a rate of, and what a measure calls it.
SAME_RATE = {
    "annum": "year", "yr": "year", "hr": "hour", "wk": "week", "capita": "head",
    "population": "people", "persons": "people",
    "person": "people", "inhabitants": "people", "residents": "people",
}  # fmt: skip

# Names that hold a number and are no figure. A book adds its own in data/names.yml.

NAMED = (
    "Section Article Chapter Paragraph Clause Annex Appendix Table Figure Chart Box Exhibit"
    " Schedule Rule Regulation Resolution Directive Title Form Goal Target Phase Tier Category"
    " Grade Type Stage Class Zone Area Route Highway Interstate Boeing Airbus Formula Windows"
    " Apollo Channel Agenda Proposition Amendment SDG ISO IEC EN BS DIN IFRS IAS RFC IEEE ASTM"
    " Scope Level Band Group Round Wave Part Note Item Question Recital Recommendation"
    " Objective Pillar Lot Step Scenario Option Unit Flight Bill Basel iOS Android iPhone"
)
# Those that documents also write in lower case after a capital: "Key stage 2".
NAMED_LOWER = "stage|level|tier|phase|grade|band|type|category|zone"
# No part of a name: "Each stage 2", "Under-16".
NO_NAME_BEFORE = (
    "Each|Every|This|That|These|Those|The|An?|In|At|On|By|Of|For|Per|Some|All|Any|One|No|Its|Their|Our"
    "|Over|Under|Top|Plus|Mid|Pre|Post|Sub|Aged|Non|Early|Late|About|Nearly|Only|With|From|To|And|Or"
    "|Jan\\w*|Feb\\w*|Mar\\w*|Apr\\w*|May|June?|July?|Aug\\w*|Sept?\\w*|Oct\\w*|Nov\\w*|Dec\\w*"
)
NAMES = (
    "7-Eleven", "3M", "5G", "4G", "3G", "4K", "8K", "9/11", "24/7", "3D", "2D",
    "G7", "G8", "G20", "G77",
    "Fortune 500", "S&P 500", "FTSE 100", "Nikkei 225", "Dow 30", "CAC 40", "DAX 40",
    "Double 11", "Catch-22", "20/20", "Y2K", "20th Century Fox", "Forever 21", "Motel 6",
    "Big Four", "Big Three", "Group of Seven", "Group of Twenty", "Group of 20", "Six Sigma",
    "Five Eyes", "Twenty20", "360-degree", "First World War", "Second World War", "World War",
)  # fmt: skip

# Dates

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}  # as EDTF has them
