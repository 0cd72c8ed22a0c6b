namespace RadTex.Learning.Reading;

/// <summary>Where the reports of an evaluation come from: the model, or one of the baselines it must beat.</summary>
/// <param name="Name">Such as "generated".</param>
/// <param name="Texts">A report for each radiograph.</param>
public sealed record ReportSource(string Name, IReadOnlyList<string> Texts)
{
    public const string Generated = "generated", Constant = "constant normal report", Nearest = "nearest neighbour", Shuffled = "shuffled images";
}
