using System.Text.Json.Serialization;

namespace RadTex.Learning.Pretraining;

/// <summary>How pairs are told from other pairings.</summary>
[JsonConverter(typeof(JsonEnumText<ContrastiveForm>))]
public enum ContrastiveForm
{
    /// <summary>Among all of the batch (ConVIRT).</summary>
    Softmax,

    /// <summary>Each pairing for itself, temperature and bias learned (SigLIP).</summary>
    Sigmoid,
}
