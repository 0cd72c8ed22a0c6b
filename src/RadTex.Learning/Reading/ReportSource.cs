namespace RadTex.Learning.Reading;

/// <summary>Where the reports of an evaluation come from: the model, or one of the baselines it must beat.</summary>
/// <param name="Name">Such as "generated".</param>
/// <param name="Texts">A report for each radiograph.</param>
public sealed record ReportSource(string Name, IReadOnlyList<string> Texts)
{
    /// <summary>The model's own reports.</summary>
    public const string Generated = "generated";

    /// <summary>The training split's most frequent report without a finding, for every radiograph.</summary>
    public const string Constant = "constant normal report";

    /// <summary>The report of the training radiograph whose pooled features have the largest cosine.</summary>
    public const string Nearest = "nearest neighbour";

    /// <summary>The model's reports, each given to another patient's radiograph.</summary>
    public const string Shuffled = "shuffled images";
}
