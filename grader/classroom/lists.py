"""Tables as platforms and spreadsheets write them: CSV in whichever encoding and with whichever separator, read, and
written back as it came. No lesson teaches it; class lists (grader/classroom/roster.py) and grades
(grader/classroom/export.py) pass through it.
Nothing needs to be read first."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

LARGEST_LIST = 64 * 2**20
DELIMITERS = (",", ";", "\t", "|")
UTF_8 = "save it as CSV in UTF-8 and give it again"
# What cp1252 makes of other encodings in the middle of a word: 'MŸller' was written on an old Mac, 'Pawe³' in Eastern
# Europe.
GARBLED = re.compile(
    r"(?<=[^\W\d_])[\u0080-\u00a7\u00a9-\u00ab\u00ac-\u00b3\u00b5\u00b6\u00b8-\u00bf\u00d7\u00f7†‡ˆ‰‹›•™˜€ƒ„…]|(?<=[^\W\d_])[ŸŠŽŒ](?=[a-z])"
)


@dataclass(frozen=True)
class Table:
    """A header and rows, each with its line in the file; and how the file was written, so that it can be written so
    again.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    encoding: str = "utf-8"
    delimiter: str = ","
    named_delimiter: bool = False  # a first line 'sep=;', which Excel reads
    quoted: bool = False  # every cell in quotes
    line_end: str = "\n"

    def as_bytes(self) -> bytes:
        text = io.StringIO()
        if self.named_delimiter:
            text.write(f"sep={self.delimiter}{self.line_end}")
        writer = csv.writer(
            text,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL,
            lineterminator=self.line_end,
        )
        writer.writerow(self.header)
        writer.writerows(cells for _, cells in self.rows)
        mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(self.encoding, b"")
        return mark + text.getvalue().encode(self.encoding)


def plain_header(name: str) -> str:
    """A column's name as it is looked up: small letters, single blanks."""
    return " ".join(unicodedata.normalize("NFC", name).lower().split())


def read_table(file: Path) -> Table:
    """The table in a file. Raises ValueError, with the line, for what cannot be read as one without losing or garbling
    something.
    """
    with open(file, "rb") as opened:
        data = opened.read(LARGEST_LIST + 1)
    if len(data) > LARGEST_LIST:
        raise ValueError(f"{file.name} has more than {LARGEST_LIST // 2**20} MiB, more than any class list")
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise ValueError(f"{file.name} is a spreadsheet's own file and not CSV: {UTF_8}")
    text, encoding = _decoded(data, file.name)
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r'\s*"?sep=(.)"?\s*', first)
    body = rest if named else text
    delimiter = named[1] if named else _delimiter(body)
    rows = _rows(body, delimiter, 2 if named else 1, file.name)
    if not rows:
        raise ValueError(
            f"{file.name} is empty; a first line with the names of columns is wanted, 'id' say, and a line for each "
            "student"
        )
    (_, header), *rest_of_rows = rows
    while (
        len(header) > 1
        and not header[-1].strip()
        and not any(cell.strip() for _, cells in rest_of_rows for cell in cells[len(header) - 1 :])
    ):
        header = header[:-1]
    fitted = []
    for line, cells in rest_of_rows:
        if any(cell.strip() for cell in cells[len(header) :]):
            raise ValueError(
                f"line {line} of {file.name} has {len(cells)} cells and the header {len(header)}: a {delimiter!r} "
                "within a cell wants quotes around the cell"
            )
        fitted.append((line, (cells + [""] * len(header))[: len(header)]))
    _refuse_garbled(fitted, encoding, file.name)
    sample = body[:20_000]
    return Table(
        header,
        fitted,
        encoding,
        delimiter,
        bool(named),
        sample.lstrip().startswith('"')
        and f'"{delimiter}"' in sample
        and not re.search(rf'(?:^|{re.escape(delimiter)})[^"\r\n]', sample),
        "\r\n" if "\r\n" in text else "\n",
    )


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    if data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16-le" if data[:1] == b"\xff" else "utf-16-be"]
        data = data[2:]
    elif data[:2000].count(0) > len(data[:2000]) // 4:
        encodings = ["utf-16-le" if data[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            continue
        if "\0" in text:
            raise ValueError(
                f"line {text[: text.index(chr(0))].count(chr(10)) + 1} of {name} holds bytes that are no text: {UTF_8}"
            )
        return text, encoding
    raise ValueError(f"line {line} of {name} holds letters in an encoding that cannot be told: {UTF_8}")


def _delimiter(text: str) -> str:
    """The one that makes most columns of the first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        return max(DELIMITERS, key=lambda delimiter: len(next(csv.reader([first], delimiter=delimiter), [])))
    except csv.Error:
        return ","  # who reads the rows meets it again, and tells it with its line


def _rows(text: str, delimiter: str, first_line: int, name: str) -> list[tuple[int, list[str]]]:
    """The lines that are not empty, each with the number of the line where it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, line = [], first_line
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, cells))
            line = reader.line_num + first_line
    except csv.Error as error:
        raise ValueError(f"line {line} of {name} cannot be read as CSV ({error})") from None
    return rows


def _refuse_garbled(rows: list[tuple[int, list[str]]], encoding: str, name: str) -> None:
    """Raise ValueError for the first cell whose letters were lost, or read wrongly, before it came here."""
    for line, cells in rows:
        for cell in cells:
            if cell.isascii():
                continue
            if "\ufffd" in cell or _twice_encoded(cell) or (encoding == "cp1252" and GARBLED.search(cell)):
                raise ValueError(
                    f"line {line} of {name}: {cell[:60]!r} has letters that were garbled when it was saved: {UTF_8}"
                )


def _twice_encoded(cell: str) -> bool:
    """Whether a text was written as UTF-8 and read as something else on its way: 'MÃ¼ller'."""
    for encoding in ("cp1252", "latin-1"):
        try:
            if cell.encode(encoding).decode("utf-8") != cell:
                return True
        except UnicodeError:
            continue
    return False
