"""The days of the house: leads that came in, jobs in the shed, things to do, and what was said and when."""

from __future__ import annotations

from typing import Any

from cuprum.records.demo import people as at

# Name, company, title, e-mail, owner, status, days ago, source, value, details.
LEADS = (
    (
        "Freya Sundström",
        "Sundström Marin",
        "Owner",
        "freya@sundstrom.example",
        "Chie",
        "New",
        1,
        "Email",
        5200,
        "Asks for larch, 28 mm, air-dried.",
    ),
    (
        "Paulo Quintela",
        None,
        "Amateur builder",
        "paulo.quintela@correio.example",
        "Ben",
        "New",
        2,
        "Advertising",
        900,
        "First boat: a 4 m dinghy, wants advice.",
    ),
    (
        "Claire Dubois",
        "Atelier Dubois",
        "Joiner",
        "claire@atelier-dubois.example",
        "Chie",
        "Open",
        5,
        "Cold Call",
        7400,
        "Yacht joinery in La Rochelle.",
    ),
    ("Κώστας Ρήγας", "Rigas Marine", "Skipper", "kostas@rigas.example", "Ben", "Open", 8, "Email", 3100, None),
    (
        "Hamish Drummond",
        "Clyde Heritage Trust",
        "Trustee",
        "hamish@clydeheritage.example",
        "Ana",
        "Open",
        12,
        "Email",
        26000,
        "A puffer, and a grant to spend by spring.",
    ),
    ("Mireia Puig", "Drassana Puig", "Yard manager", "mireia@drassanapuig.example", "Ben", "Open", 16, "Advertising", 8800, None),
    (
        "王 丽",
        "海风木船",
        "采购",
        "wangli@haifeng.example",
        "Chie",
        "New",
        3,
        "Email",
        12500,
        "Teak offcuts for interiors, by the container.",
    ),
    (
        "Gary Stubbs",
        "Stubbs Decking",
        "Sales",
        "gary@stubbsdecking.example",
        "Ben",
        "Unqualified",
        20,
        "Cold Call",
        None,
        "Garden decking. Not ours.",
    ),
)

# Name, related (entity, name), owner, status, days ago, details, custom fields.
PROJECTS: tuple[tuple[Any, ...], ...] = (
    (
        "Liberdade: new bottom",
        ("opportunity", "River boat No. 3, new bottom"),
        "Ana",
        "Open",
        26,
        "Boards are cut and stacked; the museum launches on its open day.",
        {"Boat": "Liberdade", "Hull length (m)": 12.4, "Cutting list": "22 × larch 32 mm, 5.4 m\n8 × larch 32 mm, 3.6 m"},
    ),
    (
        "Tern IV: boom and gaff",
        ("opportunity", "Boom and gaff for Tern IV"),
        "Ben",
        "Completed",
        39,
        "Delivered to Falmouth by road.",
        {"Boat": "Tern IV"},
    ),
    ("Seixal shed: drying racks", ("company", at.TEJO), "Dev", "Open", 18, "We lend Joaquim our racks until spring.", {}),
    ("Samples for Setouchi", ("company", at.SETOUCHI), "Chie", "Open", 11, "Five boards of plantation teak, with papers.", {}),
)

# Name, related (entity, name), owner, due in days (hour), priority, days ago; done if the last is given (days ago).
TASKS = (
    (
        "Send Morwenna photographs of the end grain",
        ("opportunity", "Pilot cutter Marigold, new garboards"),
        "Ben",
        (-3, 17),
        "High",
        10,
        None,
    ),
    ("Call Joaquim about the deposit", ("opportunity", "Varino refit: 40 oak frames"), "Ben", (0, 11), "High", 3, None),
    ("Book the lorry to Bergen", ("opportunity", "Larch for two oselvar"), "Chie", (0, 16), "None", 4, None),
    ("Offer for Pelikaan: two finishes", ("opportunity", "Saloon panelling, yawl Pelikaan"), "Chie", (1, 10), "Medium", 2, None),
    ("Answer Freya Sundström", ("lead", "Freya Sundström"), "Chie", (0, 15), "Medium", 1, None),
    ("Ask Yann what the committee said", ("opportunity", "Apprentices' year: mixed boards"), "Chie", (3, 9), "None", 6, None),
    ("Measure the keel in Vigo", ("opportunity", "Iroko keel, 11 m"), "Ben", (5, 8), "None", 5, None),
    ("Papers for the teak: where from, who felled it", ("project", "Samples for Setouchi"), "Chie", (2, 12), "High", 9, None),
    ("Visit the museum before the launch", ("project", "Liberdade: new bottom"), "Ana", (8, 10), "None", 14, None),
    ("Renew the certificate with Ruth", ("person", "Ruth Abelson"), "Dev", (-1, 12), "Medium", 20, None),
    ("Thank Luca for the article", ("person", "Luca Marangon"), "Ana", (4, 9), "Low", 2, None),
    ("Write the offer for the mast stock", ("opportunity", "Mast stock, 14 m, no knots"), "Chie", (-11, 12), "None", 15, 10),
    ("Invoice the museum", ("opportunity", "River boat No. 3, new bottom"), "Ana", (-20, 12), "None", 27, 21),
    ("Find out why we lost Aurora", ("opportunity", "Teak deck, ketch Aurora"), "Ben", (-40, 12), "Low", 45, 41),
)

NOTE, CALL, MEETING = "Note", "Phone Call", "Meeting"

# Type, parent (entity, name), who, days ago, what was said.
SAID = (
    (CALL, ("company", at.TEJO), "Ben", 45, "Joaquim has the Bela do Tejo on the slip; every third frame is soft."),
    (MEETING, ("opportunity", "Varino refit: 40 oak frames"), "Ben", 31, "In Seixal. Counted frames with Rui: 40, not 34."),
    (NOTE, ("opportunity", "Varino refit: 40 oak frames"), "Ben", 12, "Offer sent. Teresa wants to pay in three parts."),
    (CALL, ("person", "Joaquim Salgado"), "Ben", 3, "He takes it if we deliver before the spring tide."),
    (MEETING, ("company", at.NORDLYS), "Chie", 25, "Two days in Bergen. They want to see the trees next time."),
    (CALL, ("person", "Siv Mjelde"), "Chie", 8, "Price is fine; the lorry is the question."),
    (
        MEETING,
        ("opportunity", "Pilot cutter Marigold, new garboards"),
        "Ben",
        47,
        "Marigold is out of the water. Hester tapped every plank.",
    ),
    (
        CALL,
        ("opportunity", "Pilot cutter Marigold, new garboards"),
        "Ben",
        26,
        "Hester asks for photographs of the end grain before anything ships.",
    ),
    (CALL, ("person", "Yann Le Goff"), "Chie", 19, "The committee likes the mixed load, less so the price."),
    (NOTE, ("company", at.KERGUELEN), "Chie", 18, "Maëlle keeps the purse: send her the offer too."),
    (MEETING, ("opportunity", "Iroko keel, 11 m"), "Ben", 6, "Lucía drew the scarf joint on a napkin; it is in the folder."),
    (MEETING, ("opportunity", "瀬戸内デイボート、チークデッキ 4 隻"), "Chie", 40, "オンライン会議。図面と木取り表を受け取った。"),
    (CALL, ("person", "佐藤 海斗"), "Chie", 5, "あと五パーセントの値引きを希望。"),
    (
        NOTE,
        ("opportunity", "瀬戸内デイボート、チークデッキ 4 隻"),
        "Chie",
        5,
        "Ana agrees to three per cent if they take all four decks.",
    ),
    (CALL, ("person", "Γιώργος Παπαδάκης"), "Ben", 23, "He builds by eye and orders by eye: about two cubic metres."),
    (
        MEETING,
        ("opportunity", "Mast stock, 14 m, no knots"),
        "Chie",
        22,
        "Kaarel and Liis chose six logs in the yard and signed them.",
    ),
    (NOTE, ("opportunity", "Mast stock, 14 m, no knots"), "Chie", 10, "Offer sent, with the moisture protocol."),
    (
        MEETING,
        ("opportunity", "Saloon panelling, yawl Pelikaan"),
        "Chie",
        4,
        "Haarlem. Anneke wants teak, Joost wants ply under veneer.",
    ),
    (CALL, ("person", "Tom Ashworth"), "Ben", 9, "Six dinghies before the season, built by the pupils."),
    (MEETING, ("opportunity", "Шкуна: дубовий набір"), "Ana", 2, "Олена показала креслення; шпангоути з дуба, тридцять два."),
    (
        MEETING,
        ("opportunity", "River boat No. 3, new bottom"),
        "Ana",
        70,
        "Helena opened the bilge for us. It is worse than the report says.",
    ),
    (CALL, ("person", "Helena Vasconcelos"), "Ana", 36, "The grant is approved. She cried a little."),
    (NOTE, ("opportunity", "River boat No. 3, new bottom"), "Ana", 27, "Signed. Launch on the museum's open day."),
    (CALL, ("opportunity", "Boom and gaff for Tern IV"), "Ben", 58, "Jack wants both from one log."),
    (CALL, ("opportunity", "Teak deck, ketch Aurora"), "Ben", 46, "Xoán bought from the importer: 15 per cent below us."),
    (NOTE, ("opportunity", "Training fleet, oak thwarts"), "Ben", 33, "Not this year. Ask again after the summer."),
    (CALL, ("lead", "Claire Dubois"), "Chie", 4, "She restores one interior a year and starts in March."),
    (MEETING, ("lead", "Hamish Drummond"), "Ana", 9, "Online with the trustees. They need a letter about the origin of the oak."),
    (NOTE, ("lead", "Gary Stubbs"), "Ben", 19, "Sent him to the builders' merchant."),
    (NOTE, ("project", "Liberdade: new bottom"), "Ana", 6, "Boards stacked under the roof, two centimetres of air between them."),
    (CALL, ("person", "Beatrice Holm"), "Ben", 14, "Two of her buyers will need decks in spring."),
    (NOTE, ("person", "Luca Marangon"), "Ana", 2, "The article is out; he was kind about the smell of the yard."),
)

# Who has a part in what, beside its first contact.
RELATED = (
    (("opportunity", "Varino refit: 40 oak frames"), ("person", "Teresa Salgado")),
    (("opportunity", "Varino refit: 40 oak frames"), ("person", "Rui Caldeira")),
    (("opportunity", "Pilot cutter Marigold, new garboards"), ("person", "Dr Hester Bligh")),
    (("opportunity", "Apprentices' year: mixed boards"), ("person", "Maëlle Cariou")),
    (("opportunity", "瀬戸内デイボート、チークデッキ 4 隻"), ("person", "佐藤 海斗")),
    (("project", "Liberdade: new bottom"), ("person", "Duarte Pimentel")),
    (("project", "Samples for Setouchi"), ("person", "Ruth Abelson")),
)
