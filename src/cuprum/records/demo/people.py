"""The people at the customers: name, company, title, local part of the address, owner, language."""

from __future__ import annotations

TEJO, NORDLYS, FALMOUTH = "Estaleiro do Tejo", "Nordlys Båtbyggeri", "Falmouth Wooden Boats"
KERGUELEN, VIGO, SETOUCHI = "Chantier Kerguelen", "Restauraciones Ría de Vigo", "瀬戸内ヨット工房"
SAMOS, BALTIC, MUSEU = "Ναυπηγείο Σάμου", "Baltic Spars OÜ", "Museu da Navegação Fluvial"
WINDWARD, VANDERMEER, LYMAN = "Windward Sailing School", "Van der Meer Interieurs", "Верф «Лиман»"

# The first of a company is its primary contact.
PEOPLE = (
    ("Joaquim Salgado", TEJO, "Master builder", "joaquim", "Ben", "Portuguese"),
    ("Teresa Salgado", TEJO, "Accounts", "teresa", "Ben", "Portuguese"),
    ("Rui Caldeira", TEJO, "Shipwright", "rui", "Ben", "Portuguese"),
    ("Inês Caldeira", TEJO, "Apprentice", "ines", "Ben", "Portuguese"),
    ("Åse Hagen", NORDLYS, "Owner", "ase", "Chie", "English"),
    ("Torbjørn Lie", NORDLYS, "Yard manager", "torbjorn", "Chie", "English"),
    ("Siv Mjelde", NORDLYS, "Purchasing", "siv", "Chie", "English"),
    ("Morwenna Trelawny", FALMOUTH, "Director", "morwenna", "Ben", "English"),
    ("Jack Penrose", FALMOUTH, "Foreman", "jack", "Ben", "English"),
    ("Dr Hester Bligh", FALMOUTH, "Surveyor", "hester", "Ben", "English"),
    ("Callum Roskilly", FALMOUTH, "Timber buyer", "callum", "Ben", "English"),
    ("Yann Le Goff", KERGUELEN, "Head of training", "yann", "Chie", "French"),
    ("Maëlle Cariou", KERGUELEN, "Treasurer", "maelle", "Chie", "French"),
    ("Gwenaël Riou", KERGUELEN, "Instructor", "gwenael", "Chie", "French"),
    ("Xoán Figueroa", VIGO, "Owner", "xoan", "Ben", "Spanish"),
    ("Lucía Baamonde", VIGO, "Naval architect", "lucia", "Ben", "Spanish"),
    ("Iago Novoa", VIGO, "Yard manager", "iago", "Ben", "Spanish"),
    ("佐藤 海斗", SETOUCHI, "代表", "kaito", "Chie", "Japanese"),
    ("山本 さくら", SETOUCHI, "設計", "sakura", "Chie", "Japanese"),
    ("中村 蓮", SETOUCHI, "購買", "ren", "Chie", "Japanese"),
    ("Γιώργος Παπαδάκης", SAMOS, "Καραβομαραγκός", "giorgos", "Ben", "Greek"),
    ("Ελένη Παπαδάκη", SAMOS, "Λογίστρια", "eleni", "Ben", "Greek"),
    ("Kaarel Tamm", BALTIC, "Founder", "kaarel", "Chie", "English"),
    ("Liis Põder", BALTIC, "Spar maker", "liis", "Chie", "English"),
    ("Jüri Õunapuu", BALTIC, "Purchasing", "juri", "Chie", "English"),
    ("Helena Vasconcelos", MUSEU, "Curator", "helena", "Ana", "Portuguese"),
    ("Duarte Pimentel", MUSEU, "Conservator", "duarte", "Ana", "Portuguese"),
    ("Graça Monteiro", MUSEU, "Grants", "graca", "Ana", "Portuguese"),
    ("Sofia Brandão", WINDWARD, "Principal", "sofia", "Ben", "Portuguese"),
    ("Tom Ashworth", WINDWARD, "Fleet manager", "tom", "Ben", "English"),
    ("Pia Lindqvist", WINDWARD, "Instructor", "pia", "Ben", "English"),
    ("Joost van der Meer", VANDERMEER, "Owner", "joost", "Chie", "Dutch"),
    ("Anneke de Wit", VANDERMEER, "Designer", "anneke", "Chie", "Dutch"),
    ("Олена Шевченко", LYMAN, "Директорка", "olena", "Ana", "Ukrainian"),
    ("Тарас Бондар", LYMAN, "Корабел", "taras", "Ana", "Ukrainian"),
    ("Nuno Ataíde", None, "Marine surveyor", "nuno@ataide-survey.example", "Ana", "Portuguese"),
    ("Beatrice Holm", None, "Yacht broker", "beatrice@holm-yachts.example", "Ben", "English"),
    ("Luca Marangon", None, "Journalist, wooden boats", "luca@legnoemare.example", "Ana", "English"),
    ("عمر الحداد", None, "Dhow owner", "omar@dhow.example", "Chie", "English"),
    ("Ruth Abelson", None, "Forester, certification", "ruth@goodwood.example", "Dev", "English"),
)
