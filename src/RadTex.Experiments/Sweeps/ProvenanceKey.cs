using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RadTex.Heads;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary>SHA-256 over all that a result depends on: its folder's name, and what tells its row of a table from another.</summary>
internal static class ProvenanceKey
{
    /// <summary>A hash of everything given, as JSON.</summary>
    internal static string Of(params object?[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(parts))));

    /// <summary>What features depend on: not on where their dataset and encoder lie.</summary>
    internal static FeatureCard WithoutNames(FeatureCard card) => card with { Dataset = "", Encoder = "" };

    /// <summary>What a journal depends on: not on where datasets and encoders lie.</summary>
    internal static TransferIdentity WithoutNames(TransferIdentity identity) =>
        identity with { Train = WithoutNames(identity.Train), Test = WithoutNames(identity.Test) };
}
