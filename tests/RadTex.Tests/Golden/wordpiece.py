"""Writes wordpiece.json: what BERT's published rules make of a few sentences of ours.

Run once, with SciBERT's vocabulary: python3 wordpiece.py vocab.txt > wordpiece.json
It is written from the rules (google-research/bert, tokenization.py), apart from the C# code, on Python's own Unicode tables.
"""
import json
import sys
import unicodedata

SENTENCES = [
    "The lungs are clear.", "No pneumothorax or atelectasis.", "PNEUMOTHORAX, Atelectasis; cardiomegaly!",
    "Comparison is made to ___ and __.", "a_b", "Small (< 1 cm) nodule; T+A ~3 mm = stable^|`$5>", "don't T12-L1 s/p CABG x2 1.5-cm",
    "lungs\nare\r\nclear\tnow\u00a0here\u2003and\u2028there\u2029too", "x\u0000y\ufffdz\u0007w\u200bv\u00adu\u0085t\u000bs\ufeffr",
    "na\u00efve Caf\u00e9 \u00c5ngstr\u00f6m \u212b \u212a \u01d5 \u1e69 e\u0301\u0323", "\u4e2d\u56fd\u65e5\u672cabc\u3400\u4dbf\u9fff\ufa11\U00020000x",
    "\u3053\u3093\u306b\u3061\u306f \ud55c\uad6d\uc5b4 \uac00", "\u0130stanbul \u1e9e \u01c5 \u2160\u2167 \u24b6 \u00df", "[CLS] [UNK] [SEP] [MASK] [PAD]",
    "a" * 100 + " " + "a" * 101 + " " + "\U0001d49c" * 60, "\u201cquoted\u201d \u2013 dash \u2014 bullet \u2022 \u00b7 \u00bf \u00a7 \u2116 \u2460 \u20ac \u00b0 \u00b1",
    "\u037e \u2000\u2001 \u0903 \u0915\u093e", "", "   ", "#hash ##ash @at", "1,234.5%", "XXXX is XXXX-year-old", "\U0001f600 smile", "qzxjkwv \u16a0\u16a1",
    "\ud835 lone".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
]


def is_punctuation(c):
    o = ord(c)
    return 33 <= o <= 47 or 58 <= o <= 64 or 91 <= o <= 96 or 123 <= o <= 126 or unicodedata.category(c).startswith("P")


def is_ideograph(o):
    return any(a <= o <= b for a, b in [
        (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF),
        (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)])


def words(text):
    clean = ""
    for c in text:
        if c in "\t\n\r" or unicodedata.category(c) == "Zs":
            clean += " "
        elif ord(c) in (0, 0xFFFD) or unicodedata.category(c) in ("Cc", "Cf"):
            continue
        else:
            clean += " " + c + " " if is_ideograph(ord(c)) else c
    result = []
    for token in clean.split():
        token = "".join(c for c in unicodedata.normalize("NFD", token.lower()) if unicodedata.category(c) != "Mn")
        spaced = "".join(" " + c + " " if is_punctuation(c) else c for c in token)
        result += spaced.split()
    return result


def pieces(word, vocabulary, longest=100):
    if len(word) > longest:
        return ["[UNK]"]
    result, start = [], 0
    while start < len(word):
        end = len(word)
        while end > start:
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                break
            end -= 1
        if end == start:
            return ["[UNK]"]
        result.append(piece)
        start = end
    return result


def main():
    with open(sys.argv[1], encoding="utf-8", newline="\n") as f:
        vocabulary = {line.rstrip("\n"): i for i, line in enumerate(f)}
    cases = [{"text": s, "words": words(s), "ids": [vocabulary[p] for w in words(s) for p in pieces(w, vocabulary)]} for s in SENTENCES]
    json.dump({"vocabulary": "scibert_scivocab_uncased", "cases": cases}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
