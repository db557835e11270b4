"""English words whose forms no rule gives. Facts of the language, written down by hand; see `inflection`."""

VERBS = """
arise arose arisen|awake awoke awoken|be was been|bear bore borne|beat beat beaten|become became become
befall befell befallen|begin began begun|bend bent bent|bet bet bet|bind bound bound|bite bit bitten
bleed bled bled|blow blew blown|break broke broken|breed bred bred|bring brought brought
build built built|burst burst burst|buy bought bought|cast cast cast|catch caught caught
choose chose chosen|cling clung clung|come came come|cost cost cost|creep crept crept|cut cut cut
deal dealt dealt|dig dug dug|do did done|draw drew drawn|drink drank drunk|drive drove driven
eat ate eaten|fall fell fallen|feed fed fed|feel felt felt|fight fought fought|find found found
flee fled fled|fling flung flung|fly flew flown|forbid forbade forbidden|forecast forecast forecast
foresee foresaw foreseen|forget forgot forgotten|forgive forgave forgiven|freeze froze frozen
get got got|give gave given|go went gone|grind ground ground|grow grew grown|hang hung hung
have had had|hear heard heard|hide hid hidden|hit hit hit|hold held held|hurt hurt hurt|keep kept kept
kneel knelt knelt|know knew known|lay laid laid|lead led led|leave left left|lend lent lent|let let let
lie lay lain|light lit lit|lose lost lost|make made made|mean meant meant|meet met met
mislead misled misled|mistake mistook mistaken|misunderstand misunderstood misunderstood
mow mowed mown|outgrow outgrew outgrown|overcome overcame overcome|overdo overdid overdone
overeat overate overeaten|oversee oversaw overseen|overtake overtook overtaken|pay paid paid|put put put
quit quit quit|read read read|rebuild rebuilt rebuilt|redo redid redone|regrow regrew regrown|rend rent rent
rid rid rid|ride rode ridden|ring rang rung|rise rose risen|run ran run|say said said|see saw seen
seek sought sought|sell sold sold|send sent sent|set set set|sew sewed sewn|shake shook shaken
shed shed shed|shine shone shone|shoot shot shot|show showed shown|shrink shrank shrunk|shut shut shut
sing sang sung|sink sank sunk|sit sat sat|sleep slept slept|slide slid slid|slit slit slit|sow sowed sown
speak spoke spoken|spend spent spent|spin spun spun|spit spat spat|split split split|spread spread spread
spring sprang sprung|stand stood stood|steal stole stolen|stick stuck stuck|sting stung stung
stink stank stunk|strike struck struck|string strung strung|strive strove striven|swear swore sworn
sweep swept swept|swell swelled swollen|swim swam swum|swing swung swung|take took taken
teach taught taught|tear tore torn|tell told told|think thought thought|throw threw thrown
thrust thrust thrust|tread trod trodden|undergo underwent undergone|understand understood understood
undertake undertook undertaken|undo undid undone|uphold upheld upheld|upset upset upset|wake woke woken
wear wore worn|weave wove woven|weep wept wept|wet wet wet|win won won|wind wound wound
withdraw withdrew withdrawn|withhold withheld withheld|withstand withstood withstood|wring wrung wrung
write wrote written
"""
"""Base, past and past participle of each."""

NOUNS = """
addendum addenda|alga algae|alveolus alveoli|analysis analyses|antenna antennae|appendix appendices|axilla axillae
axis axes|bacillus bacilli|bacterium bacteria|basis bases|biceps biceps|bronchiole bronchioles|bronchus bronchi
bursa bursae|calculus calculi|calf calves|calyx calyces|cannula cannulae|cervix cervices|chassis chassis|child children
cilium cilia|cortex cortices|corpus corpora|crisis crises|criterion criteria|curriculum curricula
diagnosis diagnoses|dialysis dialyses|diaphysis diaphyses|diathesis diatheses|diverticulum diverticula|echo echoes
elf elves|ellipsis ellipses|embolus emboli|epiphysis epiphyses|exostosis exostoses|fascia fasciae|femur femurs
fibula fibulae|fish fish|focus foci|foot feet|forceps forceps|fornix fornices|frenulum frenula|fungus fungi
ganglion ganglia|genus genera|gingiva gingivae|glomerulus glomeruli|goose geese|half halves|hallux halluces
hero heroes|hypothesis hypotheses|index indices|knife knives|larva larvae|larynx larynges|leaf leaves|life lives
loaf loaves|locus loci|louse lice|lumen lumina|lunula lunulae|man men|matrix matrices|medium media
medulla medullae|meniscus menisci|metastasis metastases|mitochondrion mitochondria|mosquito mosquitoes
mouse mice|mucosa mucosae|naevus naevi|necrosis necroses|neurosis neuroses|nevus nevi|nucleus nuclei|oasis oases
offspring offspring|ovum ova|ox oxen|paresis pareses|paralysis paralyses|papilla papillae|parenthesis parentheses
patella patellae|pelvis pelvises|person people|petechia petechiae|phalanx phalanges|pharynx pharynges
phenomenon phenomena|potato potatoes|prognosis prognoses|prosthesis prostheses|psychosis psychoses|quadriceps quadriceps
radius radii|retina retinas|scapula scapulae|scarf scarves|scolex scolices|scoliosis scolioses|sepsis sepses|self selves
septum septa|series series|sheep sheep|shelf shelves|species species|spectrum spectra|stenosis stenoses|sternum sternums
stimulus stimuli|stratum strata|sulcus sulci|symbiosis symbioses|symphysis symphyses|synopsis synopses
synthesis syntheses|testis testes|thesis theses|thief thieves|thrombosis thromboses|thrombus thrombi|tibia tibiae
tomato tomatoes|tooth teeth|torus tori|trachea tracheae|triceps triceps|ulcus ulcera|uterus uteri|vagus vagi
varix varices|veto vetoes|vertebra vertebrae|vertex vertices|villus villi|virus viruses|viscus viscera|vulva vulvae
wharf wharves|wife wives|wolf wolves|woman women
"""
"""Singular and plural of each. A compound follows its last part (woman, eyetooth, hind leaf)."""

DOUBLING = frozenset(
    """
    abhor abut acquit admit allot annul beget begin bet bid blot blur bob brag bud bug bum can cap chat chip
    chop clap clip clog clot club cob commit compel concur confer control cram crop cut dab dam defer demur
    deter dig dim din dip disbar dispel distil dog don dot drag drip drop drug drum emit enrol equip excel expel
    extol fan fat fit flag flap flip flit flop fog fret fulfil gag gas get grab grin grip grit grub gum gut hem
    hit hop hug hum impel incur infer inter jab jam jar jet jig job jog jut kid kidnap kit knit knot lag lap let
    log lop lug man map mar mat mob mop mug nab nag nap net nip nod occur omit outfit outwit overlap pad pat
    patrol peg pen permit pet pig pin pit plan plod plot plug pod pop prefer prod prop propel pun put quit quiz
    rag ram rap rebel rebut recur refer refit regret remit repel rev rid rig rip rob rot rub run sag scan scar
    set shed shin ship shop shred shrug shun shut sin sip sit skid skim skin skip slam slap slim slip slit slot
    slum smug snap snip snub sob spin split spot spur squat star stem step stir stop strap strip strut stub stun
    submit sum sun swab swap swig swim swot tag tan tap thin throb tip ton top transfer transmit trap trek trim
    trip trot tub tug unplug upset wag wed wet whip wig win worship wrap zap zip
    """.split()
)
"""Verbs that double their last consonant before -ed and -ing."""
