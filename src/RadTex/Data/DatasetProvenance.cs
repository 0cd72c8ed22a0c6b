using RadTex.Imaging;

namespace RadTex.Data;

/// <summary>What a manifest says besides what is counted from the rows.</summary>
internal sealed record DatasetProvenance(
    bool Synthetic, string Inputs, SourceRecord Source, int ShortSide, int Upscaled, TextCounts Text,
    ImageIntensity Intensity = ImageIntensity.Display);
