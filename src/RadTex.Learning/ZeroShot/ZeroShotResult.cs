namespace RadTex.Learning.ZeroShot;

/// <summary>What a model told without labels; <see cref="ZeroShotEvaluation.Results"/> in the folder.</summary>
/// <param name="Synthetic">Whether model or dataset is synthetic.</param>
/// <param name="Model">The model's folder, and its weights' SHA-256.</param>
/// <param name="Method">How texts were weighed.</param>
/// <param name="Radiographs">How many figures were measured on, and how many have scores.</param>
/// <param name="Prompts">What was asked.</param>
/// <param name="Findings">A row a finding.</param>
/// <param name="Retrieval">Of a contrastive model; empty of others.</param>
internal sealed record ZeroShotResult(
    bool Synthetic, (string Folder, string Sha256) Model, string Method, (int Measured, int Scored) Radiographs,
    IReadOnlyList<FindingPrompts> Prompts, IReadOnlyList<FindingAuc> Findings, IReadOnlyList<Retrieval> Retrieval)
{
    /// <summary>What a reader must know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
