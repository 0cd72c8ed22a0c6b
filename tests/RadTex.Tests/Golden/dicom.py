"""Small synthetic DICOM files in the syntaxes that need another program to write them (dcmtk), the seeds of the fuzz tests.

    /usr/bin/python3 tests/RadTex.Tests/Golden/dicom.py      (needs pydicom, numpy and dcmtk)
"""
import os, subprocess, tempfile
import numpy
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dicom")


def plain(path, bits):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1"
    meta.MediaStorageSOPInstanceUID = "1.2.826.0.1.3680043.2.1125.1"
    meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    data = FileDataset(path, {}, file_meta=meta, preamble=bytes(128))
    data.is_little_endian, data.is_implicit_VR = True, False
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    data.StudyInstanceUID, data.SeriesInstanceUID = "1.2.826.0.1.3680043.2.1125.2", "1.2.826.0.1.3680043.2.1125.3"
    data.Modality, data.ViewPosition = "CR", "PA"
    data.Rows, data.Columns, data.SamplesPerPixel, data.PhotometricInterpretation = 28, 25, 1, "MONOCHROME1"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = (16 if bits > 8 else 8), bits, bits - 1, 0
    data.RescaleSlope, data.RescaleIntercept = "1", "0"
    code = Dataset()
    code.CodeMeaning = "postero-anterior"
    data.ViewCodeSequence = [code]
    y, x = numpy.mgrid[0:28, 0:25]
    values = ((x * 3 + y * 5 + (x * y) % 7) << max(0, bits - 8)) % (1 << bits)
    data.PixelData = values.astype("<u2" if bits > 8 else "u1").tobytes()
    data.save_as(path, write_like_original=False)


with tempfile.TemporaryDirectory() as work:
    for bits in (8, 12):
        plain(f"{work}/{bits}.dcm", bits)
    os.makedirs(HERE, exist_ok=True)
    for name, bits, command in [
        ("big-endian", 12, ["dcmconv", "+tb"]), ("deflated", 12, ["dcmconv", "+td"]), ("run-length-8", 8, ["dcmcrle"]), ("run-length-12", 12, ["dcmcrle"]),
        ("baseline", 8, ["dcmcjpeg", "+eb"]), ("extended-8", 8, ["dcmcjpeg", "+ee"]), ("extended-12", 12, ["dcmcjpeg", "+ee"]),
        ("lossless-8", 8, ["dcmcjpeg", "+e1"]), ("lossless-12", 12, ["dcmcjpeg", "+e1"]), ("lossless-predictor-4", 12, ["dcmcjpeg", "+el", "+sv", "4"]),
    ]:
        subprocess.run([*command, f"{work}/{bits}.dcm", f"{HERE}/{name}.dcm"], check=True)
