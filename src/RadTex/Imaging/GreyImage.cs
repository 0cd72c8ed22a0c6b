namespace RadTex.Imaging;

/// <summary>
/// A grey picture: <paramref name="Height"/> x <paramref name="Width"/> bytes, row by row from the top left, 0 black (air) to 255 white.
/// </summary>
/// <param name="Pixels">Height x width bytes.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Upscaled">Whether the original was smaller.</param>
/// <param name="View">The projection where the file itself states one, as DICOM does, else empty.</param>
/// <param name="SourceHeight">Rows of the picture in the file, upright.</param>
/// <param name="SourceWidth">Columns of the picture in the file, upright.</param>
/// <param name="BodyPart">The body part where the file itself states one, as DICOM does, else empty.</param>
/// <param name="Modality">The modality where the file itself states one, as DICOM does, else empty.</param>
public sealed record GreyImage(
    byte[] Pixels, int Height, int Width, bool Upscaled, string View = "", int SourceHeight = 0, int SourceWidth = 0, string BodyPart = "",
    string Modality = "");
