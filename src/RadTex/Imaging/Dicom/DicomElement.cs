namespace RadTex.Imaging.Dicom;

/// <summary>Where an element's value lies.</summary>
/// <param name="Representation">Its value representation as two letters, the first in the upper byte; 0 where the file names none.</param>
/// <param name="Offset">Of the value.</param>
/// <param name="Length">Bytes of the value; <see cref="Undefined"/> for one that ends at a delimiter.</param>
internal readonly record struct DicomElement(ushort Representation, int Offset, int Length)
{
    internal const int Undefined = -1;
}
