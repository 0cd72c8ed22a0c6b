#!/usr/bin/env python3
"""A sheet of phantoms that went through DICOM: written in several syntaxes and polarities, prepared by `radtex prepare folder`, drawn as prepared.
Every picture must be upright with bright bone.

    bench/dicom-sheet.py RADTEX docs/results/dicom-sheet.png      (python3-pydicom, python3-numpy, python3-pil, dcmtk)
"""
import atexit, glob, os, shutil, subprocess, sys, tempfile
import numpy as np
import pydicom
from PIL import Image, ImageDraw
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid

radtex, output = sys.argv[1:]
work = tempfile.mkdtemp(prefix="dicom-sheet-")
atexit.register(shutil.rmtree, work)
subprocess.run([radtex, "phantoms", "--count", "8", "--size", "320", "--seed", "9", "--out", f"{work}/phantoms"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
pictures = [np.asarray(Image.open(path).convert("L")) for path in sorted(glob.glob(f"{work}/phantoms/files/**/*.jpg", recursive=True))]
os.mkdir(f"{work}/dicom")


def write(name, grey, syntax=ExplicitVRLittleEndian, bits=12, inverted=False, slope=1, signed=False):
    """Grey levels 0 to 255 as stored values of so many bits; MONOCHROME1 where inverted, with the window that shows them as they were."""
    top = 2**bits - 1
    stored = np.round(grey.astype(float) / 255 * top)
    if inverted:
        stored = top - stored
    offset = 2 ** (bits - 1) if signed else 0
    file = Dataset()
    file.file_meta = FileMetaDataset()
    file.file_meta.TransferSyntaxUID = syntax
    file.file_meta.MediaStorageSOPClassUID = file.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    file.file_meta.MediaStorageSOPInstanceUID = file.SOPInstanceUID = generate_uid()
    file.StudyInstanceUID, file.SeriesInstanceUID = generate_uid(), generate_uid()
    file.Modality, file.ViewPosition, file.PatientID, file.PatientName = "DX", "PA", name, "synthetic"
    file.StudyDate = file.StudyTime = file.AccessionNumber = file.StudyID = file.PatientBirthDate = file.PatientSex = ""
    file.Rows, file.Columns = grey.shape
    file.SamplesPerPixel, file.PhotometricInterpretation = 1, "MONOCHROME1" if inverted else "MONOCHROME2"
    file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = 16, bits, bits - 1, int(signed)
    file.RescaleSlope, file.RescaleIntercept = str(slope), str(offset * slope)
    file.WindowCenter, file.WindowWidth = str((top + 1) / 2 * slope), str((top + 1) * slope)
    big = syntax == ExplicitVRBigEndian
    file.PixelData = (stored - offset).astype((">" if big else "<") + ("i2" if signed else "u2")).tobytes()
    file["PixelData"].VR = "OW"
    file.is_little_endian, file.is_implicit_VR = not big, syntax == ImplicitVRLittleEndian
    pydicom.dcmwrite(f"{work}/dicom/{name}.dcm", file, write_like_original=False)


def convert(name, *command):
    path = f"{work}/dicom/{name}.dcm"
    subprocess.run([*command, path, path + ".new"], check=True)
    os.replace(path + ".new", path)


write("explicit, MONOCHROME2", pictures[0])
write("implicit, MONOCHROME1", pictures[1], ImplicitVRLittleEndian, inverted=True)
write("big endian, 14 bits signed", pictures[2], ExplicitVRBigEndian, bits=14, signed=True)
write("deflated", pictures[3])
convert("deflated", "dcmconv", "+td")
write("RLE", pictures[4])
convert("RLE", "dcmcrle")
write("JPEG lossless, MONOCHROME1", pictures[5], inverted=True)
convert("JPEG lossless, MONOCHROME1", "dcmcjpeg", "+e1")
write("JPEG 12 bits (extended)", pictures[6])
convert("JPEG 12 bits (extended)", "dcmcjpeg", "+ee")
write("rescale slope 0.5, MONOCHROME1", pictures[7], inverted=True, slope=0.5)
subprocess.run([radtex, "prepare", "folder", f"{work}/dicom", "--short-side", "192", "--out", f"{work}/set"], check=True, stdout=sys.stderr, stderr=subprocess.DEVNULL)
subprocess.run([radtex, "inspect", f"{work}/set", "--out", f"{work}/inspection"], check=True, stdout=sys.stderr, stderr=subprocess.DEVNULL)

# As prepared: rows of the manifest's table lie in the order of the file names; sides follow from the drawn ones.
flat, at = np.load(f"{work}/set/pixels.npy"), 0
side, columns = 192, 4
sheet = Image.new("L", (columns * (side + 8) + 8, 2 * (side + 30) + 8), 255)
pen = ImageDraw.Draw(sheet)
names = sorted(os.path.splitext(name)[0] for name in os.listdir(f"{work}/dicom"))
by_name = {"explicit, MONOCHROME2": 0, "implicit, MONOCHROME1": 1, "big endian, 14 bits signed": 2, "deflated": 3, "RLE": 4,
           "JPEG lossless, MONOCHROME1": 5, "JPEG 12 bits (extended)": 6, "rescale slope 0.5, MONOCHROME1": 7}
faults = 0
for i, name in enumerate(names):
    rows, wide = pictures[by_name[name]].shape
    short = min(rows, wide)
    height, width = round(rows * side / short), round(wide * side / short)
    grey = flat[at:at + height * width].reshape(height, width)
    at += height * width
    drawn = np.asarray(Image.fromarray(pictures[by_name[name]]).resize((width, height), Image.BICUBIC)).astype(float)
    likeness = np.corrcoef(drawn.ravel(), grey.astype(float).ravel())[0, 1]
    print(f"{name}: correlation with the drawn picture {likeness:.4f}", file=sys.stderr)
    faults += likeness < 0.99
    x, y = 8 + i % columns * (side + 8), 8 + i // columns * (side + 30)
    sheet.paste(Image.fromarray(grey).crop((0, 0, side, side)), (x, y))
    pen.text((x, y + side + 4), name, fill=0)
assert at == flat.size, (at, flat.size)
sheet.save(output)
sys.exit(1 if faults else 0)
