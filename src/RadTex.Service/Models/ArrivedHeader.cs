namespace RadTex.Service.Models;

/// <summary>What a rule looks at; empty where nothing is known.</summary>
/// <param name="CalledAe">The application entity title it was sent to.</param>
/// <param name="View">Such as PA.</param>
/// <param name="Modality">Such as DX.</param>
/// <param name="Station">Station name.</param>
internal sealed record ArrivedHeader(string CalledAe = "", string View = "", string Modality = "", string Station = "");
