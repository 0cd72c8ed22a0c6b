using System.Text.Json.Serialization;

namespace RadTex.Learning.Training;

/// <summary>An optimiser. Its text in configurations is "sgd" or "adamw".</summary>
[JsonConverter(typeof(JsonEnumText<OptimizerKind>))]
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum (<see cref="Training.Sgd"/>), the paper's.</summary>
    Sgd,

    /// <summary><see cref="Training.AdamW"/>.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,
}
