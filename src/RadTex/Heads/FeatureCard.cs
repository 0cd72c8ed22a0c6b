using System.Security.Cryptography;
using System.Text;
using RadTex.Data;

namespace RadTex.Heads;

/// <summary>What features were made of and how: <c>features.json</c>. Two equal cards describe equal features (on one machine).</summary>
/// <param name="Encoder">The encoder's name.</param>
/// <param name="EncoderSha256">Of its weights.</param>
/// <param name="ImageSize">Side of its input in pixels.</param>
/// <param name="Channels">Of its input.</param>
/// <param name="Scaling">Of the intensities.</param>
/// <param name="Compute">The type of its convolutions.</param>
/// <param name="BatchSize">Radiographs a forward pass; rounding depends on it.</param>
/// <param name="Width">F.</param>
/// <param name="Dataset">The dataset's folder.</param>
/// <param name="DatasetHash">The dataset's hash; empty for a plain folder of pictures.</param>
/// <param name="ImageIdsSha256">Of the image ids in their order.</param>
/// <param name="Count">n.</param>
/// <param name="View">"centre", or which augmented view.</param>
/// <param name="SyntheticEncoder">Whether the encoder learnt from synthetic radiographs.</param>
/// <param name="SyntheticDataset">Whether the radiographs are synthetic.</param>
/// <param name="Preparation">How the picture files became bytes; null in cards of earlier versions.</param>
public sealed record FeatureCard(
    string Encoder, string EncoderSha256, int ImageSize, int Channels, string Scaling, string Compute, int BatchSize, int Width,
    string Dataset, string DatasetHash, string ImageIdsSha256, int Count, string View, bool SyntheticEncoder, bool SyntheticDataset,
    PicturePreparation? Preparation = null)
{
    internal static string HashOf(IEnumerable<string> imageIds)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var id in imageIds) hash.AppendData(Encoding.UTF8.GetBytes(id + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What differs from another card, in words; null where nothing does. Names and places may differ, contents may not.</summary>
    internal string? DifferenceFrom(FeatureCard other)
    {
        if (DatasetHash != other.DatasetHash || ImageIdsSha256 != other.ImageIdsSha256)
            return $"radiographs of {other.Dataset} (dataset hash {Short(other.DatasetHash)}, {other.Count:N0} radiographs), not "
                + $"those of {Dataset} (dataset hash {Short(DatasetHash)}, {Count:N0} radiographs)";
        if (EncoderSha256 != other.EncoderSha256)
            return $"the encoder {other.Encoder} with weights {Short(other.EncoderSha256)}, not {Encoder} with weights {Short(EncoderSha256)}";
        if (Preparation is not null && other.Preparation is not null && Preparation != other.Preparation)
            return $"pictures read with {other.Preparation}, not with {Preparation}";
        var (a, b) = (this with { Encoder = "", Dataset = "", Preparation = null }, other with { Encoder = "", Dataset = "", Preparation = null });
        return a == b ? null
            : $"{other.View} views of {other.ImageSize} px, {other.Channels} channels, scaling {other.Scaling}, "
            + $"{other.Compute}, batches of {other.BatchSize}; not {View}, {ImageSize} px, {Channels}, {Scaling}, {Compute}, " + $"{BatchSize}";
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
