"""Kinds 81, 82, 89 and 92: names that read as somebody else's, ids that are others' with a digit or a blank, what
systems leave in a notebook's place, and class lists that are not what they seem. Each member is what comes, as data;
test_whose.py collects it. Read grader/classroom/identity.py and grader/classroom/pool.py first."""

from __future__ import annotations

from dataclasses import dataclass

CLASS = (
    "username,first name,last "
    "name,email,number\nada,Ada,Lovelace,ada@example.org,11\nben,Ben,Bo,ben@example.org,12\nzoe,Zoë,Müller,smith@example.org,13\n"
)
STAMP = "2030-01-31-10-00-00"
APPLE_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        " + bytes(60)


@dataclass(frozen=True)
class Member:
    """What comes: files as (name, whose it is, or the bytes themselves), and whose must be taken; the others must be
    left, and told with `words`.

    listed: the class list as CSV, '' for none.
    """

    kind: int
    title: str
    files: tuple[tuple[str, str | bytes], ...]
    taken: tuple[str, ...]
    words: str = ""
    listed: str = CLASS


def ids(*names: str) -> str:
    return "id\n" + "\n".join(names) + "\n"


MEMBERS = (
    Member(
        81,
        "a Canvas name with Blackboard's pattern in it",
        ((f"lovelaceada_11_99_x_ben_attempt_{STAMP}_d.ipynb", "ada"), ("boben_12_98_d.ipynb", "ben")),
        ("ada", "ben"),
    ),
    Member(
        81,
        "the same, and nobody else is in the archive",
        ((f"lovelaceada_11_99_x_ben_attempt_{STAMP}_d.ipynb", "ada"),),
        (),
        "more than one way",
    ),
    Member(
        81,
        "the same, by one who is not in the class",
        ((f"zedzed_77_99_x_ben_attempt_{STAMP}_d.ipynb", "zed"), ("lovelaceada_11_98_d.ipynb", "ada")),
        ("ada",),
        "'zedzed'",
    ),
    Member(
        81,
        "a Canvas name with another's number in the learner's part",
        (("lovelaceada_11_99_12_98_d.ipynb", "ada"), ("boben_12_98_11.ipynb", "ben")),
        ("ada", "ben"),
    ),
    Member(
        81,
        "a Canvas name with Moodle's pattern in it",
        (("lovelaceada_11_99_Ben Bo_12_assignsubmission_file_d.ipynb", "ada"), ("boben_12_98_d.ipynb", "ben")),
        ("ada", "ben"),
    ),
    Member(
        81,
        "a Moodle folder with a file named for another",
        (
            ("Ada Lovelace_11_assignsubmission_file_/ben.ipynb", "ada"),
            ("Ben Bo_12_assignsubmission_file_/ada.ipynb", "ben"),
        ),
        ("ada", "ben"),
    ),
    Member(
        81,
        "a Moodle file, all in one folder, with Blackboard's pattern in it",
        (
            (f"Ada Lovelace_11_assignsubmission_file_hw_ben_attempt_{STAMP}_d.ipynb", "ada"),
            ("Ben Bo_12_assignsubmission_file_d.ipynb", "ben"),
        ),
        ("ada", "ben"),
    ),
    Member(
        81,
        "a Moodle profile renamed to another's name",
        (("Ben Bo_11_assignsubmission_file_/d.ipynb", "ada"), ("Zoë Müller_13_assignsubmission_file_/d.ipynb", "zoe")),
        ("zoe",),
        "its name ben's",
    ),
    Member(
        81,
        "a Blackboard file whose own name holds a second attempt",
        (
            (f"Homework_ada_attempt_{STAMP}_y_ben_attempt_{STAMP}_d.ipynb", "ada"),
            (f"Homework_ben_attempt_{STAMP}_d.ipynb", "ben"),
        ),
        ("ada", "ben"),
    ),
    Member(
        81,
        "a Brightspace file whose own name holds a second name and date",
        (
            ("1-2 - Ada Lovelace - Jan 31, 2030 926 PM - 1-2 - Ben Bo - Jan 30, 2030 926 PM - d.ipynb", "ada"),
            ("1-2 - Ben Bo - Jan 31, 2030 926 PM - d.ipynb", "ben"),
        ),
        ("ada", "ben"),
    ),
    Member(
        81,
        "a form's file whose own name begins with another",
        (("Ben Bo - mine - Ada Lovelace.ipynb", "ada"), ("x - Ben Bo.ipynb", "ben"), ("y - Zoë Müller.ipynb", "zoe")),
        ("ada", "ben", "zoe"),
    ),
    Member(
        81,
        "the same, and nothing says on which side the form writes",
        (("Ben Bo - descent - Zed Zed.ipynb", "zed"),),
        (),
        "nobody",
    ),
    Member(
        81,
        "a form's files of two whose names are each other's turned round, both in Blackboard's pattern",
        ((f"x_ada_attempt_{STAMP}_d - Ada Bo.ipynb", "ada"), (f"x_ada_attempt_{STAMP}_d - Bo Ada.ipynb", "bo")),
        (),
        "more than one way",
        "id,first name,last name\nada,Ada,Bo\nbo,Bo,Ada\n",
    ),
    Member(
        81,
        "a file on a drive that takes a platform's form for another",
        ((f"x_ben_attempt_{STAMP}_d.ipynb", "eve"), ("ada.ipynb", "ada"), ("zoe.ipynb", "zoe")),
        ("ada", "zoe"),
        "most names here do not",
    ),
    Member(
        81,
        "Gradescope's table, made by a learner",
        (
            ("submission_metadata.yml", b"ben.ipynb:\n  :submitters:\n  - :name: Ada Lovelace\n    :sid: ada\n"),
            ("ben.ipynb", "ben"),
            ("zoe.ipynb", "zoe"),
        ),
        ("ben", "zoe"),
    ),
    Member(
        81,
        "a learner's own archive with a folder named for another",
        (("ada/work.zip", "ada:ben/descent.ipynb"), ("ben/descent.ipynb", "ben")),
        ("ada", "ben"),
    ),
    Member(
        82,
        "ada and ada1, and a copy",
        (("ada (1).ipynb", "ada"), ("ada1.ipynb", "ada1")),
        ("ada", "ada1"),
        listed=ids("ada", "ada1"),
    ),
    Member(
        82,
        "a blank before the digit",
        (("ada 1.ipynb", "ada1"), ("ada.ipynb", "ada")),
        ("ada",),
        "nobody",
        ids("ada", "ada1"),
    ),
    Member(
        82,
        "ada_l and l on Blackboard",
        ((f"Homework_ada_l_attempt_{STAMP}_d.ipynb", "ada_l"), (f"Homework_l_attempt_{STAMP}_d.ipynb", "l")),
        ("ada_l", "l"),
        listed=ids("ada_l", "l", "ada"),
    ),
    Member(
        82,
        "ada_l alone, who may be l",
        ((f"Homework_ada_l_attempt_{STAMP}_d.ipynb", "ada_l"),),
        (),
        "ada_l and l",
        ids("ada_l", "l", "ada"),
    ),
    Member(
        82,
        "ada and mary-ada in a git classroom",
        (("hw-mary-ada/d.ipynb", "mary-ada"), ("hw-ada/d.ipynb", "ada")),
        ("mary-ada", "ada"),
        listed=ids("mary-ada", "ada"),
    ),
    Member(
        82,
        "mary-ada alone, who may be ada",
        (("hw-mary-ada/d.ipynb", "mary-ada"),),
        (),
        "ada and mary-ada",
        ids("mary-ada", "ada"),
    ),
    Member(
        82,
        "j.smith beside jsmith, and an id that is another's mail name",
        (("j.smith.ipynb", "j.smith"), ("jsmith.ipynb", "jsmith"), ("smith.ipynb", "smith")),
        ("j.smith", "jsmith", "smith"),
        listed="id,email\nj.smith,smith@example.org\njsmith,j.smith@example.org\nsmith,x@example.org\n",
    ),
    Member(
        82,
        "j_smith, who is neither",
        (("j_smith.ipynb", "?"), ("jsmith.ipynb", "jsmith")),
        ("jsmith",),
        "nobody",
        ids("j.smith", "jsmith"),
    ),
    Member(82, "ids in other letters' case", (("ADA.ipynb", "?"),), (), "Ada and ada", ids("Ada", "ada")),
    Member(
        82,
        "a number that is another's id",
        (("11.ipynb", "11"), ("ada.ipynb", "ada")),
        ("11", "ada"),
        listed="id,number\n11,99\nada,11\n",
    ),
    Member(
        82, "a leading nought", (("007.ipynb", "007"), ("7.ipynb", "7")), ("007", "7"), listed=ids("7", "007", "70")
    ),
    Member(
        82,
        "the lesson's own name as an id",
        (("descent/ada.ipynb", "descent"), ("ada/descent.ipynb", "ada")),
        ("descent", "ada"),
        listed=ids("descent", "ada"),
    ),
    Member(
        89,
        "AppleDouble beside the notebook",
        (("ada/._descent.ipynb", APPLE_DOUBLE), ("ada/descent.ipynb", "ada")),
        ("ada",),
    ),
    Member(
        89,
        "AppleDouble in the place of the notebook",
        (("ada/._descent.ipynb", APPLE_DOUBLE), ("ben/descent.ipynb", "ben")),
        ("ben",),
        "ada: no notebook",
    ),
    Member(89, "AppleDouble of a flat file", (("._ada.ipynb", APPLE_DOUBLE), ("ada.ipynb", "ada")), ("ada",)),
    Member(
        89,
        "AppleDouble under a name that is none of a system's",
        (("ada/_descent.ipynb", APPLE_DOUBLE), ("ada/mine.ipynb", "ada")),
        ("ada",),
    ),
    Member(
        89,
        "a folder of the system around a copy of everything",
        (("all/ada.ipynb", "ada"), ("all/ben.ipynb", "ben"), ("__MACOSX/all/._ada.ipynb", APPLE_DOUBLE)),
        ("ada", "ben"),
    ),
    Member(
        89,
        "desktop.ini beside the only student's folder",
        (
            ("all/ada/descent.ipynb", "ada"),
            ("desktop.ini", b"[.ShellClassInfo]"),
            ("all/Thumbs.db", b"x"),
            ("all/ada/desktop.ini", b"x"),
        ),
        ("ada",),
    ),
    Member(
        89,
        "a checkpoint with older text",
        (("ada/.ipynb_checkpoints/descent-checkpoint.ipynb", "old"), ("ada/descent.ipynb", "ada")),
        ("ada",),
    ),
    Member(
        89,
        "a checkpoint that was dragged out of its folder",
        (("ada/descent-checkpoint.ipynb", "old"), ("ada/descent.ipynb", "ada")),
        ("ada",),
    ),
    Member(
        89,
        "a place holder of a cloud drive",
        (("ada/.descent.ipynb.icloud", b"bplist00"), ("ben/descent.ipynb", "ben")),
        ("ben",),
        "ada: no notebook",
    ),
    Member(
        89,
        "a spreadsheet's lock and an editor's backup",
        (("ada/~$descent.ipynb", b"x"), ("ada/descent.ipynb~", b"x"), ("ada/descent.ipynb", "ada")),
        ("ada",),
    ),
    Member(
        89,
        "a repository's own folder",
        (
            ("hw-ada/.git/HEAD", b"x"),
            ("hw-ada/.git/descent.ipynb", "old"),
            ("hw-ada/descent.ipynb", "ada"),
            ("hw-ben/descent.ipynb", "ben"),
        ),
        ("ada", "ben"),
    ),
    Member(
        89,
        "a NAS's folder of thumbnails",
        (("@eaDir/ada.ipynb/x.ipynb", "old"), ("ada.ipynb", "ada"), ("ben.ipynb", "ben")),
        ("ada", "ben"),
    ),
)

# kind 92: what came; then the ids and last names that are read, or the words of the refusal
LISTS: tuple[tuple[str, bytes, str], ...] = (
    (
        "Canvas, SIS column empty",
        b'Student,ID,SIS User ID,SIS Login ID,Section,HW (1)\n    Points Possible,,,,,10\n"Lovelace, '
        b'Ada",11,,ada,S,\n"M\xc3\xbcller, Zo\xc3\xab",12,,zoe,S,\n',
        "ada Lovelace, zoe Müller",
    ),
    (
        "Canvas, a login missing",
        b'Student,ID,SIS Login ID,Section\n"Lovelace, Ada",11,,S\n"Bo, Ben",12,ben,S\n',
        "11 Lovelace, ben Bo",
    ),
    (
        "Moodle, username and id number",
        b"First name,Last name,Username,ID number\nAda,Lovelace,ada,1001\n",
        "ada Lovelace",
    ),
    (
        "Moodle's worksheet",
        b"\xef\xbb\xbfIdentifier,Full name,Email address,Grade\nParticipant 11,Ada Lovelace,ada@example.org,\n",
        "ada Lovelace",
    ),
    (
        "Moodle's worksheet under blind marking",
        b"Identifier,Status,Grade\nParticipant 11,Submitted,\n",
        "participant-11",
    ),
    (
        "Moodle's worksheet in German",
        "ID,Vollständiger Name,E-Mail-Adresse,Bewertung\nTeilnehmer/in11,Zoë Müller,zoe@example.org,\n".encode(),
        "zoe Müller",
    ),
    (
        "Moodle's worksheet in German, under blind marking",
        b"ID,Status,Bewertung\nTeilnehmer/in11,Zur Bewertung abgegeben,\n",
        "participant-11",
    ),
    (
        "Moodle in German",
        "Vorname,Nachname,Anmeldename,E-Mail-Adresse\nZoë,Müller,zoe,z@example.org\n".encode(),
        "zoe Müller",
    ),
    (
        "Blackboard, UTF-16 and tabs",
        b"\xff\xfe" + '"Last Name"\t"First Name"\t"Username"\n"Müller"\t"Zoë"\t"zoe"\n'.encode("utf-16-le"),
        "zoe Müller",
    ),
    ("UTF-16 without its mark", "id,last name\nzoe,Müller\n".encode("utf-16-be"), "zoe Müller"),
    (
        "Brightspace's #",
        b"OrgDefinedId,Username,Last Name,End-of-Line Indicator\n#77,#ada,Lovelace,#\n",
        "ada Lovelace",
    ),
    ("Excel, cp1252 and semicolons", "id;last name\nzoe;Müller\n".encode("cp1252"), "zoe Müller"),
    ("Excel, sep=; and Windows' line ends", b"sep=;\r\nid;last name\r\nada;Lovelace\r\n", "ada Lovelace"),
    (
        "the id column is empty, the mail is not",
        b"username,last name,email\n,Lovelace,ada@example.org\n,Bo,ben@example.org\n",
        "ada Lovelace, ben Bo",
    ),
    (
        "one id is missing",
        b"username,last name\nada,Lovelace\n,Bo\n",
        "line 3: Bo has nothing in the column 'username'",
    ),
    (
        "Moodle's gradebook, in which some have an id number and all an address",
        b"First name,Last name,ID number,Email address\nAda,Lovelace,4711,ada@example.org\nBen,Bo,,ben@example.org\n",
        "ada Lovelace, ben Bo",
    ),
    (
        "an id is missing and an address too",
        b"username,last name,email\nada,Lovelace,\n,Bo,ben@example.org\n",
        "line 3: Bo has nothing in the column 'username'",
    ),
    ("nothing but a header", b"username,last name\n", "no students"),
    ("nothing at all", b"", "is empty"),
    ("the one column that says who is empty", b"username,last name\n,Lovelace\n,Bo\n", "says of nobody who they are"),
    ("only names", b"first name,last name\nAda,Lovelace\n", "needs a column 'id'"),
    ("a comma without quotes", b"id,name\nada,Lovelace, Ada\n", "line 2 of"),
    ("written as UTF-8, read as cp1252, saved again", "id,last name\nzoe,MÃ¼ller\n".encode(), "line 2 of"),
    ("letters that were lost", "id,last name\nzoe,M\ufffdller\n".encode(), "line 2 of"),
    ("another code page", "id,last name\npawel,Wałęsa\n".encode("cp1250"), "line 2 of"),
    ("an old Mac's letters", "id,last name\nzoe,Müller\n".encode("mac_roman"), "line 2 of"),
    ("a workbook under a name of CSV", b"PK\x03\x04" + bytes(50), "not CSV"),
    ("an id with a blank", b"id,last name\nada l,Lovelace\nben,Bo\n", "line 2: 'ada l' cannot be"),
    ("two of one id", b"id,last name\nada,Lovelace\nada,Bo\n", "line 3: ada is in the class list twice"),
    ("a quote that is never closed", b'id,last name\nada,"Lovelace\nben,Bo\n', "cannot be read as CSV"),
    ("NUL bytes", b"id,last name\nada,Love\x00lace\n", "no text"),
)
