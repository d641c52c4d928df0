"""Other words for what the grammar of faces tells, and words beside it that tell nothing. face_sentences.py writes with
a hundred and thirty words; whoever types has "girl", "sunglasses", "without a beard", "curly"."""

from dataclasses import dataclass

from text import words


@dataclass(frozen=True)
class Ways:
    """Other words for one fact: adjectives, what one has, what one is without, what one wears, what one does (a verb
    phrase, and its participle). {his} and {he} as in the grammar; entries are parted by commas."""

    adjectives: str = ""
    has: str = ""
    without: str = ""
    wears: str = ""
    does: tuple[tuple[str, str], ...] = ()


# Attribute with its sign → other words for it, as a thesaurus has them; captions/prose-faces.txt, by which prose is
# measured, was not looked at.
WAYS = {
    "+Young": Ways("young, youthful, teenage, young looking, younger"),
    "-Young": Ways(
        "old, older, aged, elderly, middle aged, senior, ageing, very old", "wrinkles, a wrinkled face, an old face"
    ),
    "+Attractive": Ways("gorgeous, lovely, cute, good looking, beautiful, attractive, handsome, charming"),
    "+Blurry": Ways("blurry, unsharp, out of focus, fuzzy"),
    "+Bald": Ways(
        "bald, hairless, bald headed, completely bald",
        "a shaved head, no hair, a bald head, a bald scalp",
        "hair, any hair",
    ),
    "+Bangs": Ways(has="a fringe, bangs, hair over {his} forehead"),
    "+Receding_Hairline": Ways("balding", "thinning hair, a receding hairline, a high forehead, little hair"),
    "+5_o_Clock_Shadow": Ways("unshaven, stubbly, unshaved", "stubble, some stubble, a short beard, a light beard"),
    "+Goatee": Ways(has="a goatee, a goatee beard, a chin beard, a small beard"),
    "-No_Beard": Ways(
        "bearded", "a beard, a full beard, a big beard, facial hair, a long beard, a thick beard, whiskers"
    ),
    "+No_Beard": Ways(
        "clean shaven, clean-shaven, shaved, beardless, freshly shaved, smooth-faced",
        "no beard, no facial hair, no stubble, a shaved face, a smooth chin",
        "a beard, beard, any beard, facial hair",
    ),
    "+Mustache": Ways(
        "mustached", "a mustache, a moustache, a big moustache, a thin mustache, a mustache under {his} nose"
    ),
    "+Sideburns": Ways(has="sideburns, side whiskers, long sideburns"),
    "+Smiling": Ways(
        "happy, cheerful, laughing, joyful, grinning, friendly, merry, smiling, glad, amused",
        "a smile, a grin, a wide smile, a happy face, a big grin, a friendly face, a bright smile",
        does=(
            ("smiles", "smiling"),
            ("laughs", "laughing"),
            ("grins", "grinning"),
            ("is happy", "looking happy"),
            ("is laughing", "laughing"),
            ("smiles at the camera", "smiling at the camera"),
            ("looks friendly", "looking friendly"),
        ),
    ),
    "-Smiling": Ways(
        "serious, sad, unsmiling, stern, earnest, grumpy, gloomy, angry, grave, unhappy",
        "a serious face, a sad face, a straight face, a stern look, no smile",
        "a smile, smile",
        does=(
            ("doesn't smile", "not smiling"),
            ("isn't smiling", "not smiling"),
            ("is sad", "looking sad"),
            ("looks angry", "looking angry"),
            ("frowns", "frowning"),
            ("looks serious", "looking serious"),
        ),
    ),
    "+Mouth_Slightly_Open": Ways(
        has="an open mouth, {his} mouth open, {his} teeth showing, parted lips, visible teeth"
    ),
    "-Mouth_Slightly_Open": Ways(has="a closed mouth, {his} mouth shut, {his} lips closed, closed lips"),
    "+Big_Nose": Ways("big-nosed", "a big nose, a huge nose, a broad nose, a wide nose, a prominent nose"),
    "+Pointy_Nose": Ways(has="a sharp nose, a thin nose, a pointed nose, a pointy nose, a narrow nose"),
    "+Bushy_Eyebrows": Ways(has="bushy brows, heavy eyebrows, thick brows, strong eyebrows, dark eyebrows"),
    "+Arched_Eyebrows": Ways(has="arched brows, curved eyebrows, high eyebrows, shaped eyebrows"),
    "+Big_Lips": Ways(has="thick lips, big lips, plump lips, full lips, a full mouth"),
    "+Narrow_Eyes": Ways(has="narrow eyes, small eyes, squinting eyes, narrowed eyes"),
    "+Bags_Under_Eyes": Ways("tired", "tired eyes, dark circles under {his} eyes, bags under the eyes, puffy eyes"),
    "+High_Cheekbones": Ways(has="prominent cheekbones, high cheekbones, strong cheekbones"),
    "+Rosy_Cheeks": Ways(has="pink cheeks, flushed cheeks, rosy cheeks, blushing cheeks"),
    "+Double_Chin": Ways(has="a double chin, a second chin, a fat chin"),
    "+Chubby": Ways(
        "fat, plump, chubby, round-faced, overweight, heavy, stout",
        "a fat face, a round face, chubby cheeks, full cheeks",
    ),
    "+Oval_Face": Ways(has="an oval face, an egg-shaped face"),
    "+Pale_Skin": Ways(
        "pale, light-skinned, fair-skinned, pale-skinned", "fair skin, light skin, a pale face, very pale skin"
    ),
    "+Eyeglasses": Ways(
        "bespectacled",
        "glasses, sunglasses, specs, glasses on",
        wears="glasses, eyeglasses, spectacles, specs, sunglasses, shades, reading glasses, dark glasses, big glasses, "
        "round glasses, thick glasses",
    ),
    "-Eyeglasses": Ways(
        has="no glasses, no sunglasses, no spectacles", without="glasses, eyeglasses, spectacles, sunglasses, specs"
    ),
    "+Wearing_Hat": Ways(
        has="a hat, a cap, a hat on {his} head",
        wears="a cap, a baseball cap, a beanie, a cowboy hat, a straw hat, a hat, a woolly hat, a big hat, headgear, "
        "a helmet, a black hat",
    ),
    "-Wearing_Hat": Ways("bareheaded", "no hat, no cap", "a hat, a cap, hat"),
    "+Wearing_Necktie": Ways(has="a tie", wears="a tie, a suit and tie, a necktie, a shirt and tie, a bow tie"),
    "-Wearing_Necktie": Ways(has="no tie", without="a tie, tie"),
    "+Wearing_Earrings": Ways(has="earrings", wears="earrings, an earring, hoop earrings, big earrings, ear rings"),
    "-Wearing_Earrings": Ways(has="no earrings", without="earrings"),
    "+Wearing_Necklace": Ways(has="a necklace", wears="a necklace, a chain, pearls, a pendant, a pearl necklace"),
    "-Wearing_Necklace": Ways(has="no necklace", without="a necklace"),
    "+Wearing_Lipstick": Ways(
        has="painted lips, red lips, lipstick",
        wears="lipstick, red lipstick, lip gloss, pink lipstick, bright lipstick",
    ),
    "-Wearing_Lipstick": Ways(has="no lipstick", without="lipstick"),
    "+Heavy_Makeup": Ways(
        "made-up", "makeup", wears="makeup, make-up, mascara, eye shadow, lots of makeup, a lot of make-up, eyeliner"
    ),
    "-Heavy_Makeup": Ways(has="no makeup", without="makeup, make-up, any makeup"),
}
COLOURS = {
    "Black_Hair": "black, dark, jet black, raven, very dark",
    "Blond_Hair": "blonde, blond, golden, light blonde, fair, yellow",
    "Brown_Hair": "brown, dark brown, light brown, chestnut, brunette",
    "Gray_Hair": "white, silver, grey, gray, greying, snow-white",
}
TEXTURES = {"Wavy_Hair": "wavy, curly, curled, wavy, frizzy", "Straight_Hair": "straight, smooth, sleek"}
LENGTHS = "long, short, shoulder-length, thick, medium-length, messy, shiny, neat"
# Where the age is told too, it may be told by the noun.
NOUNS = {
    True: "man, guy, male, gentleman, dude, bloke, fellow, chap, male person",
    False: "woman, lady, female, woman, female person, gal",
}
OF_AGE = {
    (True, "+Young"): "boy, lad, teenage boy, young man, young guy, young male, teen boy, youth",
    (False, "+Young"): "girl, teenage girl, young lady, young woman, young girl, teen girl",
    (None, "+Young"): "child, kid, teenager, youngster, teen, young adult",
    (True, "-Young"): "grandfather, grandpa, old man, old guy, elderly gentleman, old fellow, granddad",
    (False, "-Young"): "grandmother, grandma, old lady, old woman, granny, elderly lady",
    (None, "-Young"): "senior, pensioner, grandparent, old person",
}
ANYONE = "person, someone, somebody, face, human, individual, human face, portrait"
# What no attribute tells must not be taken for one: brown eyes are no brown hair.
BESIDE = (
    "blue eyes, brown eyes, green eyes, dark eyes, big eyes, beautiful eyes, hazel eyes, freckles, a tattoo, a scar, "
    "a long neck, small ears, big ears, a strong jaw, a kind look, white teeth"
)
IN = "a red dress, a black suit, a blue shirt, a white t-shirt, a green sweater, a gray jacket, a yellow coat, uniform"
ROUND = "standing outside, in front of a blue wall, on a white background, looking at the camera, in the sun, at night"
KINDS = "photo, picture, portrait, close-up, drawing, painting, headshot, selfie, image, photograph"


def silent() -> set[str]:
    """Words that stand only where nothing is told. An encoder need not know them: who types "dress" is to be told that
    it means nothing here."""
    tables = [WAYS, COLOURS, TEXTURES, NOUNS, OF_AGE]
    told = [str(names) for table in tables for names in table.values()] + [ANYONE]
    beside = (BESIDE, IN, ROUND, LENGTHS, KINDS)
    return {w for text in beside for w in words(text)} - {w for text in told for w in words(text)}
